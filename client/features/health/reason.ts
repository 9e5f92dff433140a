import { type ErrorClass, errorClasses } from '../../../shared/connector.ts';
import type { SettingsCatalog } from '../../i18n/settings-words.ts';

/** What is known of a failure, before it has words. */
export interface Cause {
  /** One of `errorClasses`; anything else has no words of its own. */
  class?: string | null;
  /** The connector's or the server's stable word. */
  code?: string | null;
  /** As it was told: ours in English, or a provider's in any language. */
  message: string | null;
}

/** Sentences that mean a code, where it was stored without one. */
const beginnings: readonly (readonly [string, string])[] = [
  ['There is nothing in it for the inbox', 'empty'],
  ['It was begun again and again', 'stuck'],
];

const isClass = (text: string | null | undefined): text is ErrorClass =>
  (errorClasses as readonly string[]).includes(text ?? '');

/** A reason that has a stable word begins with it: `unmatched: …`, `Auto-reply: …` (which is `autoReply`). */
export function codeOf({ code, message }: Cause): string | null {
  if (code) return code;
  const begun = /^([A-Za-z][A-Za-z-]*):/.exec(message ?? '')?.[1];
  const word = begun?.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  return (
    (word && word.charAt(0).toLowerCase() + word.slice(1)) ??
    beginnings.find(([words]) => message?.startsWith(words))?.[1] ??
    null
  );
}

/** A sentence of ours for why something failed, by its code, else by its class; null when there is neither. */
export function reasonText(w: SettingsCatalog, cause: Cause): string | null {
  const code = codeOf(cause);
  if (code !== null && Object.hasOwn(w.reasons.code, code)) return w.reasons.code[code] ?? null;
  return isClass(cause.class) ? w.reasons.class[cause.class] : null;
}
