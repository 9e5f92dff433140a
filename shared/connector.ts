import * as z from 'zod/mini';

/** A name or sentence that the interface shows, in both its languages. */
export const Bilingual = z.object({ fa: z.string(), en: z.string() });
export type Bilingual = z.infer<typeof Bilingual>;

/** One setting of a channel; the form is drawn from these. Secret fields are written, never read back. */
export const SettingField = z.object({
  key: z.string(),
  label: Bilingual,
  help: z.optional(Bilingual),
  type: z.enum(['text', 'longText', 'secret', 'number', 'boolean', 'select', 'url', 'colour']),
  /** Fields of one group stand together under its heading. */
  group: z.optional(Bilingual),
  required: z.boolean(),
  /** The server makes it at random when it is left empty; a public key that people copy, or a secret shown once. */
  generated: z.optional(z.boolean()),
  placeholder: z.optional(z.string()),
  /** What the form of a new channel begins with. */
  default: z.optional(z.union([z.string(), z.number(), z.boolean()])),
  options: z.optional(z.array(z.object({ value: z.string(), label: Bilingual }))),
  /** A regular expression (source) the value must match, and what to say when it does not. */
  pattern: z.optional(z.object({ source: z.string(), message: Bilingual })),
});
export type SettingField = z.infer<typeof SettingField>;

/** What a channel can do, as data: the core and the client ask here, never for a connector's name. */
export const Capabilities = z.object({
  /** An agent may write first: to any identity of `kinds` (a mobile number), or only to those who wrote before. */
  canStart: z.enum(['anyone', 'known']),
  /** The identity kinds this channel can write to, e.g. ['mobile']. */
  kinds: z.array(z.string()),
  /** Web chat: the core opens the visitor namespace and "send" means stored and offered. */
  sessions: z.boolean(),
  attachments: z.nullable(
    z.object({
      maxBytes: z.number(),
      /** MIME types or families ("image/*"); empty means any. */
      types: z.array(z.string()),
      perMessage: z.number(),
    }),
  ),
  typing: z.boolean(),
  deliveryReceipts: z.boolean(),
  readReceipts: z.boolean(),
  /** The customer may edit what they sent. */
  edits: z.boolean(),
  reactions: z.boolean(),
  templates: z.boolean(),
  /** After an unknown outcome the provider can be asked by `sendRef` whether it has the message. */
  lookup: z.boolean(),
  /** 'none': one line of messages; 'reply': messages quote one another; 'thread': separate threads. */
  threading: z.enum(['none', 'reply', 'thread']),
  /** Longest text of one message in UTF-16 units, before `pieces` must split. */
  maxText: z.number(),
  /** Mail: a subject, copies and blind copies, and forwarding to somebody else. */
  letters: z.boolean(),
  /** What can be said here: only to one person, only before all, or either. */
  visibility: z.array(z.enum(['private', 'public'])),
  /** What was said in public can be answered in private: the hand-over. */
  handOver: z.boolean(),
  /**
   * How the value of an identity reads (the source of a regular expression) that is known by a name alone: it is answered in public and
   * never in private. Absent where everybody is known by an id that can be written to.
   */
  nameOnly: z.optional(z.string()),
  /** After the customer's last private message free text may leave for so many hours; null: always. */
  window: z.nullable(
    z.object({
      hours: z.number(),
      /** A person may answer for so many hours all the same, under the provider's tag for it; null: there is none. */
      taggedHours: z.nullable(z.number()),
    }),
  ),
  /** Telephone calls are logged here; nothing is sent. */
  calls: z.boolean(),
  /** What the organisation's saved searches look for can be asked of the platform. */
  listening: z.boolean(),
  /** How the composer counts: characters, or SMS parts (GSM-7 160/153, UCS-2 70/67). */
  counter: z.enum(['characters', 'smsParts', 'weighted']),
});
export type Capabilities = z.infer<typeof Capabilities>;

/** Whether somebody is known on this channel by a name alone, under which nobody is written to in private. */
export function isNameOnly(
  { nameOnly }: Pick<Capabilities, 'nameOnly'>,
  identity: { value: string },
): boolean {
  return nameOnly !== undefined && new RegExp(nameOnly).test(identity.value);
}

/** Values that fit one provider of many: chosen, they are filled in and may still be changed. */
export const Preset = z.object({
  id: z.string(),
  name: Bilingual,
  /** What this provider wants besides, e.g. a password of its own for programs. */
  help: z.optional(Bilingual),
  values: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});
export type Preset = z.infer<typeof Preset>;

export const Manifest = z.object({
  /** The connector's folder name; stored in channel records. */
  id: z.string(),
  name: Bilingual,
  description: Bilingual,
  /** Name of a glyph and colour in the client's set. */
  glyph: z.string(),
  settings: z.array(SettingField),
  presets: z.optional(z.array(Preset)),
  capabilities: Capabilities,
  /** How messages come in, for the channel's page: a hook to be entered at the provider, a listener of ours, or both. */
  receives: z.array(z.enum(['hook', 'listen'])),
  /** What to do at the provider with the hook's URL, if anything. */
  hookHelp: z.optional(Bilingual),
});
export type Manifest = z.infer<typeof Manifest>;

/** Why a call to a provider failed, in the words the core acts upon. */
export const errorClasses = [
  'retryable',
  'rateLimited',
  'permanent',
  'auth',
  'windowClosed',
  'unknown',
] as const;
export type ErrorClass = (typeof errorClasses)[number];
