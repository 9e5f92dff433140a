import { AppError } from '../../shared/errors.ts';
import { NetworkError } from '../api/http.ts';
import type { Catalog } from '../i18n/fa.ts';

/** What to say about a failure: the reason's words, else the code's, else the network's. */
export function errorText(t: Catalog, error: unknown): string {
  if (error instanceof AppError) {
    const { reason, code, body } = error;
    if (body.retryAfter !== undefined && code === 'tooMany') return t.errors.retryAfter(body.retryAfter);
    return reason ? t.errors.reason[reason] : t.errors.code[code];
  }
  if (error instanceof NetworkError) return error.timedOut ? t.errors.timeout : t.errors.network;
  return t.errors.code.internal;
}

export function errorIdOf(error: unknown): string | undefined {
  return error instanceof AppError ? error.body.errorId : undefined;
}

/** The sentence for a field of a form, if the failure is about it. The server's own words are English. */
export function fieldError(t: Catalog, error: unknown, field: string): string | undefined {
  if (!(error instanceof AppError)) return undefined;
  const said = error.body.fields?.[field];
  return said === undefined ? undefined : t.fields.invalid;
}
