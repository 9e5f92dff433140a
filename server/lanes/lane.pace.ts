import type { Context } from '../context.ts';
import type { PieceDoc } from '../messages/message.model.ts';

/** A `retryable` message holds its lane for this long, then it fails. */
export const patienceMs = 10 * 60_000;
/** What waited longer than this asks an agent before it leaves. */
export const staleMs = 24 * 3_600_000;
/** A provider that limits us without saying until when. */
const holdMs = 30_000;
/** A provider's word may be of its own clock: it is never asked again at once. */
const leastHoldMs = 1_000;

const firstWaitMs = 2_000;
const longestWaitMs = 60_000;
/** The slowest upload that is still waited for, in bytes a second. */
const slowestUpload = 64 * 1024;

/**
 * Longest life of one call: a third of a lease, and for files what their bytes may take. Who takes in letters looks at them first, often
 * for many seconds: two leases.
 */
export function callTimeout(
  ctx: Pick<Context, 'leaseMs'>,
  piece: Pick<PieceDoc, 'file'> & Partial<Pick<PieceDoc, 'kind' | 'files'>>,
): number {
  const files = [...(piece.file ? [piece.file] : []), ...(piece.files ?? [])];
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const talk = piece.kind === 'letter' ? ctx.leaseMs * 2 : ctx.leaseMs / 3;
  return Math.floor(talk + (bytes / slowestUpload) * 1_000);
}

/** How long the lane's lease must last when such a call begins: what surrounds the call keeps its two thirds. */
export function leaseFor(ctx: Pick<Context, 'leaseMs'>, timeout: number): number {
  return timeout + Math.ceil((ctx.leaseMs * 2) / 3);
}

/** Until when the channel waits after `rateLimited`. */
export function holdUntil(now: Date, retryAt: Date | undefined): Date {
  const asked = retryAt?.getTime() ?? now.getTime() + holdMs;
  return new Date(Math.max(asked, now.getTime() + leastHoldMs));
}

/** When to try again what fails since `since`: each wait as long as all before it, between 2 s and a minute; null: it is enough. */
export function retryAt(now: Date, since: Date): Date | null {
  const elapsed = now.getTime() - since.getTime();
  if (elapsed >= patienceMs) return null;
  const wait = Math.min(Math.max(elapsed, firstWaitMs), longestWaitMs, patienceMs - elapsed);
  return new Date(now.getTime() + wait);
}

/** Random, 53 bits, decimal: a number that any provider can keep exactly. Never zero. */
export function mintSendRef(random: () => number): string {
  return String(1 + Math.floor(random() * (Number.MAX_SAFE_INTEGER - 1)));
}
