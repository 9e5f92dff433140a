import type { Consent, CustomerFacts } from '../../shared/profile.ts';
import type { ConsentDoc, ConsentWord } from './consent.model.ts';
import type { FactsDoc } from './facts.model.ts';
import { consentsHeld } from './facts.profile.ts';

/** @param consents of every member: of one kind of channel the newest word holds */
export function presentConsents(consents: readonly ConsentDoc[]): Consent[] {
  return [...consentsHeld(consents)].flatMap(([kind, history]) => {
    const [newest] = history;
    return newest ? [{ kind, ...presentWord(newest), history: history.map(presentWord) }] : [];
  });
}

function presentWord(word: ConsentWord): Omit<Consent, 'kind' | 'history'> {
  return {
    state: word.state,
    at: word.at.toISOString(),
    byUserId: word.byUserId,
    source: word.source,
    evidence: word.evidence,
    messageId: word.messageId,
  };
}

export function presentFacts(facts: FactsDoc): CustomerFacts {
  const { values, activity, completeness, problems, learnt, updatedAt } = facts;
  const moment = (at: Date | null) => at?.toISOString() ?? null;
  return {
    values: {
      spent: values.spent,
      purchases: values.purchases,
      firstPurchaseAt: moment(values.firstPurchaseAt),
      lastPurchaseAt: moment(values.lastPurchaseAt),
    },
    activity: {
      firstAt: activity.firstAt.toISOString(),
      lastAt: activity.lastAt.toISOString(),
      lastInboundAt: moment(activity.lastInboundAt),
      lastOutboundAt: moment(activity.lastOutboundAt),
      conversations: activity.conversations,
    },
    completeness: { score: completeness.score, missing: [...completeness.missing] },
    problems: [...problems],
    learntChannels: learnt.map((one) => ({ ...one, lastAt: one.lastAt.toISOString() })),
    updatedAt: updatedAt.toISOString(),
  };
}
