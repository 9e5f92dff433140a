import type {
  InboundEvent,
  InboundMention,
  InboundMessage,
  InboundPost,
} from '../../connectors/connector.ts';
import { idAt } from '../../connectors/x/ids.ts';
import type { Context } from '../../server/context.ts';
import { takeMention } from '../../server/listening/mention.intake.ts';
import { commit } from '../../server/messages/commit.ts';
import { messageSteps } from '../../server/messages/intake.message.ts';
import { publicStep } from '../../server/messages/intake.public.ts';
import type { Arrival, Step } from '../../server/messages/intake.step.ts';
import { between, pick, type Random } from './compose.ts';
import type { DemoLine } from './history.ts';
import type { Manner, Voice } from './public.people.ts';
import { productOf, said } from './public.say.ts';
import { type PublicWords, publicWords } from './public.words.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
const days = 56;
const postEvery = 3;
/** Before the doors open. */
const quiet = 3 * 60 * minute;
/** Commits under way at once. */
const atOnce = 4;

interface Said {
  line: DemoLine;
  at: Date;
  event: InboundMessage | InboundMention | Extract<InboundEvent, { type: 'post' }>;
}

/**
 * Eight weeks of what was said in public, up to this morning: mentions on X, and what people wrote to one another and to us under the
 * shop's posts. Taken in by the product's own steps; what is a message comes in as history, silently.
 * @returns how much was said
 */
export async function importPublic(
  ctx: Context,
  options: { now: Date; voices: readonly Voice[]; random: Random },
): Promise<number> {
  const all = tellPublic(options).sort((a, b) => a.at.getTime() - b.at.getTime());
  const channels = new Map(
    (
      await ctx.models.channels
        .find({ state: { $ne: 'archived' } })
        .lean()
        .exec()
    ).map((one) => [one._id, one]),
  );
  const queue = all.entries();
  const worker = async () => {
    for (const [nth, { line, at, event }] of queue) {
      const channel = channels.get(line.channelId);
      if (!channel) throw new Error(`There is no channel ${line.channelId} in the demonstration.`);
      const arrival: Arrival = {
        inbound: {
          _id: `history:public:${nth}`,
          receivedAt: at,
          parkedAt: null,
          history: event.type === 'message',
          restored: false,
        },
        fence: 0,
        channel,
        connector: line.connector,
      };
      for (const step of await stepsOf(ctx, arrival, event)) await commit(ctx, step);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return all.length;
}

async function stepsOf(ctx: Context, arrival: Arrival, event: Said['event']): Promise<Step[]> {
  const before = publicStep(ctx, arrival, event);
  const own =
    event.type === 'message'
      ? (await messageSteps(ctx, arrival, event)).steps
      : event.type === 'mention'
        ? [takeMention(arrival, event)]
        : [];
  return before ? [before, ...own] : own;
}

type Telling = { now: Date; voices: readonly Voice[]; random: Random };

function tellPublic(options: Telling): Said[] {
  const { now, random, voices } = options;
  const today = Math.floor(now.getTime() / day) * day;
  const lines = [...new Set(voices.map(({ line }) => line))];
  const all: Said[] = [];
  for (let ago = days; ago >= 0; ago -= 1) {
    const from = today - ago * day;
    // Rather more of it lately, and most of it in the evening.
    const many = between(random, 3, 5 + Math.round((days - ago) / 14));
    for (let n = 0; n < many; n += 1) all.push(mention(options, from));
    const line = lines[Math.floor((days - ago) / postEvery) % lines.length];
    if (line && ago % postEvery === 0 && ago > 1) all.push(...thread(options, { line, from }));
  }
  // What happens from now on is said through the networks' sockets.
  const until = now.getTime() - quiet;
  return all.filter(({ at }) => at.getTime() < until);
}

type Kind = keyof Omit<PublicWords, 'ask'>;

/** Who says what on X, in hundredths. */
const shares: { manner: Manner; kind: Kind; of: number }[] = [
  { manner: 'fan', kind: 'praise', of: 24 },
  { manner: 'fan', kind: 'recommend', of: 14 },
  { manner: 'fan', kind: 'told', of: 4 },
  { manner: 'asker', kind: 'plain', of: 24 },
  { manner: 'critic', kind: 'complain', of: 17 },
  { manner: 'passer', kind: 'rival', of: 8 },
  { manner: 'passer', kind: 'moon', of: 9 },
];
const hundred = shares.flatMap((share) => Array.from({ length: share.of }, () => share));

/** One of what is said on X, by somebody whose manner it is. */
export function remark(voices: readonly Voice[], random: Random): { voice: Voice; text: string; kind: Kind } {
  const { manner, kind } = pick(random, hundred);
  const voice = pick(
    random,
    voices.filter((one) => one.manner === manner && one.line.connector.manifest.id === 'x'),
  );
  return {
    voice,
    kind,
    text: said(pick(random, publicWords(voice.who.language)[kind]), { who: voice.who, random }),
  };
}

function mention({ voices, random }: Telling, from: number): Said {
  const { voice, text } = remark(voices, random);
  const at = new Date(from + timeOfDay(random));
  const externalId = idOf(voice.line, at, random);
  const post = {
    externalId,
    scope: scopeOf(voice.line),
    author: { handle: voice.sender.display, name: voice.who.name, ours: false },
    text,
    at,
    url: `https://x.com/${voice.handle}/status/${externalId}`,
  };
  return {
    line: voice.line,
    at,
    event: {
      type: 'mention',
      kind: 'post',
      externalId,
      scope: post.scope,
      author: voice.sender,
      text,
      at,
      url: post.url,
      post,
      attachments: [],
      threadKey: `post:${externalId}`,
    },
  };
}

/** A post of ours, what is said of it, and questions that others answer before us. */
function thread({ voices, random }: Telling, { line, from }: { line: DemoLine; from: number }): Said[] {
  const here = voices.filter((voice) => voice.line === line && voice.who.language === 'fa');
  const of = (manner: Manner) =>
    pick(
      random,
      here.filter((voice) => voice.manner === manner),
    );
  const words = publicWords('fa');
  const product = productOf('fa', random);
  const opened = new Date(from + timeOfDay(random) / 2);
  const post: InboundPost = {
    externalId: idOf(line, opened, random),
    scope: scopeOf(line),
    author: { handle: ownHandle(line), name: 'فروشگاه مهتاب', ours: true },
    text: said(pick(random, words.posts.slice(1)), { who: { language: 'fa', city: '' }, random, product }),
    at: opened,
  };
  const all: Said[] = [{ line, at: opened, event: { type: 'post', post, at: opened } }];
  let at = opened.getTime();
  const says = (voice: Voice, text: string, inReplyTo?: string): string => {
    at += between(random, 6, 170) * minute;
    const time = new Date(at);
    const externalId = idOf(line, time, random);
    all.push({
      line,
      at: time,
      event: {
        type: 'message',
        externalIds: [externalId],
        scope: post.scope,
        direction: 'in',
        sender: voice.sender,
        threadKey: `post:${post.externalId}`,
        at: time,
        providerOrder: externalId.padStart(24, '0'),
        text: said(text, { who: voice.who, random, product }),
        attachments: [],
        visibility: 'public',
        post,
        ...(inReplyTo ? { inReplyTo } : {}),
      },
    });
    return externalId;
  };
  for (let n = between(random, 3, 4); n > 0; n -= 1) {
    const [asker, helper] = [of('asker'), of('helper')];
    const { question, answers } = pick(random, words.ask);
    const asked = says(asker, question);
    if (random() > 0.85) continue;
    const answered = says(helper, pick(random, answers), asked);
    if (random() < 0.75) says(asker, pick(random, words.thanks), answered);
  }
  for (let n = between(random, 2, 4); n > 0; n -= 1) says(of('fan'), pick(random, words.liked));
  if (random() < 0.6) says(of('critic'), pick(random, words.disliked));
  return all;
}

const scopeOf = ({ connector, simulator }: DemoLine) =>
  `${connector.manifest.id}:${connector.accountRef(simulator.settings)}`;

/** As the simulators know our own account. */
function ownHandle({ connector, simulator }: DemoLine): string {
  const { handle } = simulator.settings;
  if (handle) return `@${String(handle)}`;
  return connector.manifest.id === 'instagram' ? '@example.shop' : 'فروشگاه مهتاب';
}

/** In the network's own form; of that time, so that it can be none of today's. */
function idOf({ connector }: DemoLine, at: Date, random: Random): string {
  const own = connector.manifest.id === 'x' ? BigInt(idAt(at)) : BigInt(at.getTime()) * 1_000_000n;
  return String(own + BigInt(between(random, 1, 999_999)));
}

/** Of the day, in UTC: mostly in Tehran's afternoon and evening. */
function timeOfDay(random: Random): number {
  const hour = pick(random, [7, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 18, 19, 19, 20, 20, 21, 21, 22, 23]);
  return ((hour * 60 + between(random, 0, 59) - 210 + 1440) % 1440) * minute;
}
