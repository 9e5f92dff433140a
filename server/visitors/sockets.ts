import type { Namespace, Socket } from 'socket.io';
import * as z from 'zod/mini';
import type { ServerToVisitor, VisitorToServer, WidgetConfig } from '../../shared/visitor.ts';
import type { Context } from '../context.ts';
import type { CustomerDoc, IdentityDoc } from '../customers/customer.model.ts';
import type { Io } from '../realtime/server.ts';
import type { Relay } from '../relay.ts';
import { presentConfig, sessionChannels, siteOf, siteOfChannel } from './site.ts';
import { findVisitor, visitorKeyOf } from './visitor.find.ts';
import type { VisitorDoc } from './visitor.model.ts';
import { sayOffline, sayOnline } from './visitor.online.ts';
import { presentAllForVisitor } from './visitor.presenter.ts';
import { visitorHas } from './visitor.seen.ts';
import { followTeam } from './visitor.team.ts';

/** What is known of a socket: who it is of, found out from its token alone. */
interface VisitorData {
  visitor: Pick<VisitorDoc, '_id' | 'identityId' | 'channelId' | 'site'>;
  typedAt: number;
}
export type VisitorNamespace = Namespace<
  VisitorToServer,
  ServerToVisitor,
  Record<string, never>,
  VisitorData
>;
type VisitorSocket = Socket<VisitorToServer, ServerToVisitor, Record<string, never>, VisitorData>;

/** So many windows may one visitor have open, on all servers. */
const mostSockets = 5;
const typingMs = 1_000;
const beatMs = 20_000;

const Auth = z.object({ site: z.string().check(z.maxLength(64)), token: z.string().check(z.maxLength(200)) });
const Seq = z.object({ seq: z.number().check(z.int(), z.nonnegative()) });

const room = (identityId: string) => `visitor:${identityId}`;
const siteRoom = (site: string) => `site:${site}`;

export interface VisitorSockets {
  /** The token of this visitor holds no more. */
  end(visitor: Pick<VisitorDoc, 'identityId'>): void;
  close(): Promise<void>;
}

/** The namespace /visitor: each socket hears of its own visitor and of nothing else. */
export function startVisitorSockets(deps: { ctx: Context; io: Io; relay: Relay }): VisitorSockets {
  const { ctx, relay } = deps;
  const namespace = deps.io.of('/visitor') as unknown as VisitorNamespace;
  const inOrder = queue((error) => ctx.log.error({ err: error }, 'a visitor was not told'));
  /** Nothing more is written: the database goes next. */
  let closed = false;
  const fault = (error: unknown) => ctx.log.warn({ err: error }, 'a visitor’s word was not taken in');

  const here = ({ _id }: Pick<VisitorDoc, '_id'>, deed: () => Promise<void>) => inOrder(`here ${_id}`, deed);

  namespace.use((socket, next) => {
    admit(ctx, namespace, socket as VisitorSocket).then(
      (refusal) => next(refusal ? new Error(refusal) : undefined),
      (error: unknown) => {
        ctx.log.error({ err: error }, 'a visitor’s socket could not be let in');
        next(new Error('unavailable'));
      },
    );
  });
  namespace.on('connection', (socket) => {
    const { visitor } = socket.data;
    socket.join([room(visitor.identityId), siteRoom(visitor.site)]);
    // Several that were let in side by side did not see one another.
    if ((namespace.adapter.rooms.get(room(visitor.identityId))?.size ?? 0) > mostSockets) {
      socket.disconnect(true);
      return;
    }
    if (closed) return;
    here(visitor, () => sayOnline(ctx, visitor));
    socket.on('typing', () => {
      const now = performance.now();
      if (closed || now - socket.data.typedAt < typingMs) return;
      socket.data.typedAt = now;
      typing(ctx, visitor).catch(fault);
    });
    const has = (state: 'delivered' | 'read') => (event: unknown) => {
      const parsed = z.safeParse(Seq, event);
      if (closed || !parsed.success) return;
      inOrder(`has ${visitor._id}`, () => visitorHas(ctx, visitor, { seq: parsed.data.seq, state }));
    };
    socket.on('arrived', has('delivered'));
    socket.on('seen', has('read'));
    socket.on('disconnect', () => {
      const others = [...namespace.sockets.values()].some(
        (other) => other.id !== socket.id && other.data.visitor._id === visitor._id,
      );
      if (!closed && !others) here(visitor, () => sayOffline(ctx, visitor));
    });
  });

  const stops = [
    ctx.bus.on('visitor.changed', ({ identityId, messages }) => {
      inOrder(identityId, async () => {
        const identity = await ctx.models.identities
          .findById(identityId, { teamReadAt: 1 })
          .lean<Pick<IdentityDoc, 'teamReadAt'>>()
          .exec();
        for (const message of await presentAllForVisitor(ctx, identity, messages))
          namespace.to(room(identityId)).emit('message', message);
      });
    }),
    followTeam(ctx, {
      typing: (identityId, author) => namespace.to(room(identityId)).volatile.emit('typing', { author }),
      read: (identityId, event) => namespace.to(room(identityId)).emit('read', event),
    }),
  ];

  /** Site → what its visitors here were last told of it. */
  const told = new Map<string, string>();
  const tellConfigs = async () => {
    const here = new Set([...namespace.sockets.values()].map((socket) => socket.data.visitor.site));
    for (const site of told.keys()) if (!here.has(site)) told.delete(site);
    if (!here.size) return;
    const sites = (await sessionChannels(ctx)).filter((channel) => here.has(channel.accountRef));
    for (const channel of sites) {
      here.delete(channel.accountRef);
      const config: WidgetConfig = presentConfig(ctx, siteOfChannel(ctx, channel));
      const text = JSON.stringify(config);
      if (told.get(config.site) !== text && told.has(config.site))
        namespace.local.to(siteRoom(config.site)).emit('config', config);
      told.set(config.site, text);
    }
    // The channels of the rest were archived.
    for (const site of here) {
      namespace.local.to(siteRoom(site)).emit('ended');
      namespace.local.in(siteRoom(site)).disconnectSockets(true);
    }
  };
  const configsChanged = () => inOrder('configs', tellConfigs);
  stops.push(ctx.bus.on('channel.changed', configsChanged), relay.on('channel.changed', configsChanged));
  namespace.on('connection', (socket) => {
    if (!told.has(socket.data.visitor.site)) configsChanged();
  });

  const timer = setInterval(() => {
    inOrder('beat', () => beat(ctx, namespace));
    configsChanged();
  }, beatMs);
  timer.unref();

  return {
    end({ identityId }) {
      namespace.to(room(identityId)).emit('ended');
      namespace.in(room(identityId)).disconnectSockets(true);
    },
    async close() {
      clearInterval(timer);
      for (const stop of stops) stop();
      closed = true;
      // Their sockets end after this, with the server; then it could not be said any more.
      for (const { data } of namespace.sockets.values())
        here(data.visitor, () => sayOffline(ctx, data.visitor));
      await inOrder.empty();
    },
  };
}

/** @returns why not; null: it is a visitor's, and one of few. */
async function admit(
  ctx: Context,
  namespace: VisitorNamespace,
  socket: VisitorSocket,
): Promise<string | null> {
  const auth = z.safeParse(Auth, socket.handshake.auth);
  const site = auth.success ? await siteOf(ctx, auth.data.site).catch(() => null) : null;
  const visitor = auth.success && site ? await findVisitor(ctx, site, auth.data.token) : null;
  if (!visitor) return 'unauthenticated';
  const { _id, identityId, channelId } = visitor;
  if ((await namespace.in(room(identityId)).fetchSockets()).length >= mostSockets) return 'tooManySockets';
  socket.data = {
    visitor: { _id, identityId, channelId, site: visitor.site },
    typedAt: Number.NEGATIVE_INFINITY,
  };
  return null;
}

/** They type in the conversation where their next message would go. */
async function typing(ctx: Context, { identityId }: Pick<VisitorDoc, 'identityId'>): Promise<void> {
  const identity = await ctx.models.identities.findById(identityId).lean<IdentityDoc>().exec();
  if (!identity || identity.blocked) return;
  const customer = await ctx.models.customers.findById(identity.customerId).lean<CustomerDoc>().exec();
  if (customer?.active.main) ctx.bus.emit('customer.typing', { conversationId: customer.active.main });
}

/** Says that those who are here still are, and tells each their own number: what a broken bus swallowed is found by it. */
async function beat(ctx: Context, namespace: VisitorNamespace): Promise<void> {
  const sockets = [...namespace.sockets.values()];
  if (!sockets.length) return;
  await sayOnline(ctx, ...new Set(sockets.map((socket) => socket.data.visitor)));
  const ids = [...new Set(sockets.map((socket) => socket.data.visitor.identityId))];
  const identities = await ctx.models.identities
    .find({ _id: { $in: ids } }, { visitorSeq: 1 })
    .lean<Pick<IdentityDoc, '_id' | 'visitorSeq'>[]>()
    .exec();
  const seqs = new Map(identities.map((identity) => [identity._id, identity.visitorSeq ?? 0]));
  for (const socket of sockets)
    socket.volatile.emit('seq', { seq: seqs.get(socket.data.visitor.identityId) ?? 0 });
  const keys = ids.flatMap((id) => visitorKeyOf(id) ?? []);
  const ended = await ctx.models.visitors
    .find({ _id: { $in: keys }, tokenHash: '' }, { identityId: 1 })
    .lean<Pick<VisitorDoc, 'identityId'>[]>()
    .exec();
  for (const { identityId } of ended) {
    namespace.local.to(room(identityId)).emit('ended');
    namespace.local.in(room(identityId)).disconnectSockets(true);
  }
}

/** What concerns one visitor is done in the order in which it came. */
function queue(onError: (error: unknown) => void) {
  const tails = new Map<string, Promise<void>>();
  const inOrder = (about: string, deed: () => Promise<void>) => {
    const tail = (tails.get(about) ?? Promise.resolve()).then(deed).catch(onError);
    tails.set(about, tail);
    void tail.then(() => {
      if (tails.get(about) === tail) tails.delete(about);
    });
  };
  return Object.assign(inOrder, { empty: () => Promise.all(tails.values()) });
}
