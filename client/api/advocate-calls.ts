import type {
  Advocate,
  AdvocateDetail,
  AdvocateKind,
  AdvocatePage,
  AdvocatePreview,
  AdvocateSettings,
  AdvocateSort,
  AdvocateStage,
  AdvocateSummary,
  AdvocateUpdate,
  AdvocateWay,
  AdvocateWeights,
  EvidencePage,
  ScorePart,
  Testimonial,
  TestimonialAnswer,
  TestimonialAsk,
} from '../../shared/advocate.ts';
import type {
  CouponList,
  CouponListCreate,
  CouponListUpdate,
  Referral,
  Reward,
  RewardDecide,
  RewardGive,
  RewardPage,
  RewardState,
} from '../../shared/reward.ts';
import { at } from './at.ts';
import type { Http } from './http.ts';

export interface AdvocateQuery {
  stage: AdvocateStage | null;
  kind: AdvocateKind | null;
  channelId: string | null;
  product: string | null;
  segmentId: string | null;
  q: string;
  sort: AdvocateSort;
  after: string | null;
  limit: number;
}

/** What is asked about advocates, their testimonials and their rewards, a line each. */
export function advocateCalls(http: Http) {
  const get = http.call.bind(http);
  const send = <T>(method: 'POST' | 'PUT' | 'PATCH', path: string, body?: unknown) =>
    http.call<T>(path, { method, body });
  return {
    advocates: (query: AdvocateQuery, signal?: AbortSignal) =>
      get<AdvocatePage>(at('advocates'), {
        query: { ...query, q: query.q || null },
        ...(signal && { signal }),
      }),
    advocate: (customerId: string) => get<AdvocateDetail>(at('advocates', customerId)),
    advocateEvidence: (customerId: string, query: { part: ScorePart | null; after: string | null }) =>
      get<EvidencePage>(at('advocates', customerId, 'evidence'), { query }),
    updateAdvocate: (customerId: string, body: AdvocateUpdate) =>
      send<Advocate>('PATCH', at('advocates', customerId), body),
    advocateSummary: (query: { from: string; to: string }) =>
      get<AdvocateSummary>(at('advocates', 'summary'), { query }),
    advocateSettings: () => get<AdvocateSettings>(at('advocates', 'settings')),
    saveAdvocateSettings: (body: AdvocateSettings) =>
      send<AdvocateSettings>('PUT', at('advocates', 'settings'), body),
    previewWeights: (weights: AdvocateWeights, signal?: AbortSignal) =>
      http.call<AdvocatePreview>(at('advocates', 'settings', 'preview'), {
        method: 'POST',
        body: { weights },
        ...(signal && { signal }),
      }),
    advocateWay: (customerId: string) => get<AdvocateWay>(at('advocates', customerId, 'way')),
    startContact: (customerId: string) =>
      send<{ conversationId: string }>('POST', at('advocates', customerId, 'start')),
    makeReferralCode: (customerId: string) =>
      send<Referral>('POST', at('advocates', customerId, 'referral-code')),

    testimonials: () =>
      get<{ testimonials: Testimonial[] }>(at('advocates', 'testimonials')).then(
        ({ testimonials }) => testimonials,
      ),
    askTestimonial: (body: TestimonialAsk) =>
      send<Testimonial>('POST', at('advocates', 'testimonials'), body),
    recordTestimonial: (id: string, body: TestimonialAnswer) =>
      send<Testimonial>('PATCH', at('advocates', 'testimonials', id), body),

    rewards: (query: {
      customerId: string | null;
      state: RewardState | null;
      after: string | null;
      limit: number;
    }) => get<RewardPage>(at('rewards'), { query }),
    giveReward: (body: RewardGive) => send<Reward>('POST', at('rewards'), body),
    decideReward: (id: string, body: RewardDecide) => send<Reward>('POST', at('rewards', id, 'decide'), body),
    undoReward: (id: string) => send<Reward>('POST', at('rewards', id, 'undo')),
    couponLists: () => get<{ lists: CouponList[] }>(at('coupon-lists')).then(({ lists }) => lists),
    createCouponList: (body: CouponListCreate) => send<CouponList>('POST', at('coupon-lists'), body),
    updateCouponList: (id: string, body: CouponListUpdate) =>
      send<CouponList>('PATCH', at('coupon-lists', id), body),
    addCouponCodes: (id: string, codes: readonly string[]) =>
      send<CouponList>('POST', at('coupon-lists', id, 'codes'), { codes }),
  };
}
