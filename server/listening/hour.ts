import type { Context } from '../context.ts';
import { findOrganisation } from '../users/organisation.ts';

export const hourMs = 3_600_000;
const minuteMs = 60_000;
/** How long it is believed that the organisation's clock is as it was. */
const keptMs = 60_000;

const kept = new WeakMap<Context['models'], { until: number; shift: number }>();

/**
 * How far after the full hour of universal time the organisation's hours begin, in milliseconds: half an hour in Tehran, so that its days
 * are whole hours.
 */
export async function hourShift(ctx: Pick<Context, 'models' | 'now'>): Promise<number> {
  const now = performance.now();
  const known = kept.get(ctx.models);
  if (known && known.until > now) return known.shift;
  const organisation = await findOrganisation(ctx);
  const shift = shiftOf(organisation?.timeZone ?? 'UTC', ctx.now());
  kept.set(ctx.models, { until: now + keptMs, shift });
  return shift;
}

export function shiftOf(timeZone: string, at: Date): number {
  const full = new Date(Math.floor(at.getTime() / hourMs) * hourMs);
  const minute = Number(
    new Intl.DateTimeFormat('en', { timeZone, minute: 'numeric' }).format(full).replace(/\D/g, ''),
  );
  return ((60 - minute) % 60) * minuteMs;
}

/** The beginning of the hour that a moment is in. */
export function hourOf(at: Date, shift: number): Date {
  return new Date(Math.floor((at.getTime() - shift) / hourMs) * hourMs + shift);
}
