import type { Simulator } from '../../connectors/connector.ts';
import type { ChannelDoc } from '../../server/channels/channel.model.ts';
import { createChannel, updateChannel } from '../../server/channels/channel.service.ts';
import type { Context } from '../../server/context.ts';
import { assignConversation } from '../../server/conversations/conversation.assign.ts';
import { findOrganisation } from '../../server/users/organisation.ts';
import { hashPassword, mintPassword } from '../../server/users/password.ts';
import { insertUser } from '../../server/users/user.create.ts';
import { resetPassword } from '../../server/users/user.service.ts';
import type { Role, Viewer } from '../../shared/access.ts';
import { defaultPreferences } from '../../shared/user.ts';
import { furnishDesk, labelled } from './desk.ts';
import type { HistoryAgent } from './year.ts';

export interface DemoLogin {
  email: string;
  password: string;
  name: string;
}

/** The staff of the shop; nobody real. */
const staff: {
  email: string;
  role: Role;
  name: string;
  language: 'fa' | 'en';
  given: { fa: string; en: string };
  /** Of the telephone on their table. */
  extension?: string;
}[] = [
  {
    email: 'negar@demo.example',
    role: 'agent',
    name: 'نگار مهربان',
    language: 'fa',
    given: { fa: 'نگار', en: 'Negar' },
    extension: '101',
  },
  {
    email: 'kian@demo.example',
    role: 'agent',
    name: 'Kian Rad',
    language: 'en',
    given: { fa: 'کیان', en: 'Kian' },
    extension: '102',
  },
  {
    email: 'admin@demo.example',
    role: 'administrator',
    name: 'مدیر فروشگاه مهتاب',
    language: 'fa',
    given: { fa: 'مهتاب', en: 'Mahtab' },
  },
  {
    email: 'raha@demo.example',
    role: 'marketer',
    name: 'رها تابان',
    language: 'fa',
    given: { fa: 'رها', en: 'Raha' },
  },
];

export async function passwords(): Promise<DemoLogin[]> {
  return staff.map(({ email, name }) => ({ email, name, password: mintPassword() }));
}

export interface Shop {
  isNew: boolean;
  agents: HistoryAgent[];
  administrator: Viewer;
  marketer: Viewer;
  channels: { id: string; channelId: string; hookUrl: string }[];
}

/** The organisation, its staff and a channel for each simulator: made on the first start, given new passwords and addresses on each. */
export async function openShop(
  ctx: Context,
  options: { simulators: Record<string, Simulator>; logins: DemoLogin[] },
): Promise<Shop> {
  const isNew = (await findOrganisation(ctx)) === null;
  await hire(ctx, options.logins);

  const users = await ctx.models.users.find({}).lean().exec();
  const viewerAs = (role: Role): Viewer => {
    const user = users.find((one) => one.role === role && one.active);
    if (!user) throw new Error(`The demonstration has no ${role} left. Delete data/demo for a fresh one.`);
    return { id: user._id, role, channelIds: 'all', teamIds: [] };
  };
  const viewer = viewerAs('administrator');
  const channels = [];
  for (const [id, simulator] of Object.entries(options.simulators)) {
    const known = () =>
      ctx.models.channels
        .findOne({ connector: id, state: { $ne: 'archived' } })
        .lean()
        .exec();
    const before = await known();
    if (before) await follow(ctx, viewer, { channel: before, simulator });
    else {
      const name = ctx.connectors[id]?.manifest.name.fa ?? id;
      await createChannel(ctx, viewer, { connector: id, name, settings: { ...simulator.settings } });
    }
    const channel = await known();
    if (!channel) throw new Error(`The channel of ${id} was not made.`);
    channels.push({
      id,
      channelId: channel._id,
      hookUrl: new URL(`/hooks/${channel.hookId}`, ctx.publicUrl ?? '').href,
    });
  }
  const agents = staff.flatMap(({ email, given, role }) => {
    const user = users.find((each) => each.email === email);
    return user && role !== 'marketer' ? [{ userId: user._id, given }] : [];
  });
  if (isNew)
    await furnishDesk(ctx, viewer, {
      agentIds: users.filter((user) => user.role === 'agent').map((user) => user._id),
      channelIds: channels.map((channel) => channel.channelId),
    });
  return { isNew, agents, administrator: viewer, marketer: viewerAs('marketer'), channels };
}

/** A simulator has other ports at each start; what else its channel says may be the user's own. */
async function follow(
  ctx: Context,
  viewer: Viewer,
  { channel, simulator }: { channel: ChannelDoc; simulator: Simulator },
): Promise<void> {
  const ports = Object.entries(simulator.settings).filter(
    ([key, value]) => key.endsWith('Port') || /^http:\/\/127\.0\.0\.1:/.test(String(value)),
  );
  if (!ports.length) return;
  const settings = { ...channel.settings, ...Object.fromEntries(ports) };
  await updateChannel(ctx, viewer, { id: channel._id, change: { settings } });
}

/** Whoever is there already is given a new password. The first of all is the administrator. */
async function hire(ctx: Context, logins: DemoLogin[]): Promise<void> {
  const now = ctx.now();
  const isNew = (await findOrganisation(ctx)) === null;
  const byRank = [...staff].sort(
    (a, b) => Number(b.role === 'administrator') - Number(a.role === 'administrator'),
  );
  for (const [index, one] of byRank.entries()) {
    const password = logins.find((login) => login.email === one.email)?.password ?? mintPassword();
    if (await ctx.models.users.exists({ email: one.email }).exec()) {
      await resetPassword(ctx, one.email, password);
      continue;
    }
    await insertUser(ctx, {
      user: {
        _id: ctx.uuid(),
        name: one.name,
        email: one.email,
        role: one.role,
        channelIds: 'all',
        teamIds: [],
        ...(one.extension && { extension: one.extension }),
        active: true,
        preferences: {
          ...defaultPreferences,
          language: one.language,
          calendar: one.language === 'fa' ? 'jalali' : 'gregorian',
        },
        touched: 0,
        createdAt: now,
        lastSeenAt: null,
      },
      passwordHash: await hashPassword(password),
      ...(isNew &&
        index === 0 && {
          organisation: {
            _id: 'organisation' as const,
            name: 'فروشگاه مهتاب',
            language: 'fa' as const,
            calendar: 'jalali' as const,
            timeZone: 'Asia/Tehran',
            createdAt: now,
            demo: true,
          },
        }),
    });
  }
}

/** The staff at work already: each of the agents takes a few of the first conversations that wait. @returns stops it */
export function shareOut(ctx: Context, agents: HistoryAgent[], each: number): () => void {
  const turns = agents.flatMap((agent) => Array.from({ length: each }, () => agent));
  const taken = new Set<string>();
  const stop = ctx.bus.on('conversation.changed', ({ conversation }) => {
    if (conversation.assigneeId || conversation.status !== 'open' || taken.has(conversation._id)) return;
    // Every other one stays for whoever tries the demonstration.
    taken.add(conversation._id);
    const agent = taken.size % 2 ? turns.shift() : undefined;
    if (!turns.length) stop();
    if (!agent) return;
    const viewer = { id: agent.userId, role: 'agent' as const, channelIds: 'all' as const, teamIds: [] };
    const conversationId = conversation._id;
    const n = taken.size;
    assignConversation(ctx, viewer, { conversationId, assigneeId: agent.userId })
      .then(() => labelled(ctx, viewer, { conversationId, n }))
      .catch((error: unknown) =>
        ctx.log.warn({ err: error }, 'a conversation of the demonstration was not assigned'),
      );
  });
  return stop;
}
