import * as z from 'zod/mini';
import type { IdentityKind } from './customer.ts';
import { FieldId, FieldValue, isDate } from './field.ts';
import { cleanText } from './text/normalise.ts';

/** Kinds of addresses that a person can wish to be written to on, or agree to hear from us on. */
export const channelKinds = [
  'mobile',
  'emailAddress',
  'telegramUser',
  'baleUser',
  'whatsappUser',
  'instagramUser',
  'messengerUser',
  'xUser',
  'webVisitor',
  'phone',
] as const satisfies readonly IdentityKind[];
export type ChannelKind = (typeof channelKinds)[number];

const line = (most: number) => z.string().check(z.overwrite(cleanText), z.maxLength(most));
/** Nobody who lives was born before it. */
export const firstBirthday = '1880-01-01';
/** It is the next day already where the sun rises first. */
const firstTodayMs = 14 * 3_600_000;

/** What is wrong with a birthday; null: nothing. Today is a birthday wherever it is today. @param day `YYYY-MM-DD` */
export function birthdayProblem(day: string, now: Date): 'notYet' | 'tooLongAgo' | null {
  if (day > new Date(now.getTime() + firstTodayMs).toISOString().slice(0, 10)) return 'notYet';
  return day < firstBirthday ? 'tooLongAgo' : null;
}

const birthday = z.string().check(
  z.refine((text) => isDate(text), {
    error: 'Must be a day as YYYY-MM-DD, for example 1991-03-21',
    abort: true,
  }),
  z.refine((text) => birthdayProblem(text, new Date()) !== 'notYet', 'Must not be after today'),
  z.refine(
    (text) => birthdayProblem(text, new Date()) !== 'tooLongAgo',
    `Must not be before ${firstBirthday}; it is a day of the Gregorian calendar`,
  ),
);
const clock = z.string().check(z.regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'Must be a time as HH:MM'));

/** Something they told us of themselves: what worries them, what they like. */
export const ProfileWord = z.object({
  id: z.string(),
  text: z.string(),
  at: z.string(),
  byUserId: z.nullable(z.string()),
  /** The message it was said in. */
  messageId: z.nullable(z.string()),
});
export type ProfileWord = z.infer<typeof ProfileWord>;

/** When they want to be written to, by the organisation's clock; `from` may be later than `to`. Days: 0 is Sunday. */
export const ContactHours = z.object({
  from: clock,
  to: clock,
  days: z.array(z.int().check(z.gte(0), z.lte(6))).check(z.minLength(1), z.maxLength(7)),
});
export type ContactHours = z.infer<typeof ContactHours>;

/** What is kept of a person beside how they are recognised. A text that nobody filled in is ''. */
export const CustomerProfile = z.object({
  /** `YYYY-MM-DD`. */
  birthday: z.nullable(z.string()),
  /** Of the person, as in BCP 47: `fa`, `en`, `ar`…; '' when nobody said. */
  language: z.string(),
  city: z.string(),
  address: z.string(),
  job: z.string(),
  /** By the field's id. */
  fields: z.record(z.string(), FieldValue),
  /** Chosen, the first wish first; empty: what they do tells. */
  preferredChannels: z.array(z.enum(channelKinds)),
  hours: z.nullable(ContactHours),
  concerns: z.array(ProfileWord),
  likes: z.array(ProfileWord),
  companyIds: z.array(z.string()),
  tagIds: z.array(z.string()),
});
export type CustomerProfile = z.infer<typeof CustomerProfile>;

export const emptyProfile: CustomerProfile = {
  birthday: null,
  language: '',
  city: '',
  address: '',
  job: '',
  fields: {},
  preferredChannels: [],
  hours: null,
  concerns: [],
  likes: [],
  companyIds: [],
  tagIds: [],
};

const ids = z.array(z.string().check(z.minLength(1), z.maxLength(64))).check(z.maxLength(50));
const AddRemove = z.object({ add: z._default(ids, []), remove: z._default(ids, []) });
const Words = z.object({
  add: z._default(
    z
      .array(
        z.object({
          text: line(500).check(z.minLength(1)),
          messageId: z._default(z.nullable(z.string().check(z.maxLength(64))), null),
        }),
      )
      .check(z.maxLength(20)),
    [],
  ),
  remove: z._default(ids, []),
});

/**
 * What to change; what is absent stays. Lists are changed by what is added and removed, so that two people at once lose nothing of
 * each other's. A field's value of null empties it.
 */
export const CustomerChange = z.partial(
  z.object({
    name: line(120).check(z.minLength(1)),
    birthday: z.nullable(birthday),
    language: z
      .string()
      .check(z.regex(/^([a-z]{2,3}(-[A-Za-z0-9]{2,8})?)?$/, 'Must be a language as fa or en')),
    city: line(80),
    address: line(400),
    job: line(120),
    fields: z.record(FieldId, z.nullable(FieldValue)),
    preferredChannels: z.array(z.enum(channelKinds)).check(z.maxLength(channelKinds.length)),
    hours: z.nullable(ContactHours),
    concerns: Words,
    likes: Words,
    companies: AddRemove,
    tags: AddRemove,
  }),
);
export type CustomerChange = z.infer<typeof CustomerChange>;

/** Who changed a profile: a person, a program with an API key, an import, a merge, or what a channel said. */
export const editSources = ['agent', 'api', 'import', 'merge', 'channel'] as const;
export type EditSource = (typeof editSources)[number];

/**
 * One change of one field. `field`: `name`, a field of the profile, or `fields.<id>`. What stood there before and after: null for nothing,
 * lists whole.
 */
export const ProfileEdit = z.object({
  id: z.string(),
  customerId: z.string(),
  at: z.string(),
  by: z.enum(editSources),
  byUserId: z.nullable(z.string()),
  field: z.string(),
  before: z.unknown(),
  after: z.unknown(),
  /** The edit that this one takes back. */
  undoes: z.nullable(z.string()),
});
export type ProfileEdit = z.infer<typeof ProfileEdit>;

export const ProfileEdits = z.object({ edits: z.array(ProfileEdit), next: z.nullable(z.string()) });
export type ProfileEdits = z.infer<typeof ProfileEdits>;

export const consentStates = ['granted', 'withdrawn'] as const;
export type ConsentState = (typeof consentStates)[number];

/** How a consent came to be known. */
export const consentSources = ['told', 'message', 'form', 'call', 'contract', 'import', 'api'] as const;
export type ConsentSource = (typeof consentSources)[number];

const ConsentWord = z.object({
  state: z.enum(consentStates),
  at: z.string(),
  byUserId: z.nullable(z.string()),
  source: z.enum(consentSources),
  /** What shows it: words, the number of a form. */
  evidence: z.string(),
  messageId: z.nullable(z.string()),
});

/** Whether they agreed to hear from us on a kind of channel. Never said: there is none. */
export const Consent = z.extend(ConsentWord, {
  kind: z.enum(channelKinds),
  /** Every word on it, the newest first; the first is what holds. */
  history: z.array(ConsentWord),
});
export type Consent = z.infer<typeof Consent>;

/** A consent is granted with what shows it; withdrawing asks for nothing. */
export const ConsentPut = z
  .object({
    state: z.enum(consentStates),
    source: z._default(z.enum(consentSources), 'told'),
    evidence: z._default(line(500), ''),
    messageId: z._default(z.nullable(z.string().check(z.maxLength(64))), null),
  })
  .check(
    z.refine((put) => put.state === 'withdrawn' || Boolean(put.evidence || put.messageId), {
      path: ['evidence'],
      error: 'Say what shows the consent: words, a message, the number of a form',
    }),
  );
export type ConsentPut = z.infer<typeof ConsentPut>;

/** What they do tells: how much they wrote on each kind of channel lately, and when last. The most telling first. */
export const LearntChannel = z.object({
  kind: z.enum(channelKinds),
  /** Messages of theirs among the newest that were looked at. */
  messages: z.number(),
  /** Conversations in which they answered us there. */
  replies: z.number(),
  lastAt: z.string(),
});
export type LearntChannel = z.infer<typeof LearntChannel>;

/** Facts of a customer as their page shows them; null until they are derived, a moment after they were first met. */
export const CustomerFacts = z.object({
  /** `spent` is in rials. */
  values: z.object({
    spent: z.number(),
    purchases: z.number(),
    firstPurchaseAt: z.nullable(z.string()),
    lastPurchaseAt: z.nullable(z.string()),
  }),
  activity: z.object({
    firstAt: z.string(),
    lastAt: z.string(),
    lastInboundAt: z.nullable(z.string()),
    lastOutboundAt: z.nullable(z.string()),
    conversations: z.number(),
  }),
  /** `missing`: what to ask for next, first things first: a name of `completenessFields` or a field's id. */
  completeness: z.object({ score: z.number(), missing: z.array(z.string()) }),
  problems: z.array(z.string()),
  learntChannels: z.array(LearntChannel),
  updatedAt: z.string(),
});
export type CustomerFacts = z.infer<typeof CustomerFacts>;
