import { CommandError } from '../bson/values.ts';

/** Minutes a zone is ahead of UTC at an instant. */
export type Zone = (at: Date) => number;

const zones = new Map<string, Zone>();

/** A zone by its offset (`+03:30`, `+0330`, `-08`) or its Olson name. */
export function zoneOf(name: string): Zone {
  let zone = zones.get(name);
  if (!zone) {
    zone = parseZone(name);
    if (zones.size > 500) zones.clear();
    zones.set(name, zone);
  }
  return zone;
}

function parseZone(name: string): Zone {
  const offset = /^([+-])(\d{2})(?::?(\d{2}))?$/.exec(name);
  if (offset) {
    const minutes = Number(offset[2]) * 60 + Number(offset[3] ?? 0);
    return () => (offset[1] === '-' ? -minutes : minutes);
  }
  if (name === 'UTC' || name === 'GMT' || name === 'Z') return () => 0;
  const format = formatOf(name);
  return (at) => {
    const parts = Object.fromEntries(
      format.formatToParts(at).map(({ type, value }) => [type, Number(value)]),
    );
    const local = Date.UTC(
      parts['year']!,
      parts['month']! - 1,
      parts['day'],
      parts['hour'],
      parts['minute'],
      parts['second'],
    );
    return Math.round((local - Math.floor(at.getTime() / 1000) * 1000) / 60_000);
  };
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    throw new CommandError(40485, `unrecognized time zone identifier: "${timeZone}"`);
  }
}

/** A date whose UTC fields read as the zone's local time. */
export const toLocal = (at: Date, zone: Zone): Date => new Date(at.getTime() + zone(at) * 60_000);

/** The instant of a local time; in the hour that a clock skips or repeats, the later offset decides. */
export function fromLocal(local: Date, zone: Zone): Date {
  const guess = new Date(local.getTime() - zone(local) * 60_000);
  return new Date(local.getTime() - zone(guess) * 60_000);
}
