import type { ContactHours } from '../../shared/profile.ts';
import { wallClock } from '../channels/hours.ts';

const minutesOf = (clock: string) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5));

/**
 * Do they want to be written to at this moment? Hours that end before they begin go on after midnight and belong to the day on which they
 * began; hours that end as they begin are the whole day. Pure.
 * @param timeZone the organisation's
 */
export function isWithin(hours: ContactHours, at: Date, timeZone: string): boolean {
  const { day, minutes } = wallClock(at, timeZone);
  const weekday = new Date(`${day}T12:00:00Z`).getUTCDay();
  const [from, to] = [minutesOf(hours.from), minutesOf(hours.to)];
  const on = (one: number) => hours.days.includes(one);
  if (from < to) return on(weekday) && minutes >= from && minutes < to;
  if (from === to) return on(weekday);
  return (on(weekday) && minutes >= from) || (on((weekday + 6) % 7) && minutes < to);
}
