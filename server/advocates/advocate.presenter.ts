import type { Advocate } from '../../shared/advocate.ts';
import type { AdvocateDoc } from './advocate.model.ts';

export function presentAdvocate(doc: AdvocateDoc): Advocate {
  return {
    customerId: doc._id,
    name: doc.name,
    kinds: [...doc.kinds],
    stage: doc.stage,
    score: doc.score,
    parts: { ...doc.parts },
    trend: [...doc.trend],
    change: doc.change,
    reach: doc.reach < 0 ? null : doc.reach,
    channelIds: [...doc.channelIds],
    products: [...doc.products],
    lastAt: doc.lastAt?.toISOString() ?? null,
    optedOut: doc.optedOut,
    consent: doc.consent,
    points: doc.points,
    referralCode: doc.referralCode,
    ownerId: doc.ownerId,
    nextTask: doc.nextTask && {
      text: doc.nextTask.text,
      due: doc.nextTask.due?.toISOString() ?? null,
    },
    order: doc.order,
    version: doc.version,
  };
}
