import { useQuery } from '@tanstack/react-query';
import type { Post } from '../../../shared/post.ts';
import type { Calls } from '../../api/calls.ts';
import { useWorkspace } from '../../state/hooks.tsx';

/** As many as the server answers at once. */
const atOnce = 50;

interface Asked {
  id: string;
  done: (post: Post | null) => void;
  failed: (error: unknown) => void;
}

/** Cards ask one by one, in one frame: the server is asked for all of them together. */
class Gathered {
  readonly #calls: Calls;
  #waiting: Asked[] = [];

  constructor(calls: Calls) {
    this.#calls = calls;
  }

  ask(id: string): Promise<Post | null> {
    return new Promise((done, failed) => {
      this.#waiting.push({ id, done, failed });
      if (this.#waiting.length === 1) queueMicrotask(() => this.#send());
    });
  }

  #send(): void {
    const all = this.#waiting;
    this.#waiting = [];
    for (let from = 0; from < all.length; from += atOnce) void this.#fetch(all.slice(from, from + atOnce));
  }

  async #fetch(asked: readonly Asked[]): Promise<void> {
    try {
      const posts = await this.#calls.posts([...new Set(asked.map(({ id }) => id))]);
      const byId = new Map(posts.map((post) => [post.id, post]));
      for (const { id, done } of asked) done(byId.get(id) ?? null);
    } catch (error) {
      for (const { failed } of asked) failed(error);
    }
  }
}

const gathered = new WeakMap<Calls, Gathered>();

function gatheredOf(calls: Calls): Gathered {
  const known = gathered.get(calls);
  if (known) return known;
  const made = new Gathered(calls);
  gathered.set(calls, made);
  return made;
}

/** A post's own words; `data` is null where there is none that the viewer may see. Kept new by `post.changed`. */
export function usePost(id: string) {
  const { calls } = useWorkspace();
  return useQuery({
    queryKey: ['post', id],
    queryFn: () => gatheredOf(calls).ask(id),
    staleTime: 60_000,
  });
}
