import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ViewCounts } from '../../shared/conversation.ts';
import type { ChangedList, ConversationChanged } from '../../shared/events.ts';
import type { Team } from '../../shared/team.ts';
import type { ViewFilter } from '../../shared/view.ts';
import { ModelServer, type Sortable } from '../../test/model-server.ts';
import type { Calls } from '../api/calls.ts';
import { NetworkError } from '../api/http.ts';
import type { Connection } from '../api/socket.ts';
import { comparePlaces, windowKey } from './model.ts';
import { Store } from './store.ts';
import { Sync } from './sync.ts';

/** Something under way between server and client; each step brings it closer, and it may be lost. */
interface Travelling {
  kind: 'event' | 'answer';
  step: () => boolean;
  lose: () => void;
}

/** A network that delivers what it likes, when it likes. Answers are read at the server when they leave it. */
class Network {
  readonly travelling: Travelling[] = [];
  readonly listeners = new Map<string, (event: never) => void>();
  #onState: (connected: boolean) => void = () => undefined;
  readonly server: ModelServer;
  teams: Team[] = [];

  constructor(server: ModelServer) {
    this.server = server;
    server.announceTo((event) => this.#event(event));
  }

  /** The word that a list of everybody's changed. */
  tellList(list: ChangedList): void {
    this.travelling.push({
      kind: 'event',
      step: () => {
        this.listeners.get('lists.changed')?.({ list } as never);
        return true;
      },
      lose: () => undefined,
    });
  }

  #event(event: ConversationChanged): void {
    this.travelling.push({
      kind: 'event',
      step: () => {
        this.listeners.get('conversation.changed')?.(structuredClone(event) as never);
        return true;
      },
      lose: () => undefined,
    });
  }

  duplicate(nth: number): void {
    const each = this.travelling[nth % Math.max(1, this.travelling.length)];
    if (each?.kind === 'event') this.travelling.push(each);
  }

  /** A call in stages: what each stage reads, it reads when the network gets to it. */
  call<T>(...stages: [...((before: unknown) => unknown)[], (before: unknown) => T]): Promise<T> {
    return new Promise((resolve, reject) => {
      const left = [...stages];
      let value: unknown;
      this.travelling.push({
        kind: 'answer',
        step: () => {
          try {
            value = left.shift()?.(value);
          } catch (error) {
            reject(error);
            return true;
          }
          if (left.length > 0) return false;
          resolve(structuredClone(value) as T);
          return true;
        },
        lose: () => reject(new NetworkError(false)),
      });
    });
  }

  async advance(nth: number): Promise<void> {
    const at = nth % Math.max(1, this.travelling.length);
    const each = this.travelling[at];
    if (each?.step()) this.travelling.splice(at, 1);
    await settle();
  }

  async lose(nth: number): Promise<void> {
    const at = nth % Math.max(1, this.travelling.length);
    this.travelling.splice(at, 1)[0]?.lose();
    await settle();
  }

  /** The connection breaks: everything under way is lost; then it comes back. */
  async restart(): Promise<void> {
    for (const each of this.travelling.splice(0)) each.lose();
    this.#onState(false);
    await settle();
    this.#onState(true);
    await settle();
  }

  async drain(): Promise<void> {
    for (let round = 0; this.travelling.length > 0; round += 1) {
      if (round > 5000) throw new Error('The client never stops asking.');
      await this.advance(0);
    }
  }

  connection(): Connection {
    return {
      on: (name, run) => void this.listeners.set(name, run as (event: never) => void),
      onState: (run) => {
        this.#onState = run;
      },
      say: () => undefined,
      connected: true,
      start: () => undefined,
      hurry: () => undefined,
      stop: () => undefined,
    };
  }

  calls(): Calls {
    const { server } = this;
    const counts = {} as ViewCounts;
    const calls: Partial<Calls> = {
      bootstrap: () =>
        this.call(
          () => ({ channels: [], teams: this.teams, tags: [], views: server.views, counts }),
          (read) => read as never,
        ),
      teams: () => this.call(() => this.teams),
      views: () => this.call(() => server.views),
      conversations: ({ view, after }) => this.call(() => server.page(view, after)),
      viewDigest: ({ view, limit }) => this.call(() => server.viewDigest(view, limit)),
      conversation: (id) => this.call(() => server.header(id)),
      changes: (id, since) => this.call(() => server.changes(id, since)),
      customer: (id) => this.call(() => ({ conversations: server.headersOf(id) }) as never),
      timelineDigest: (id, fromSeq) => this.call(() => server.timelineDigest(id, fromSeq)),
      timeline: (customerId, edge) =>
        this.call(
          () => server.headersOf(customerId),
          (headers) => server.timelinePage(customerId, headers as never, edge),
        ),
    };
    return calls as Calls;
  }
}

/** Lets every promise that can go on go on. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

function client(network: Network) {
  const store = new Store(network.server.looker, (work) => queueMicrotask(work));
  const sync = new Sync({ calls: network.calls(), connection: network.connection(), store });
  return { store, sync };
}

const nat = fc.nat(40);
const deed = fc.oneof(
  fc.record({ do: fc.constant('receive' as const), a: nat, late: fc.constantFrom(0, 0, 3, 90, 3000) }),
  fc.record({ do: fc.constantFrom('edit' as const, 'redact' as const, 'give' as const), a: nat, b: nat }),
  fc.record({ do: fc.constant('move' as const), a: nat, b: nat, c: nat }),
  fc.record({ do: fc.constant('part' as const), a: nat, b: nat, c: nat, d: nat }),
  fc.record({
    do: fc.constant('status' as const),
    a: nat,
    to: fc.constantFrom('open' as const, 'resolved' as const, 'snoozed' as const, 'spam' as const),
  }),
  fc.record({
    do: fc.constant('change' as const),
    a: nat,
    to: fc.constantFrom<Sortable>(
      { assigneeId: 'me' },
      { assigneeId: null },
      { teamId: 'ours' },
      { teamId: 'theirs' },
      { tagIds: ['late'] },
      { tagIds: [], priority: 'urgent' },
      { mentionedIds: ['me'] },
      { mentionedIds: [] },
    ),
  }),
  fc.record({
    do: fc.constant('save' as const),
    filter: fc.constantFrom<ViewFilter>(
      { status: ['open'], tags: ['late'] },
      { status: ['open', 'snoozed'], team: 'mine' },
      { status: ['open', 'resolved'], priority: ['urgent'], assignee: { anyOf: ['me'] } },
    ),
  }),
  fc.record({ do: fc.constant('begin' as const), a: nat }),
);
const fault = fc.record({
  do: fc.constantFrom(
    'advance' as const,
    'advance' as const,
    'advance' as const,
    'lose' as const,
    'duplicate' as const,
  ),
  a: nat,
});
const look = fc.record({
  do: fc.constantFrom(
    'open' as const,
    'older' as const,
    'newer' as const,
    'latest' as const,
    'around' as const,
    'more' as const,
    'check' as const,
    'view' as const,
    'restart' as const,
  ),
  a: nat,
});
type Step = typeof deed extends fc.Arbitrary<infer D> ? D : never;
type Other = typeof fault extends fc.Arbitrary<infer F> ? F : never;
type Look = typeof look extends fc.Arbitrary<infer L> ? L : never;

const views = ['all', 'unassigned', 'mine', 'snoozed', 'mentions', 'spam', 'team:ours', 'saved:one'] as const;

async function take(
  step: Step | Other | Look,
  { server, network, sync }: { server: ModelServer; network: Network; sync: Sync },
): Promise<void> {
  const conversations = [...server.conversations.keys()];
  const customers = [...server.customers.keys()];
  const pick = (ids: string[], n: number) => ids[n % ids.length] as string;
  switch (step.do) {
    case 'receive':
      return server.receive(pick(conversations, step.a), step.late);
    case 'edit':
    case 'redact':
      return server[step.do](pick(conversations, step.a), step.b);
    case 'give':
      return server.give(pick(conversations, step.a), pick(customers, step.b));
    case 'move':
      return server.move(pick(conversations, step.a), pick(conversations, step.b), step.c);
    case 'part':
      return server.part(
        pick(conversations, step.a),
        pick(conversations, step.b),
        step.c,
        pick(customers, step.d),
      );
    case 'status':
      return server.setStatus(pick(conversations, step.a), step.to);
    case 'change':
      return server.change(pick(conversations, step.a), step.to);
    case 'save':
      server.save(step.filter);
      return network.tellList('views');
    case 'begin':
      return void server.begin(pick(customers, step.a));
    case 'advance':
      return network.advance(step.a);
    case 'lose':
      return network.lose(step.a);
    case 'duplicate':
      return network.duplicate(step.a);
    case 'open':
      return void sync.open(pick(conversations, step.a));
    case 'older':
      return void sync.loadOlder();
    case 'newer':
      return void sync.loadNewer();
    case 'latest':
      return void sync.loadLatest();
    case 'around': {
      const ids = server.stream(pick(customers, step.a)).map(({ id }) => id);
      return ids.length > 0 ? void sync.loadAround({ kind: 'message', id: pick(ids, step.a) }) : undefined;
    }
    case 'more':
      return void sync.loadMore();
    case 'check':
      return void sync.check();
    case 'view':
      return void sync.showView(scopeOf(views[step.a % views.length] ?? 'all'));
    case 'restart':
      return network.restart();
  }
}

const scopeOf = (view: (typeof views)[number]) => ({ view, channelId: null, filter: null });

/** What is looked at, beside what the server would answer to somebody who opened the same just now. */
function compare(server: ModelServer, store: Store, sync: Sync, view: (typeof views)[number]): void {
  const state = store.get();
  const window = state.windows.get(windowKey(scopeOf(view)));
  const rows = server.rows(view);
  const depth = window?.ids.length ?? 0;
  expect(window?.ids).toEqual(rows.slice(0, depth).map(({ id }) => id));
  expect(window?.next === null ? rows.length : depth).toBe(depth);
  for (const { id } of rows.slice(0, depth))
    expect(state.headers.get(id)).toEqual(server.conversations.get(id));

  const open = server.conversations.get(sync.openConversationId ?? '');
  const timeline = open && state.timelines.get(open.customerId);
  expect(timeline).toBeDefined();
  if (!open || !timeline) return;
  expect(state.headers.get(open.id)).toEqual(open);
  const expected = server
    .stream(open.customerId)
    .filter((message) => !timeline.floor || comparePlaces(message, timeline.floor) >= 0)
    .filter((message) => !timeline.ceiling || comparePlaces(message, timeline.ceiling) <= 0);
  expect(timeline.messages).toEqual(expected);
}

describe('what is on screen', () => {
  it('equals a fresh snapshot after drops, duplicates, reorders and restarts', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof({ weight: 3, arbitrary: deed }, { weight: 6, arbitrary: fault }, look), {
          minLength: 30,
          maxLength: 160,
          size: 'max',
        }),
        fc.constantFrom(...views),
        async (steps, view) => {
          const server = new ModelServer();
          const network = new Network(server);
          for (let n = 0; n < 3; n += 1) {
            const customerId = server.addCustomer();
            for (let m = 0; m < 2; m += 1) server.begin(customerId);
          }
          network.travelling.length = 0;
          const { store, sync } = client(network);
          void sync.showView(scopeOf(view));
          void sync.open([...server.conversations.keys()][0] ?? null);
          for (const step of steps) await take(step, { server, network, sync });

          // Quiet: the network is well again, and the regular checks have come round to every conversation.
          await network.drain();
          void sync.showView(scopeOf(view));
          await network.drain();
          for (let round = 0; round < server.conversations.size + 3; round += 1) {
            const done = sync.check();
            await settle();
            await network.drain();
            await done;
          }
          compare(server, store, sync, view);
        },
      ),
      { numRuns: 300 },
    );
  }, 120_000);

  it('meets a conversation outside the loaded part when a message comes back to it and the news is lost', async () => {
    const server = new ModelServer();
    const network = new Network(server);
    const customerId = server.addCustomer();
    const first = server.begin(customerId);
    const other = server.begin(customerId);
    server.move(other, first, 0);
    server.receive(server.begin(customerId), 0);
    server.begin(customerId);
    network.travelling.length = 0;
    const { store, sync } = client(network);
    void sync.showView(scopeOf('all'));
    void sync.open(first);
    await network.drain();
    expect(store.get().timelines.get(customerId)?.versions.has(other)).toBe(false);
    // Newer ones fill the list: its checks say nothing of the conversation any more.
    for (let n = 0; n < 4; n += 1) server.begin(customerId);
    await network.drain();
    void sync.showView(scopeOf('all'));
    await network.drain();
    server.move(first, other, 1);
    await network.lose(1);
    await network.drain();
    for (let round = 0; round < server.conversations.size + 3; round += 1) {
      const done = sync.check();
      await settle();
      await network.drain();
      await done;
    }
    compare(server, store, sync, 'all');
    expect(
      store
        .get()
        .timelines.get(customerId)
        ?.messages.some(({ conversationId }) => conversationId === other),
    ).toBe(true);
  });

  it('asks again for what began while a page that reaches past it was on its way', async () => {
    const server = new ModelServer();
    const network = new Network(server);
    const customerId = server.addCustomer();
    const first = server.begin(customerId);
    for (let n = 0; n < 8; n += 1) server.receive(first, 0);
    network.travelling.length = 0;
    const { store, sync } = client(network);
    void sync.showView(scopeOf('all'));
    void sync.open(first);
    await network.drain();
    void sync.loadAround({ kind: 'message', id: server.stream(customerId)[4]?.id ?? '' });
    await network.drain();
    void sync.loadNewer();
    // The page knows the customer's conversations by now, and not yet their messages.
    await network.advance(0);
    server.begin(customerId);
    await network.advance(1);
    await network.drain();
    compare(server, store, sync, 'all');
    expect(store.get().timelines.get(customerId)?.ceiling).toBeNull();
  });

  it('has the newest of the teams when answers are late, and reads again what could not be read', async () => {
    const network = new Network(new ModelServer());
    const { store, sync } = client(network);
    const names = () => [...store.get().teams.values()].map(({ name }) => name);
    const founded = (name: string) => {
      network.teams = [...network.teams, { id: name, name, archived: false, panels: null }];
      network.tellList('teams');
    };
    await network.restart();
    // The server has read what everybody shares when a team is founded; its answer comes last.
    await network.advance(0);
    founded('Returns');
    await network.advance(1);
    await network.advance(1);
    expect(names()).toEqual(['Returns']);
    await network.drain();
    expect(names()).toEqual(['Returns']);

    founded('Repairs');
    await network.advance(0);
    await network.lose(0);
    expect(names()).toEqual(['Returns']);
    const checked = sync.check();
    await network.drain();
    await checked;
    expect(names()).toEqual(['Returns', 'Repairs']);
  });
});
