import { randomUUID } from 'node:crypto';
import type { Simulator } from '../../connectors/connector.ts';
import type { Context } from '../../server/context.ts';
import type { ConversationDoc } from '../../server/conversations/conversation.model.ts';
import { splitConversation } from '../../server/conversations/conversation.split.ts';
import { updateConversation } from '../../server/conversations/conversation.update.ts';
import { identityId } from '../../server/customers/identity.ts';
import type { MessageDoc } from '../../server/messages/message.model.ts';
import { writeNote } from '../../server/messages/note.ts';
import { reply } from '../../server/messages/reply.ts';
import type { Viewer } from '../../shared/access.ts';
import type { HistoryAgent } from './year.ts';

interface Letters {
  channelId: string;
  simulator: Simulator;
}

/**
 * The first morning, once a history is there: letters that show what a desk does with them. One with a layout and copies, in which a
 * colleague is asked; two matters of one sender, of which one is split off; and one whose answer comes back.
 */
export async function openingMorning(
  ctx: Context,
  options: { letters: Letters; agents: HistoryAgent[] },
): Promise<void> {
  const { letters, agents } = options;
  const [first, second] = agents;
  if (!first || !second) throw new Error('The first morning needs two agents.');
  const [negar, kian] = [viewerOf(first), viewerOf(second)];
  await wholesale(ctx, { letters, negar, kian });
  await twoMatters(ctx, { letters, negar });
  await comesBack(ctx, { letters, kian });
}

type Desk = { letters: Letters; negar: Viewer; kian: Viewer };

async function wholesale(ctx: Context, { letters, negar, kian }: Desk): Promise<void> {
  const { conversation } = await arrives(ctx, letters, {
    peer: 'rana.nemati@example.org',
    name: 'رعنا نعمتی',
    subject: 'استعلام قیمت برای ۴۰ دستگاه قهوه‌ساز',
    cc: ['accounts@example.org', 'store@example.org'],
    text: wholesaleText,
    html: wholesaleLayout,
  });
  const conversationId = conversation._id;
  await updateConversation(ctx, negar, { conversationId, update: { deed: 'priority', priority: 'high' } });
  await writeNote(ctx, kian, {
    conversationId,
    create: {
      id: randomUUID(),
      kind: 'note',
      text: 'نگار جان، قیمت عمده را تا ظهر می‌دهی؟ سقف تخفیف ۸٪ است.',
      fileIds: [],
      lastSeenSeq: conversation.seq,
      mentions: [negar.id],
    },
  });
}

async function twoMatters(ctx: Context, { letters, negar }: Omit<Desk, 'kian'>): Promise<void> {
  const sender = { peer: 'helen.ward@example.org', name: 'Helen Ward' };
  await arrives(ctx, letters, {
    ...sender,
    subject: 'Invoice F-20418 has the wrong address',
    text: 'Hello,\n\nthe invoice still shows our old address. Could you send it again with the one below?\n\nHelen Ward\n12 Harbour Street, Kish',
  });
  const later = await arrives(ctx, letters, {
    ...sender,
    subject: 'The kettle leaks',
    text: 'Hello again,\n\nthis is about something else: one of the six kettles leaks at the handle. What do you need from me for the warranty?\n\nHelen Ward',
  });
  const { channelId, identityId: identity, threadKey } = later.message;
  if (!channelId || !identity || !threadKey) throw new Error('A letter came without its thread.');
  await splitConversation(ctx, negar, {
    conversationId: later.conversation._id,
    split: { channelId, identityId: identity, threadKey },
  });
}

async function comesBack(ctx: Context, { letters, kian }: Omit<Desk, 'negar'>): Promise<void> {
  const peer = 'omid.rastegar@example.org';
  const { conversation, message } = await arrives(ctx, letters, {
    peer,
    name: 'امید رستگار',
    subject: 'پیگیری سفارش MH-318204',
    text: 'سلام، سفارش MH-318204 سه روز است که «در حال ارسال» مانده. لطفاً بررسی کنید.\n\nامید رستگار',
  });
  const { simulator } = letters;
  simulator.fail('bounce', { times: 1 });
  await reply(ctx, kian, {
    conversationId: conversation._id,
    create: {
      id: randomUUID(),
      kind: 'message',
      text: 'سلام آقای رستگار، بسته امروز از انبار بیرون رفت و فردا می‌رسد.',
      fileIds: [],
      lastSeenSeq: conversation.seq,
      target: {
        channelId: letters.channelId,
        identityId: identityId({ kind: 'emailAddress', value: peer }),
        threadKey: message.threadKey ?? '',
      },
    },
  });
}

const viewerOf = ({ userId }: HistoryAgent): Viewer => ({
  id: userId,
  role: 'agent',
  channelIds: 'all',
  teamIds: [],
});

/** Written, and taken in. */
async function arrives(
  ctx: Context,
  { simulator }: Letters,
  letter: Parameters<Simulator['customerWrites']>[0],
): Promise<{ conversation: ConversationDoc; message: MessageDoc }> {
  let stop = () => {};
  const arrived = new Promise<{ conversation: ConversationDoc; message: MessageDoc }>((resolve) => {
    stop = ctx.bus.on('conversation.changed', ({ conversation, messages }) => {
      for (const message of messages)
        if ('letter' in message && message.direction === 'in' && message.letter?.subject === letter.subject)
          resolve({ conversation, message });
    });
  });
  try {
    await simulator.customerWrites(letter);
    return await arrived;
  } finally {
    stop();
  }
}

const goods = [
  { name: 'قهوه‌ساز K20', count: '۴۰', colour: 'مشکی' },
  { name: 'کتری ۱٫۷ لیتری', count: '۲۵', colour: 'استیل' },
  { name: 'ساندویچ‌ساز', count: '۱۵', colour: 'سفید' },
];

const wholesaleText = `سلام و وقت بخیر،

برای تجهیز دفترهای شرکت به کالاهای زیر نیاز داریم. لطفاً قیمت عمده و زمان تحویل را تا پایان هفته بفرستید.

${goods.map(({ name, count, colour }) => `- ${name} (${colour}): ${count} دستگاه`).join('\n')}

با سپاس
رعنا نعمتی
مدیر خرید`;

const wholesaleLayout = `<div dir="rtl" style="font-family:Tahoma,sans-serif;color:#2a211c">
<p>سلام و وقت بخیر،</p>
<p>برای تجهیز دفترهای شرکت به کالاهای زیر نیاز داریم. لطفاً <b>قیمت عمده</b> و <b>زمان تحویل</b> را تا پایان هفته بفرستید.</p>
<table style="border-collapse:collapse" border="1" cellpadding="8">
<tr style="background:#eadfd3"><th>کالا</th><th>رنگ</th><th>تعداد</th></tr>
${goods.map(({ name, count, colour }) => `<tr><td>${name}</td><td>${colour}</td><td>${count}</td></tr>`).join('\n')}
</table>
<p>با سپاس<br>رعنا نعمتی<br><span style="color:#7a3b1d">مدیر خرید</span></p>
</div>`;
