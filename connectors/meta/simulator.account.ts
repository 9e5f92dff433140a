import type { SimulatedMessage, Simulator } from '../connector.ts';
import {
  type Graph,
  type GraphAnswered,
  type GraphOptions,
  type GraphRequest,
  type GraphRoute,
  no,
  ok,
  startGraph,
} from './simulator.graph.ts';
import { type SimulatedComment, Wall } from './simulator.posts.ts';
import { attachmentsOf, talkRoutes, unavailable } from './simulator.send.ts';
import { type SimulatedPerson, Talk } from './simulator.talk.ts';

export interface MetaOptions extends GraphOptions {
  /** Until when the token holds; null: for ever. */
  tokenExpiresAt?: Date | null;
  /** The account's id, where a test wants several. */
  account?: string;
}

export interface MetaSimulator extends Simulator {
  /** Our own account's newest post, and what stands under it. */
  wall: Wall;
  /** Events of another account of the same app, in the same batch. */
  foreign(item: Record<string, unknown>, account: string): void;
}

/** All that a simulated account is made of. */
export interface World {
  graph: Graph;
  talk: Talk;
  wall: Wall;
  /** Something happened in public. */
  change(field: string, value: Record<string, unknown>): void;
}

export type Deed = (
  world: World,
  person: SimulatedPerson,
  action: { do: string; peer: string; [key: string]: unknown },
) => void;

/** What Messenger and Instagram have of their own. */
export interface Platform {
  object: 'page' | 'instagram';
  messenger: boolean;
  account: string;
  page: string;
  settings: Record<string, string>;
  tooLong(text: string): boolean;
  routes(world: () => World): GraphRoute[];
  deeds: Record<string, Deed>;
  /** The account, a post or a comment, as GET of its id tells it; null: there is no such thing. */
  told(world: World, id: string, query: URLSearchParams): Record<string, unknown> | null;
  /** Null: they never wrote to the account, and have not let it see who they are. */
  profile(person: SimulatedPerson): Record<string, unknown> | null;
  peer(n: number): string;
}

const appId = '700000000000001';
const appSecret = '0123456789abcdef0123456789abcdef';
const accessToken = 'EAASimulatedTokenOfNoRealPageAtAll00000001';
const verifyToken = 'simulated-verify-token';
const version = 'v24.0';

export async function startAccount(platform: Platform, options: MetaOptions): Promise<MetaSimulator> {
  const { object, account, page, messenger } = platform;
  let world: World | null = null;
  const ready = (): World => {
    if (!world) throw new Error('The simulator was asked before it had begun.');
    return world;
  };
  const routes: GraphRoute[] = [
    ...talkRoutes(() => ready().talk, {
      page,
      appId,
      tooLong: platform.tooLong,
      said: (id) => ready().wall.comments.get(id) ?? ready().wall.posts.get(id),
    }),
    ...platform.routes(ready),
    {
      name: 'object',
      method: 'GET',
      path: /^\/([\w.:$=+-]+)$/,
      handle: (request) => objectOf(ready(), request),
    },
  ];
  const graph = await startGraph(
    {
      object,
      appId,
      appSecret,
      accessToken,
      verifyToken,
      version,
      blocked: unavailable,
      tokenExpiresAt: options.tokenExpiresAt ?? null,
    },
    routes,
    options,
  );
  const talk = new Talk(graph, {
    object,
    account,
    page,
    messenger,
    deliveryStep: options.deliveryStep ?? 40,
  });
  const wall = new Wall({ account, now: graph.now, facebook: messenger });
  const change = (field: string, value: Record<string, unknown>): void =>
    graph.hook.add({ account, list: 'changes', item: { field, value } });
  world = { graph, talk, wall, change };

  function objectOf({ talk }: World, { match, query }: GraphRequest): GraphAnswered {
    const id = match[1] ?? '';
    const person = talk.people.get(id);
    if (person) {
      const profile = platform.profile(person);
      return profile ? ok({ id, ...profile }) : withoutConsent;
    }
    const message = talk.find(id);
    if (message) return ok({ id, ...attachmentsOf(talk, message) });
    const told = platform.told(ready(), id, query);
    if (told) return ok(told);

    return no(400, {
      code: 100,
      subcode: 33,
      message: 'Unsupported get request. The object does not exist.',
      type: 'GraphMethodException',
    });
  }

  const deeds: Record<string, Deed> = { ...privateDeeds, ...platform.deeds };
  return {
    endpoint: graph.listener.endpoint,
    settings: { ...platform.settings, accessToken, appId, appSecret, verifyToken, graphVersion: version },
    wall,
    foreign: (item, other) => graph.hook.add({ account: other, list: 'messaging', item }),
    setHook: (url) => graph.hook.setUrl(url),
    async customerWrites({ peer, name, text, file }) {
      const upload = file && { ...file, body: Buffer.from(file.body) };
      return talk.writes(talk.person(peer, name), { text, ...(upload ? { file: upload } : {}) });
    },
    peer: platform.peer,
    async act(action) {
      const deed = Object.hasOwn(deeds, action.do) ? deeds[action.do] : undefined;
      if (!deed) throw new Error(`Here nobody knows '${action.do}'; only ${Object.keys(deeds).join(', ')}.`);
      const person = talk.person(action.peer);
      if (typeof action.name === 'string') person.name = action.name;
      if (typeof action.username === 'string') person.username = action.username;
      if (typeof action.followers === 'number') person.followers = action.followers;
      if (typeof action.wroteBefore === 'boolean') person.wroteBefore = action.wroteBefore;
      if (typeof action.professional === 'boolean') person.professional = action.professional;
      deed(ready(), person, action);
    },
    messages: () => graph.ledger.all().map((message) => ({ ...message })),
    fail: (fault, faultOptions) => graph.faults.plan(fault, faultOptions),
    onSent: (listener) => graph.sent.add(listener),
    close: () => graph.close(),
  };
}

const withoutConsent = no(400, {
  code: 230,
  message: '(#230) User consent is required to access user profile',
});

/** What somebody can do in private, on both platforms alike. */
const privateDeeds: Record<string, Deed> = {
  /** Says who they are: the platform tells nobody. */
  profile: () => undefined,
  /** Takes a message back. */
  unsend: (world, person, action) => {
    const mid = String(action.externalId);
    const entry = world.graph.ledger.get(mid);
    if (entry) entry.state = 'deleted';
    world.talk.tell(person, world.graph.now(), { message: { mid, is_deleted: true } });
  },
  delete: (world, person, action) => privateDeeds.unsend?.(world, person, action),
  edit: (world, person, action) => {
    const mid = String(action.externalId);
    const entry = world.graph.ledger.get(mid);
    if (!entry) throw new Error(`There is no message ${mid} to edit.`);
    entry.text = String(action.text);
    const num_edit = Number(action.times ?? 1);
    world.talk.tell(person, world.graph.now(), { message_edit: { mid, text: entry.text, num_edit } });
  },
  reaction: (world, person, action) => {
    const emoji = action.emoji ? String(action.emoji) : null;
    const said = emoji ? { action: 'react', reaction: 'other', emoji } : { action: 'unreact' };
    world.talk.tell(person, world.graph.now(), { reaction: { mid: String(action.externalId), ...said } });
  },
  reply: (world, person, action) => {
    world.talk.writes(person, {
      text: String(action.text),
      extra: { reply_to: { mid: String(action.externalId) } },
    });
  },
  read: (world, person, action) => {
    const mid = action.externalId ? String(action.externalId) : null;
    world.talk.reads(person, mid ? { mid } : { watermark: world.graph.now().getTime() });
  },
  /** Our account answers in Meta's own app. */
  echo: (world, person, action) => {
    world.talk.answers(person, { text: String(action.text), app: '263902037430900' });
  },
  postback: (world, person, action) => {
    person.lastWroteAt = world.graph.now();
    const mid = world.talk.mint();
    world.talk.tell(person, world.graph.now(), {
      postback: { mid, title: String(action.text), payload: 'PRESSED' },
    });
  },
  quickReply: (world, person, action) => {
    world.talk.writes(person, { text: String(action.text), extra: { quick_reply: { payload: 'CHOSEN' } } });
  },
  referral: (world, person, action) => {
    const referral = { ref: String(action.ref ?? 'order'), source: 'SHORTLINK', type: 'OPEN_THREAD' };
    world.talk.tell(person, world.graph.now(), { referral });
  },
  /** Another app has the conversation: we only hear of it. */
  standby: (world, person, action) => {
    world.talk.writes(person, { text: String(action.text), standby: true });
  },
  /** So long ago that even a person's late answer is refused. */
  lapse: (world, person) => {
    person.lastWroteAt = new Date(world.graph.now().getTime() - 200 * 3_600_000);
  },
  block: (_world, person) => {
    person.blocked = true;
  },
  unblock: (_world, person) => {
    person.blocked = false;
  },
};

/** A comment goes into the record too. */
export function recordComment(
  { graph }: Pick<World, 'graph'>,
  comment: SimulatedComment,
  about: { direction: 'fromCustomer' | 'toCustomer'; peer: string },
): void {
  const entry: SimulatedMessage = {
    externalId: comment.id,
    ...about,
    visibility: 'public',
    inReplyTo: comment.parent ?? comment.post,
    text: comment.text,
    files: [],
    at: comment.at,
    state: about.direction === 'toCustomer' ? 'sent' : 'received',
  };
  graph.ledger.add(comment.id, entry);
  if (about.direction === 'toCustomer') graph.sent.tell(entry);
}
