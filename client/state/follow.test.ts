import { beforeEach, describe, expect, it } from 'vitest';
import { ModelServer } from '../../test/model-server.ts';
import { followContinued } from './follow.ts';
import { Store } from './store.ts';

let server: ModelServer;
let store: Store;
let open: string | null;
let went: string[];
let moved: string[][];
let hidden: Set<string>;

const settle = () => new Promise((resolve) => setTimeout(resolve));
const tell = (id: string, change: object = {}) => {
  const header = server.conversations.get(id);
  if (!header) throw new Error(`No conversation ${id}`);
  const next = { ...header, ...change, version: header.version + 1 };
  server.conversations.set(id, next);
  store.apply({ type: 'header', header: next });
};

beforeEach(() => {
  server = new ModelServer();
  store = new Store({ id: 'me', teamIds: [] });
  [open, went, moved, hidden] = [null, [], [], new Set()];
  followContinued({
    store,
    sync: {
      get openConversationId() {
        return open;
      },
      meet: async (id) => {
        const header = server.conversations.get(id);
        if (header && !hidden.has(id)) store.apply({ type: 'header', header });
      },
    },
    drafts: { move: (from, to) => void moved.push([from, to]) },
    goTo: (id) => {
      went.push(id);
      open = id;
    },
  });
});

describe('an open conversation that goes on in another', () => {
  it('takes whoever has it open there, with what they are writing, without a press', async () => {
    const [older, newer] = [server.begin('customer'), server.begin('customer')];
    open = older;
    tell(older);
    tell(older, { status: 'continued', successorId: newer });
    await settle();
    expect(went).toEqual([newer]);
    expect(moved).toEqual([[older, newer]]);
  });

  it('leads along a chain to its end', async () => {
    const [a, b, c] = [server.begin('customer'), server.begin('customer'), server.begin('customer')];
    tell(b, { status: 'continued', successorId: c });
    open = a;
    tell(a);
    tell(a, { status: 'continued', successorId: b });
    await settle();
    expect(went).toEqual([c]);
  });

  it('stays where it was opened to be read, or where the other is out of sight', async () => {
    const [a, b] = [server.begin('customer'), server.begin('customer')];
    tell(a, { status: 'continued', successorId: b });
    open = a;
    tell(a);
    await settle();
    expect(went).toEqual([]);

    const [c, d] = [server.begin('customer'), server.begin('customer')];
    hidden.add(d);
    open = c;
    tell(c);
    tell(c, { status: 'continued', successorId: d });
    await settle();
    expect(went).toEqual([]);
    expect(moved).toEqual([]);
  });

  it('comes back when a merge is taken back, and goes again with the next', async () => {
    const [older, newer] = [server.begin('customer'), server.begin('customer')];
    open = older;
    tell(older);
    tell(older, { status: 'continued', successorId: newer });
    await settle();
    tell(older, { status: 'open', successorId: null });
    open = older;
    tell(older);
    tell(older, { status: 'continued', successorId: newer });
    await settle();
    expect(went).toEqual([newer, newer]);
  });
});
