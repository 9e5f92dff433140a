import { isActive } from '../../shared/conversation.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';

/** Who a conversation or a message belongs to once they are apart: the customer who stays, or the one who comes back. */
export type Side = 'root' | 'restored';

export const otherSide = (side: Side): Side => (side === 'root' ? 'restored' : 'root');

/** What a conversation needs to be planned with. */
export type Planned = Pick<
  ConversationDoc,
  | '_id'
  | 'homeCustomerId'
  | 'status'
  | 'successorId'
  | 'splitFromId'
  | 'createdAt'
  | 'resolvedAt'
  | 'assigneeId'
  | 'teamId'
>;

/** A conversation that begins so that messages of its side have one. */
export interface Fresh {
  side: Side;
  /** What it takes its place beside: its state and its people are like that one's. */
  like: Planned;
  status: 'open' | 'resolved';
}

/** Where messages go: a conversation that is, or the nth of those that begin. */
export type Destination = { id: string } | { fresh: number };

export interface Plan {
  main: Record<Side, Destination | null>;
  /** What becomes of conversations that went on in one of the other side. */
  becomes: Map<string, { status: 'open' | 'resolved' | 'continued'; goesOnIn: Destination | null }>;
  /** Conversation → where what is the other side's in it goes. */
  targets: Map<string, Destination>;
  fresh: Fresh[];
}

/**
 * Who has what when they are apart. Every conversation goes to its home's side. One that went on in the other side's goes on in the next
 * of its own, if there is one further along; else it is what the end of its way was: active again, or resolved. Messages go where their
 * own side's went on there; where nothing of theirs did, a conversation begins.
 *
 * At most one becomes its side's active one, and only where the side keeps none.
 * @param options.prefer the conversation that this merge itself ended
 * @param options.holds conversations in which there are messages, or drafts, of the other side
 */
export function planApart(options: {
  conversations: readonly Planned[];
  sideOf: (homeCustomerId: string) => Side;
  activeId: string | null;
  prefer: string | null;
  holds: ReadonlySet<string>;
}): Plan {
  const { conversations, sideOf, activeId, prefer, holds } = options;
  const byId = new Map(conversations.map((one) => [one._id, one]));
  const side = (one: Planned) => sideOf(one.homeCustomerId);
  const plan: Plan = {
    main: { root: null, restored: null },
    becomes: new Map(),
    targets: new Map(),
    fresh: [],
  };
  const active = activeId === null ? undefined : byId.get(activeId);
  if (active) plan.main[side(active)] = { id: active._id };

  const groups = new Map<string, { side: Side; end: Planned; returning: Planned[]; wanted: boolean }>();
  const groupOf = (of: Side, end: Planned) => {
    const key = `${of} ${end._id}`;
    const group = groups.get(key) ?? { side: of, end, returning: [], wanted: false };
    groups.set(key, group);
    return group;
  };

  for (const one of conversations) {
    if (one.status !== 'continued') continue;
    const way = wayOf(one, byId);
    const [next] = way;
    if (!next || side(next) === side(one)) continue;
    const own = way.find((further) => side(further) === side(one));
    if (own) plan.becomes.set(one._id, { status: 'continued', goesOnIn: { id: own._id } });
    else groupOf(side(one), way.at(-1) ?? next).returning.push(one);
  }
  for (const one of conversations) {
    if (!holds.has(one._id)) continue;
    const theirs = otherSide(side(one));
    const end = wayOf(one, byId).at(-1) ?? one;
    if (side(end) === theirs) plan.targets.set(one._id, { id: end._id });
    else groupOf(theirs, end).wanted = true;
  }

  const places = new Map<string, Destination>();
  const ordered = [...groups.entries()].sort(
    ([, a], [, b]) => weight(b.end, activeId) - weight(a.end, activeId) || byAge(b.end, a.end),
  );
  for (const [key, group] of ordered) places.set(key, settle(plan, group, prefer));

  for (const one of conversations) {
    if (!holds.has(one._id) || plan.targets.has(one._id)) continue;
    const end = wayOf(one, byId).at(-1) ?? one;
    const place = places.get(`${otherSide(side(one))} ${end._id}`);
    if (place) plan.targets.set(one._id, place);
  }
  return plan;
}

/** What becomes of those of one side that went on in the same conversation of the other. @returns where their messages go */
function settle(
  plan: Plan,
  group: { side: Side; end: Planned; returning: Planned[] },
  prefer: string | null,
): Destination {
  const { side, end, returning } = group;
  const [head, ...others] = [...returning].sort(
    (a, b) =>
      Number(b._id === prefer) - Number(a._id === prefer) ||
      Number(a.splitFromId !== null) - Number(b.splitFromId !== null) ||
      byAge(b, a),
  );
  const main = plan.main[side];
  const lives = isActive(end.status);
  if (lives && main) {
    for (const one of returning) plan.becomes.set(one._id, { status: 'continued', goesOnIn: main });
    return main;
  }
  const status = lives ? 'open' : 'resolved';
  let place: Destination;
  if (head) {
    place = { id: head._id };
    plan.becomes.set(head._id, { status, goesOnIn: null });
    for (const one of others) plan.becomes.set(one._id, { status: 'continued', goesOnIn: place });
  } else {
    place = { fresh: plan.fresh.length };
    plan.fresh.push({ side, like: end, status });
  }
  if (lives) plan.main[side] = place;
  return place;
}

/** What a conversation went on in, step by step; a ring, which there must not be, ends where it closes. */
function wayOf(one: Planned, byId: ReadonlyMap<string, Planned>): Planned[] {
  const way: Planned[] = [];
  const seen = new Set([one._id]);
  for (let at = one; at.status === 'continued' && at.successorId; ) {
    const next = byId.get(at.successorId);
    if (!next || seen.has(next._id)) break;
    seen.add(next._id);
    way.push(next);
    at = next;
  }
  return way;
}

/** The customer's active one first, then what is active beside it. */
const weight = (end: Planned, activeId: string | null): number =>
  end._id === activeId ? 2 : Number(isActive(end.status));

function byAge(a: Planned, b: Planned): number {
  return a.createdAt.getTime() - b.createdAt.getTime() || (a._id < b._id ? -1 : 1);
}
