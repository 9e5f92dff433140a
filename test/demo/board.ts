import { randomUUID } from 'node:crypto';
import { listAdvocates } from '../../server/advocates/advocate.list.ts';
import type { AdvocateDoc, EvidenceDoc } from '../../server/advocates/advocate.model.ts';
import { changeAdvocateSettings } from '../../server/advocates/advocate.preview.ts';
import { usualSettings } from '../../server/advocates/advocate.settings.ts';
import { updateAdvocate } from '../../server/advocates/advocate.update.ts';
import { makeReferralCode } from '../../server/advocates/referral.ts';
import { askTestimonial, recordTestimonial } from '../../server/advocates/testimonial.service.ts';
import type { Context } from '../../server/context.ts';
import { putRecords, type RecordWord } from '../../server/records/record.service.ts';
import { createCouponList } from '../../server/rewards/coupon.service.ts';
import { undoReward } from '../../server/rewards/reward.decide.ts';
import { giveReward } from '../../server/rewards/reward.give.ts';
import type { Viewer } from '../../shared/access.ts';
import type { Advocate, AdvocateStage } from '../../shared/advocate.ts';
import { AppError } from '../../shared/errors.ts';
import type { RewardGive } from '../../shared/reward.ts';
import { between, pick, type Random, speechOf } from './compose.ts';
import { on, scored } from './when.ts';

const dayMs = 86_400_000;

export interface BoardOptions {
  marketer: Viewer;
  administrator: Viewer;
  now: Date;
  random: Random;
}

/**
 * Weeks of a marketer's work: who was spoken to and how far that came, what they were given, whose words may be quoted, and what their
 * codes brought. All by the product's own services, as of the days on which it was done.
 */
export async function furnishBoard(ctx: Context, options: BoardOptions): Promise<void> {
  const { marketer, administrator, now } = options;
  const support = await ctx.models.teams.findOne({ name: 'پشتیبانی' }, { _id: 1 }).lean<{ _id: string }>();
  await changeAdvocateSettings(ctx, administrator, { ...usualSettings, supportTeamId: support?._id ?? null });
  const coupons = await couponsOf(on(ctx, ago(now, 40)), marketer);
  await scored(ctx);

  const { advocates } = await listAdvocates(ctx, marketer, {
    stage: null,
    kind: null,
    channelId: null,
    product: null,
    sort: 'score',
    q: '',
    segmentId: null,
    after: null,
    limit: 100,
  });
  const fond = advocates.filter(({ kinds, optedOut }) => !kinds.includes('detractor') && !optedOut);
  const influencers = fond.filter(({ kinds }) => kinds.includes('influencer'));
  const others = fond.filter((one) => !influencers.includes(one));
  const ambassadors = others.slice(0, 3);
  const engaged = [...others.slice(3, 6), ...influencers.slice(0, 1)];
  const contacted = [...others.slice(6, 10), ...influencers.slice(1)];
  const silence = ({ lastAt }: Advocate) => lastAt ?? '';
  const dormant = [...others.slice(10)].sort((a, b) => (silence(a) < silence(b) ? -1 : 1)).slice(0, 2);
  const move = (list: readonly Advocate[], stage: AdvocateStage, days: number) =>
    moved(ctx, options, { list, stage, days });
  await move(contacted, 'contacted', 9);
  await move(engaged, 'engaged', 16);
  await move(ambassadors, 'ambassador', 24);
  await move(dormant, 'dormant', 6);
  // Whoever is cross is seen to by support: on the board they stand last.
  for (const { customerId, version, kinds } of advocates)
    if (kinds.includes('detractor'))
      await updateAdvocate(ctx, marketer, { customerId, update: { version, before: null } });

  await thanked(ctx, options, { ambassadors, engaged, coupons });
  await referred(ctx, options, [...ambassadors, ...engaged.slice(0, 1)]);
  await quoted(ctx, marketer, [...ambassadors, ...engaged, ...contacted, ...others]);
}

const ago = (now: Date, days: number) => new Date(now.getTime() - days * dayMs);

async function couponsOf(ctx: Context, viewer: Viewer): Promise<string> {
  const codes = (begin: string, count: number) =>
    Array.from(
      { length: count },
      (_, n) =>
        `${begin}-${String((n + 1) * 7919)
          .slice(-4)
          .padStart(4, '0')}`,
    );
  const { id } = await createCouponList(ctx, viewer, {
    name: 'تخفیف ۲۰٪ طرفداران',
    points: 200,
    cost: { amount: 1_500_000, currency: 'IRR' },
    expiresAt: null,
    codes: codes('MAHTAB', 40),
  });
  await createCouponList(ctx, viewer, {
    name: 'ارسال رایگان',
    points: 60,
    cost: { amount: 450_000, currency: 'IRR' },
    expiresAt: null,
    codes: codes('POST', 60),
  });
  return id;
}

const tasks = [
  'برای آزمون K30 دعوتش کن',
  'نتیجهٔ هدیهٔ ماه پیش را بپرس',
  'اجازهٔ نقل‌قول بگیر',
  'برای گفتگوی زندهٔ پنجشنبه هماهنگ شو',
];

async function moved(
  ctx: Context,
  { marketer, now, random }: BoardOptions,
  of: { list: readonly Advocate[]; stage: AdvocateStage; days: number },
): Promise<void> {
  for (const [nth, { customerId, version }] of of.list.entries())
    await updateAdvocate(on(ctx, ago(now, of.days)), marketer, {
      customerId,
      update: {
        version,
        stage: of.stage,
        ...(of.stage !== 'dormant' && {
          ownerId: marketer.id,
          ...(nth % 2 === 0 && {
            nextTask: {
              text: pick(random, tasks),
              due: new Date(now.getTime() + between(random, 1, 6) * dayMs).toISOString(),
            },
          }),
        }),
      },
    });
}

async function thanked(
  ctx: Context,
  { marketer, now }: BoardOptions,
  of: { ambassadors: readonly Advocate[]; engaged: readonly Advocate[]; coupons: string },
): Promise<void> {
  const give = (
    customerId: string,
    days: number,
    what: Pick<RewardGive, 'kind' | 'points' | 'reason'> & Partial<RewardGive>,
  ) =>
    giveReward(on(ctx, ago(now, days)), marketer, {
      id: randomUUID(),
      customerId,
      cost: null,
      text: '',
      ...what,
    });
  for (const { customerId } of of.ambassadors)
    await give(customerId, 34, { kind: 'points', points: 300, reason: 'پاسخ‌های خوب زیر پست‌ها' });
  for (const { customerId } of of.engaged)
    await give(customerId, 21, { kind: 'points', points: 100, reason: 'معرفی به دوستان' });
  const [first, second, third] = of.ambassadors;
  if (first && second)
    for (const { customerId } of [first, second])
      await give(customerId, 12, {
        kind: 'coupon',
        points: 0,
        couponListId: of.coupons,
        reason: 'سفیر مهتاب',
      });
  const [one] = of.engaged;
  if (one) {
    const twice = await give(one.customerId, 3, { kind: 'points', points: 100, reason: 'معرفی به دوستان' });
    await undoReward(on(ctx, ago(now, 2)), marketer, twice.id);
  }
  // Above the limit: somebody else has to say yes.
  if (third)
    await give(third.customerId, 0, {
      kind: 'points',
      points: 1_500,
      reason: 'ویدئوی معرفی K30، صد هزار بازدید',
    });
}

/** Others bought with their codes. */
async function referred(
  ctx: Context,
  { marketer, now, random }: BoardOptions,
  list: readonly Advocate[],
): Promise<void> {
  const buyers = await ctx.models.customers
    .find({ mergedInto: null, _id: { $nin: list.map(({ customerId }) => customerId) } }, { _id: 1 })
    .sort({ createdAt: 1, _id: 1 })
    .limit(120)
    .lean<{ _id: string }[]>()
    .exec();
  const records: RecordWord[] = [];
  for (const { customerId } of list) {
    const { code } = await makeReferralCode(on(ctx, ago(now, 33)), marketer, customerId);
    for (let n = between(random, 1, 5); n > 0; n -= 1) {
      const name = pick(random, speechOf('fa').products);
      const amount = between(random, 12, 260) * 1_000_000;
      records.push({
        customerId: pick(random, buyers)._id,
        kind: 'purchase',
        externalId: `MH-R${String(records.length + 1).padStart(4, '0')}`,
        put: {
          at: ago(now, between(random, 1, 28)).toISOString(),
          title: name,
          amount,
          currency: 'IRR',
          items: [{ name, code: '', quantity: 1, amount }],
          status: 'done',
          statusText: '',
          note: '',
          referralCode: code,
        },
      });
    }
  }
  await putRecords(ctx, { records, source: { by: 'api', id: 'shop' } });
}

const answers = [
  { state: 'given', reason: 'تلفنی گفت که با نامش نقل کنیم' },
  { state: 'refused', reason: 'نوشت که ترجیح می‌دهد نامش نیاید' },
] as const;

/** Four are asked whether their words may be quoted; two of them answered already. */
async function quoted(ctx: Context, viewer: Viewer, list: readonly Advocate[]): Promise<void> {
  const asked: string[] = [];
  for (const { customerId } of list) {
    if (asked.length === 4) break;
    const advocate = await ctx.models.advocates.findById(customerId).lean<AdvocateDoc>().exec();
    const words = await ctx.models.evidence
      .findOne({ customerId, part: { $in: ['testimonial', 'recommendation'] } })
      .sort({ weight: -1, _id: 1 })
      .lean<EvidenceDoc>()
      .exec();
    if (!advocate || !words) continue;
    try {
      const { id } = await askTestimonial(ctx, viewer, {
        customerId,
        sourceId: words.sourceId,
        text: 'سلام {name} عزیز، چه خوب نوشته بودید! اجازه می‌دهید این جمله را با نام شما در سایت بیاوریم؟ پاسخ با یک کلیک: {link}',
      });
      asked.push(id);
    } catch (error) {
      // Whoever cannot be written to just now is not asked.
      if (!(error instanceof AppError)) throw error;
    }
  }
  for (const [nth, answer] of answers.entries()) {
    const id = asked[nth];
    if (id) await recordTestimonial(ctx, viewer, { id, answer });
  }
}
