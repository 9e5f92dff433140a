import { type IdentityKind, isVerified, reachedAs } from '../../shared/customer.ts';
import type { FieldValue } from '../../shared/field.ts';
import { type ChannelKind, type CustomerProfile, emptyProfile } from '../../shared/profile.ts';
import { normalise } from '../../shared/text/normalise.ts';
import type { FieldDoc } from '../fields/field.model.ts';
import type { ConsentDoc, ConsentWord } from './consent.model.ts';
import type { CustomerDoc, IdentityDoc } from './customer.model.ts';
import type { FactsDoc, FactsProfile, LearntFacts } from './facts.model.ts';

/** A profile as it is kept, with what was not there yet. */
export function profileOf(customer: Pick<CustomerDoc, 'profile'>): CustomerProfile {
  return { ...emptyProfile, ...customer.profile };
}

/** One word that is kept with several of those who were merged. */
export const isSameWord = (a: ConsentWord, b: ConsentWord): boolean =>
  a.at.getTime() === b.at.getTime() &&
  a.state === b.state &&
  a.source === b.source &&
  a.evidence === b.evidence &&
  a.byUserId === b.byUserId;

/** Of several members' words on one kind of channel the newest holds; one that is kept with several of them is one. */
export function consentsHeld(consents: readonly ConsentDoc[]): Map<ChannelKind, ConsentWord[]> {
  const held = new Map<ChannelKind, ConsentWord[]>();
  for (const { kind, history } of consents) {
    const before = held.get(kind) ?? [];
    const others = history.filter((word) => !before.some((one) => isSameWord(one, word)));
    held.set(
      kind,
      [...before, ...others].sort((a, b) => b.at.getTime() - a.at.getTime()),
    );
  }
  return held;
}

/** What segments ask of a profile. Pure. */
export function profileFacts(
  customer: Pick<CustomerDoc, 'profile'>,
  facts: {
    consents: readonly ConsentDoc[];
    learnt: readonly LearntFacts[];
    fields: ReadonlyMap<string, Pick<FieldDoc, 'type'>>;
  },
): FactsProfile {
  const profile = profileOf(customer);
  const held = [...consentsHeld(facts.consents)];
  const inState = (state: string) =>
    held.filter(([, history]) => history[0]?.state === state).map(([kind]): IdentityKind => kind);
  return {
    city: normalise(profile.city),
    address: normalise(profile.address),
    job: normalise(profile.job),
    language: profile.language,
    birthday: profile.birthday === null ? null : dayOf(profile.birthday),
    channel: profile.preferredChannels[0] ?? facts.learnt[0]?.kind ?? '',
    fields: Object.fromEntries(
      Object.entries(profile.fields).flatMap(([id, value]) => {
        const type = facts.fields.get(id)?.type;
        return type ? [[id, comparable(type, value)]] : [];
      }),
    ),
    tagIds: profile.tagIds,
    companyIds: profile.companyIds,
    granted: inState('granted'),
    withdrawn: inState('withdrawn'),
  };
}

/** A day as a moment: its midnight in UTC, wherever anybody is. */
export const dayOf = (day: string): Date => new Date(`${day.slice(0, 10)}T00:00:00Z`);

function comparable(type: FieldDoc['type'], value: FieldValue): FactsProfile['fields'][string] {
  if (type === 'date' && typeof value === 'string') return dayOf(value);
  if ((type === 'text' || type === 'link') && typeof value === 'string') return normalise(value);
  return value;
}

/** Kinds of identities, of those that are proven, and of what can be written to. Pure. */
export function identityFacts(
  identities: readonly Pick<IdentityDoc, 'kind' | 'proof' | 'unreachable' | 'blocked'>[],
): Pick<FactsDoc, 'identityKinds' | 'provenKinds' | 'reachableKinds'> {
  const kinds = (some: readonly { kind: IdentityKind }[]) => [...new Set(some.map((one) => one.kind))].sort();
  return {
    identityKinds: kinds(identities),
    provenKinds: kinds(identities.filter((one) => isVerified(one))),
    reachableKinds: [
      ...new Set(
        identities.filter((one) => !one.unreachable && !one.blocked).map((one) => reachedAs(one.kind)),
      ),
    ].sort(),
  };
}
