import type { SegmentAttribute } from '../../shared/segment.ts';
import type { FactsDoc } from '../customers/facts.model.ts';

/** Where the facts keep what segments ask. */
const paths: Readonly<Record<SegmentAttribute, string>> = {
  name: 'nameText',
  city: 'profile.city',
  address: 'profile.address',
  job: 'profile.job',
  language: 'profile.language',
  birthday: 'profile.birthday',
  tags: 'profile.tagIds',
  companies: 'profile.companyIds',
  channels: 'activity.channelIds',
  identities: 'identityKinds',
  verified: 'provenKinds',
  reachable: 'reachableKinds',
  consent: 'profile.granted',
  consentWithdrawn: 'profile.withdrawn',
  preferredChannel: 'profile.channel',
  boughtItems: 'bought.names',
  boughtItems365: 'bought.lately',
  boughtCodes: 'bought.codes',
  spent: 'values.spent',
  spent90: 'values.spent90',
  spent365: 'values.spent365',
  purchases: 'values.purchases',
  firstPurchaseAt: 'values.firstPurchaseAt',
  lastPurchaseAt: 'values.lastPurchaseAt',
  services: 'services.count',
  serviceNames: 'services.names',
  serviceNames365: 'services.lately',
  firstServiceAt: 'services.firstAt',
  lastServiceAt: 'services.lastAt',
  conversations: 'activity.conversations',
  firstAt: 'activity.firstAt',
  lastAt: 'activity.lastAt',
  lastInboundAt: 'activity.lastInboundAt',
  lastOutboundAt: 'activity.lastOutboundAt',
  lastSentiment: 'sentiment.last',
  positiveMessages: 'sentiment.positive',
  negativeMessages: 'sentiment.negative',
  createdAt: 'createdAt',
  completeness: 'completeness.score',
  problems: 'problems',
};

/** @param attribute one that the rule was checked for; a field's id is minted by us */
export function pathOf(attribute: string): string {
  if (Object.hasOwn(paths, attribute)) return paths[attribute as SegmentAttribute];
  return `profile.fields.${attribute.slice('field:'.length)}`;
}

/** What stands there; undefined where there is nothing. */
export function factOf(facts: FactsDoc, attribute: string): unknown {
  let value: unknown = facts;
  for (const part of pathOf(attribute).split('.')) value = (value as Record<string, unknown> | null)?.[part];
  return value;
}
