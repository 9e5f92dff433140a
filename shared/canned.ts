import * as z from 'zod/mini';

/**
 * A canned reply. `text` may hold variables, `{{customer.name}}`, with words that stand in when one is empty: `{{customer.name|دوست عزیز}}`.
 */
export const CannedReply = z.object({
  id: z.string(),
  /** Path of folders, the outermost first. */
  folder: z.array(z.string()),
  title: z.string(),
  /** Typed after "/": unique among those one can see, letters and digits of any script, `-` and `_`. */
  shortcut: z.string(),
  text: z.string(),
  ownerId: z.string(),
  sharedWith: z.union([z.literal('nobody'), z.literal('everyone'), z.object({ teamId: z.string() })]),
  /** How often it was used, and when last: the picker's order. */
  used: z.number(),
  usedAt: z.nullable(z.string()),
  updatedAt: z.string(),
});
export type CannedReply = z.infer<typeof CannedReply>;

export const cannedVariables = [
  'customer.name',
  'customer.cid',
  'agent.name',
  'organisation.name',
  'conversation.channel',
  'today',
] as const;
export type CannedVariable = (typeof cannedVariables)[number];

const word = z.string().check(z.trim(), z.minLength(1), z.maxLength(60));
export const CannedReplyCreate = z.object({
  folder: z.array(word).check(z.maxLength(4)),
  title: z.string().check(z.trim(), z.minLength(1), z.maxLength(100)),
  shortcut: z.string().check(z.trim(), z.maxLength(40), z.regex(/^[\p{L}\p{M}\p{N}\u200c_-]*$/u)),
  text: z.string().check(z.minLength(1), z.maxLength(10_000)),
  sharedWith: z.union([
    z.literal('nobody'),
    z.literal('everyone'),
    z.object({ teamId: z.string().check(z.maxLength(64)) }),
  ]),
});
export type CannedReplyCreate = z.infer<typeof CannedReplyCreate>;
export const CannedReplyUpdate = z.partial(CannedReplyCreate);
export type CannedReplyUpdate = z.infer<typeof CannedReplyUpdate>;

const variable = /\{\{\s*([\w.]+)\s*(?:\|([^{}]*))?\}\}/g;

/** Names of variables in a text that do not exist: a form refuses them. */
export function unknownVariables(text: string): string[] {
  const known: readonly string[] = cannedVariables;
  return [...text.matchAll(variable)].map((found) => found[1] ?? '').filter((name) => !known.includes(name));
}

/** The text as it is inserted; `missing` names variables that were empty and had no words to stand in. */
export function fillCanned(
  text: string,
  values: Partial<Record<CannedVariable, string>>,
): { text: string; missing: string[] } {
  const missing: string[] = [];
  const filled = text.replace(variable, (whole, name: string, otherwise: string | undefined) => {
    const value = values[name as CannedVariable] || otherwise;
    if (value === undefined || value === '') missing.push(name);
    return value ?? whole;
  });
  return { text: filled, missing };
}
