import { AppError } from '../../shared/errors.ts';
import type { Me, Welcome } from '../../shared/user.ts';
import { type Calls, callsOver } from '../api/calls.ts';
import { Http } from '../api/http.ts';
import { Watched } from './watched.ts';

export type SessionState =
  | { stage: 'starting' }
  | { stage: 'unreachable'; error: unknown }
  | { stage: 'setUp'; welcome: Welcome }
  | { stage: 'signedOut'; welcome: Welcome; justNow: boolean }
  /** `ended`: the page stays, and the person is asked to sign in again over it. */
  | { stage: 'signedIn'; welcome: Welcome; me: Me; ended: boolean };

/** Who is signed in on this page. */
export class Session extends Watched {
  readonly calls: Calls;
  #state: SessionState = { stage: 'starting' };
  #waiting: ((again: boolean) => void)[] = [];

  constructor(fetch: typeof globalThis.fetch = (...args) => globalThis.fetch(...args)) {
    super();
    this.calls = callsOver(new Http({ fetch, signInAgain: () => this.#signInAgain() }));
  }

  readonly get = (): SessionState => this.#state;

  async start(): Promise<void> {
    this.#set({ stage: 'starting' });
    try {
      const welcome = await this.calls.welcome();
      if (welcome.needsSetUp) {
        this.#set({ stage: 'setUp', welcome });
        return;
      }
      const me = await this.calls.session().catch((error: unknown) => {
        if (error instanceof AppError && error.code === 'unauthenticated') return null;
        throw error;
      });
      this.#set(
        me
          ? { stage: 'signedIn', welcome, me, ended: false }
          : { stage: 'signedOut', welcome, justNow: false },
      );
    } catch (error) {
      this.#set({ stage: 'unreachable', error });
    }
  }

  /** Signed in, set up, or signed in again over the page. Another person gets a page of their own. */
  signedIn(me: Me): void {
    const state = this.#state;
    const welcome = 'welcome' in state ? state.welcome : null;
    if (!welcome) return;
    if (state.stage === 'signedIn' && state.me.id !== me.id) {
      location.reload();
      return;
    }
    this.#set({ stage: 'signedIn', welcome: { ...welcome, needsSetUp: false }, me, ended: false });
    for (const resolve of this.#waiting.splice(0)) resolve(true);
  }

  /** The server says that the session is over. */
  ended(): void {
    if (this.#state.stage === 'signedIn' && !this.#state.ended) this.#set({ ...this.#state, ended: true });
  }

  updated(me: Me): void {
    if (this.#state.stage === 'signedIn') this.#set({ ...this.#state, me });
  }

  async signOut(): Promise<void> {
    await this.calls.signOut();
    for (const resolve of this.#waiting.splice(0)) resolve(false);
    const state = this.#state;
    if ('welcome' in state) this.#set({ stage: 'signedOut', welcome: state.welcome, justNow: true });
  }

  #signInAgain(): Promise<boolean> {
    if (this.#state.stage !== 'signedIn') return Promise.resolve(false);
    this.ended();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #set(state: SessionState): void {
    this.#state = state;
    this.changed();
  }
}
