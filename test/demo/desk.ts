import { createCanned } from '../../server/canned/canned.service.ts';
import { findChannel, updateChannel } from '../../server/channels/channel.service.ts';
import type { Context } from '../../server/context.ts';
import { updateConversation } from '../../server/conversations/conversation.update.ts';
import { createTag } from '../../server/tags/tag.service.ts';
import { createTeam } from '../../server/teams/team.service.ts';
import { createView } from '../../server/views/view.service.ts';
import type { Viewer } from '../../shared/access.ts';
import { defaultRouting } from '../../shared/channel.ts';
import type { ConversationUpdate } from '../../shared/conversation.ts';
import type { BusinessHours } from '../../shared/hours.ts';
import type { Tag } from '../../shared/tag.ts';

const tags: { name: string; colour: Tag['colour'] }[] = [
  { name: 'پیگیری سفارش', colour: 'blue' },
  { name: 'مرجوعی', colour: 'orange' },
  { name: 'شکایت', colour: 'red' },
  { name: 'مشتری وفادار', colour: 'green' },
  { name: 'wholesale', colour: 'purple' },
  { name: 'invoice', colour: 'teal' },
];

/** What the shop says again and again. */
const canned: { folder: string[]; title: string; shortcut: string; text: string }[] = [
  {
    folder: ['سلام و بدرود'],
    title: 'خوشامد',
    shortcut: 'سلام',
    text: 'سلام {{customer.name|دوست عزیز}}، {{agent.name}} هستم از {{organisation.name}}. چطور می‌توانم کمکتان کنم؟',
  },
  {
    folder: ['سلام و بدرود'],
    title: 'سپاس و بدرود',
    shortcut: 'بدرود',
    text: 'سپاس از همراهی شما. هر زمان پرسشی بود، همین‌جا بنویسید.',
  },
  {
    folder: ['سفارش', 'ارسال'],
    title: 'زمان رسیدن',
    shortcut: 'ارسال',
    text: 'سفارش شما فردا از انبار بیرون می‌رود و معمولاً دو تا سه روز کاری بعد به دستتان می‌رسد.',
  },
  {
    folder: ['سفارش', 'مرجوعی'],
    title: 'شرایط مرجوعی',
    shortcut: 'مرجوعی',
    text: 'تا هفت روز پس از دریافت می‌توانید کالا را در بسته‌بندی خودش برگردانید. نشانی پستی را برایتان می‌فرستم.',
  },
  {
    folder: ['English'],
    title: 'Hello',
    shortcut: 'hello',
    text: 'Hello {{customer.name|there}}, this is {{agent.name}} from {{organisation.name}}. How can I help?',
  },
  {
    folder: ['English'],
    title: 'Delivery time',
    shortcut: 'delivery',
    text: 'Your order leaves our warehouse tomorrow and usually arrives within two or three working days.',
  },
];

const day = [{ from: '09:00', to: '18:00' }];
const hours: BusinessHours = {
  timeZone: 'Asia/Tehran',
  week: { sat: day, sun: day, mon: day, tue: day, wed: day, thu: [{ from: '09:00', to: '13:00' }], fri: [] },
  iranianHolidays: true,
  closed: [],
  except: [],
};

/** Teams, tags, canned replies, a view for everyone and hours of business: what a shop of its age would have. */
export async function furnishDesk(
  ctx: Context,
  viewer: Viewer,
  of: { agentIds: string[]; channelIds: string[] },
): Promise<void> {
  const [first] = of.agentIds;
  const support = await createTeam(ctx, viewer, { name: 'پشتیبانی', memberIds: of.agentIds });
  const sales = await createTeam(ctx, viewer, { name: 'فروش', memberIds: first ? [first] : [] });
  for (const tag of tags) await createTag(ctx, viewer, tag);
  for (const reply of canned) await createCanned(ctx, viewer, { ...reply, sharedWith: 'everyone' });
  await createView(ctx, viewer, {
    name: 'فوری',
    filter: { status: ['open'], priority: ['urgent', 'high'] },
    sharedWith: 'everyone',
  });
  for (const id of of.channelIds) {
    const { connector } = await findChannel(ctx, id);
    // Who looks at the goods asks those who sell them; and whoever tries the chat at night should find somebody there.
    const sessions = ctx.connectors[connector]?.manifest.capabilities.sessions;
    const { id: teamId } = sessions ? sales : support;
    const routing = { ...defaultRouting, teamId, hours: sessions ? null : hours };
    await updateChannel(ctx, viewer, { id, change: { routing } });
  }
}

/** A conversation as somebody who works there would leave it in the list: with a tag, and now and then pressing. */
export async function labelled(
  ctx: Context,
  viewer: Viewer,
  of: { conversationId: string; n: number },
): Promise<void> {
  const known = await ctx.models.tags.find({ archived: false }, { _id: 1 }).sort({ createdAt: 1 }).lean();
  const tag = known[of.n % Math.max(1, known.length)];
  const updates: ConversationUpdate[] = [
    ...(tag ? [{ deed: 'tag' as const, add: [tag._id], remove: [] }] : []),
    ...(of.n % 3 === 0 ? [{ deed: 'priority' as const, priority: 'high' as const }] : []),
  ];
  for (const update of updates)
    await updateConversation(ctx, viewer, { conversationId: of.conversationId, update });
}
