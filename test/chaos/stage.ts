import { randomUUID } from 'node:crypto';
import { identityId } from '../../server/customers/identity.ts';
import type { ChannelDetails } from '../../shared/channel.ts';
import type { Conversation, SplitResult } from '../../shared/conversation.ts';
import { AppError } from '../../shared/errors.ts';
import type { Target } from '../../shared/message.ts';
import { Agent } from '../agent.ts';
import { type Line, until, type World } from '../world.ts';
import { Books } from './books.ts';
import { Ear } from './ears.ts';
import { type HookRelay, startHookRelay } from './hook-relay.ts';
import { type Hold, Traffic } from './traffic.ts';
import type { WireCommand } from './wire-proxy.ts';

/** Two deeds on customers of their own. A deed says what its doer was told: `ok`, or why not. */
export interface Scene {
  a(): Promise<string>;
  b(): Promise<string>;
  /** The `_id`s of the identities in it. */
  identities: string[];
  /** Names in the outcome what differs between two runs of the same scene. */
  texts: Record<string, string>;
}

export interface Pair {
  name: string;
  /** The second deed has no sense before the first. */
  onlyAfterFirst?: boolean;
  /** The first is held until the second is over, however long that takes: another must take over from it. */
  stalls?: boolean;
  /** The first is held after a command from this one on. */
  from?(command: WireCommand): boolean;
  set(stage: Stage): Promise<Scene>;
}

/** Customer's address → who they are: kinds are not names of channels. */
const kinds: Record<string, string> = { sms: 'mobile', telegram: 'telegramUser' };

/** Nothing has moved for so long: the second waits for the first by other means, e.g. behind it in the provider's own order. */
const idleMs = 250;
const hearingMs = 3_000;

/** Two servers, two agents, a socket on each server, and what goes on between all of them and the engine. */
export class Stage {
  readonly traffic: Traffic;
  readonly books: Books;
  private readonly world: World;
  private readonly agents: readonly Agent[];
  private readonly ears: readonly Ear[];
  private readonly hooks: HookRelay;
  private peers = 1_000;

  private constructor(parts: {
    world: World;
    books: Books;
    agents: Agent[];
    ears: Ear[];
    hooks: HookRelay;
  }) {
    this.world = parts.world;
    this.books = parts.books;
    this.agents = parts.agents;
    this.ears = parts.ears;
    this.hooks = parts.hooks;
    this.traffic = new Traffic(parts.world.wires);
  }

  static async open(world: World): Promise<Stage> {
    const urls = world.servers.map((server) => server.url);
    const [here = '', there = ''] = urls;
    const colleague = { email: 'colleague@example.com', password: 'another long enough password' };
    await world.agent.call('POST', '/api/users', {
      name: 'Colleague Example',
      ...colleague,
      role: 'agent',
      channelIds: 'all',
    });
    const agents = [world.agent.at(here), new Agent(there)];
    await agents[1]?.signIn(colleague.email, colleague.password);
    const ears = [];
    for (const agent of agents) ears.push(new Ear(await agent.socket()));
    const hooks = await startHookRelay(here);
    const channels = await world.agent.call<ChannelDetails[]>('GET', '/api/channels');
    for (const line of world.lines) {
      const channel = channels.find(({ id }) => id === line.channelId);
      if (channel) line.simulator.setHook(hooks.address(channel.hookUrl));
    }
    return new Stage({ world, books: await Books.open(world), agents, ears, hooks });
  }

  async close(): Promise<void> {
    this.traffic.close();
    for (const agent of this.agents) agent.close();
    await this.hooks.close();
    await this.books.close();
  }

  line(id: string): Line {
    const line = this.world.lines.find((each) => each.connector.manifest.id === id);
    if (!line) throw new Error(`no channel ${id}`);
    return line;
  }

  /** A customer nobody knows yet, by address and by identity. */
  stranger(id: string): { channel: string; peer: string; identity: string } {
    this.peers += 1;
    const peer = this.line(id).simulator.peer(this.peers);
    return { channel: id, peer, identity: identityId({ kind: kinds[id] ?? id, value: peer }) };
  }

  /** Provider's pushes from now on go to this server. */
  pushTo(server: 0 | 1): void {
    this.hooks.choose(this.urlOf(server));
  }

  /** The provider pushes the same once more, to this server. */
  async pushAgain(server: 0 | 1, words: string): Promise<string> {
    const status = await this.hooks.again(this.urlOf(server), words);
    return status === 200 ? 'ok' : `status ${status}`;
  }

  private urlOf(server: 0 | 1): string {
    return this.world.servers[server]?.url ?? '';
  }

  private agent(server: 0 | 1): Agent {
    const agent = this.agents[server];
    if (!agent) throw new Error('no such agent');
    return agent;
  }

  /** The conversation that the message with this text came to, as the sockets say. */
  arrived(text: string): Promise<string> {
    return Promise.any(this.ears.map((ear) => ear.arrived(text)));
  }

  /** A customer writes; resolves with the conversation it came to. */
  async write(from: { channel: string; peer: string }, text: string): Promise<string> {
    await this.line(from.channel).simulator.customerWrites({ peer: from.peer, name: 'Race', text });
    return this.arrived(text);
  }

  /** A customer writes who may be blocked by now; resolves once that is taken in or ignored. */
  async writeInVain(from: { channel: string; peer: string }, text: string): Promise<void> {
    await this.line(from.channel).simulator.customerWrites({ peer: from.peer, name: 'Race', text });
    await until(
      `"${text}" to be taken in or ignored`,
      async () => {
        if (await this.books.collection('messages').findOne({ text })) return true;
        const ignored = await this.books.collection('inbound').find({ state: 'ignored' }).toArray();
        return ignored.some((event) => String(event.about).endsWith(text));
      },
      20_000,
      15,
    );
  }

  /** Puts a conversation away and blocks whom it is from. */
  spam(server: 0 | 1, conversationId: string, identityId: string): Promise<string> {
    return told(() =>
      this.agent(server).call('PATCH', `/api/conversations/${conversationId}`, {
        deed: 'spam',
        block: [identityId],
      }),
    );
  }

  /** Where an answer to the message with this text goes. */
  async threadOf(text: string): Promise<Target> {
    const message = await this.books.collection('messages').findOne({ text });
    if (!message) throw new Error(`There is no message "${text}".`);
    const { channelId, identityId, threadKey } = message;
    return { channelId: String(channelId), identityId: String(identityId), threadKey: String(threadKey) };
  }

  async header(conversationId: string): Promise<Conversation> {
    const path = `/api/conversations/${conversationId}`;
    return (await this.agent(0).call<{ header: Conversation }>('GET', path)).header;
  }

  resolve(server: 0 | 1, conversationId: string): Promise<string> {
    return told(() =>
      this.agent(server).call('PATCH', `/api/conversations/${conversationId}`, { deed: 'resolve' }),
    );
  }

  async reply(server: 0 | 1, header: Conversation, text: string): Promise<string> {
    const id = randomUUID();
    const result = await told(() => this.agent(server).reply(header, text, { id }));
    if (result === 'ok')
      await until(
        `"${text}" to leave`,
        async () => {
          const message = await this.books.collection('messages').findOne({ _id: id });
          const { state } = (message?.delivery ?? { state: 'queued' }) as { state: string };
          return !['queued', 'sending'].includes(state);
        },
        20_000,
        15,
      );
    return result;
  }

  /** Splits a thread off, as a person does who is told to wait while one of its replies is being sent. */
  async split(server: 0 | 1, header: Conversation, thread: Target): Promise<string> {
    const { channelId, identityId, threadKey } = thread;
    const path = `/api/conversations/${header.id}/split`;
    return this.insisting(() => this.agent(server).call('POST', path, { channelId, identityId, threadKey }));
  }

  /** …and undoes it. */
  bringBack(server: 0 | 1, conversationId: string): Promise<string> {
    return this.insisting(() =>
      this.agent(server).call('POST', `/api/conversations/${conversationId}/bring-back`),
    );
  }

  async splitOff(header: Conversation, thread: Target): Promise<SplitResult> {
    const { channelId, identityId, threadKey } = thread;
    const body = { channelId, identityId, threadKey };
    return this.agent(0).call<SplitResult>('POST', `/api/conversations/${header.id}/split`, body);
  }

  private async insisting(call: () => Promise<unknown>): Promise<string> {
    let result = '';
    await until(
      'what is being sent to be out of the way',
      async () => {
        result = await told(call);
        return result !== 'inUse';
      },
      20_000,
      50,
    );
    return result;
  }

  /** Makes the customer of the second conversation one with that of the first. */
  merge(server: 0 | 1, into: Conversation, other: Conversation): Promise<string> {
    return told(() => this.merged(server, into, other));
  }

  /** …and resolves with the journal's entry. */
  async merged(server: 0 | 1, into: Conversation, other: Conversation): Promise<string> {
    const { linkId } = await this.agent(server).call<{ linkId: string }>(
      'POST',
      `/api/customers/${into.customerId}/merge`,
      { otherId: other.customerId, reason: 'the same person' },
    );
    return linkId;
  }

  /** Takes a merge back, as a person does who is told to wait while a reply is being sent. */
  unmerge(server: 0 | 1, of: Conversation, linkId: string): Promise<string> {
    const path = `/api/customers/${of.customerId}/unmerge`;
    return this.insisting(() => this.agent(server).call('POST', path, { linkId }));
  }

  /** Resolves once all of these belong to one customer. */
  async oneCustomer(identities: string[]): Promise<void> {
    await until(
      'the identities to be of one customer',
      async () => {
        const found = await this.books
          .collection('identities')
          .find({ _id: { $in: identities } })
          .toArray();
        return new Set(found.map(({ customerId }) => customerId)).size === 1;
      },
      20_000,
      15,
    );
  }

  /**
   * Runs `a`, holds it after its n-th command until `b` is over or cannot go on without it, then lets it go.
   * @returns what each was told, and where `a` was held; null when `a` has fewer commands
   */
  async race(
    pair: Pair,
    scene: Scene,
    point: Omit<Hold, 'from'>,
  ): Promise<{ held: string; results: string[] } | null> {
    const { reached, contended, release } = this.traffic.hold({ ...point, from: pair.from?.bind(pair) });
    try {
      const first = scene.a().catch(inVain);
      // What is announced after the deed belongs to it.
      const over = first.then(() => this.traffic.quiet()).then(() => null);
      const held = await Promise.race([reached, over]);
      if (held === null) return null;
      this.pushTo(1);
      const second = scene.b().catch(inVain);
      const ends: Promise<unknown>[] = [second, contended];
      if (!pair.stalls) ends.push(this.traffic.quiet(idleMs));
      await Promise.race(ends);
      release();
      return { held, results: await Promise.all([first, second]) };
    } finally {
      release();
      this.pushTo(0);
    }
  }

  /** Both orders, one after the other. @returns what each was told, and the commands of the first */
  async serially(
    pair: Pair,
    scene: Scene,
    order: 'ab' | 'ba',
  ): Promise<{ results: string[]; commands: string[] }> {
    const results: Record<string, string> = {};
    let commands: string[] = [];
    for (const name of order) {
      this.pushTo(name === 'a' ? 0 : 1);
      const deed = async () => {
        results[name] = await scene[name as 'a' | 'b']();
      };
      if (name === 'a') commands = await this.traffic.record(deed, pair.from?.bind(pair));
      else await deed();
      await this.settled(scene);
    }
    this.pushTo(0);
    return { results: [results.a ?? '', results.b ?? ''], commands };
  }

  /** Resolves when nothing of the scene is on its way any more. */
  async settled(scene: Scene): Promise<void> {
    await until('the scene to settle', () => this.books.settled(scene), 20_000, 15);
    await this.traffic.quiet();
  }

  /** What an agent's socket on either server did not hear of the scene's conversations. */
  async unheard(scene: Scene): Promise<string[]> {
    const faults: string[] = [];
    for (const { _id, version } of await this.books.conversations(scene))
      for (const [server, ear] of this.ears.entries())
        await ear.heardAll(_id, Number(version), hearingMs).catch((error: Error) => {
          faults.push(`the socket on server ${server} ${error.message} of conversation ${_id}`);
        });
    return faults;
  }
}

/** A deed that never came to its end is one that neither order knows. */
const inVain = (error: Error) => error.message;

/** Whoever is told so often that too many change the same thing at once gives it up. */
const mostTries = 4;

/** What the API told the one who did it: told to try again (503), they do. */
async function told(call: () => Promise<unknown>): Promise<string> {
  for (let attempt = 1; ; attempt += 1)
    try {
      await call();
      return 'ok';
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (error.code !== 'unavailable' || attempt === mostTries) return error.reason ?? error.code;
    }
}
