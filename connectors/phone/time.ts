/** A moment as telephone systems write it: ISO 8601, unix seconds or milliseconds, or a clock on a wall, in that zone. */
export function moment(value: unknown, zone: string): Date | null {
  if (typeof value === 'number') return sensible(value < 1e11 ? value * 1000 : value);
  if (typeof value !== 'string') return null;
  const text = value.trim();
  if (/^\d{9,13}(\.\d+)?$/.test(text)) return moment(Number(text), zone);
  const wall = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2}):(\d{2})(?:\.\d+)?$/.exec(text);
  if (!wall)
    return /^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:?\d{2})$/.test(text) ? sensible(Date.parse(text)) : null;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = wall.slice(1).map(Number);
  const written = Date.UTC(year, month - 1, day, hour, minute, second);
  // The offset of the moment it would be without one is the right one but for an hour twice a year.
  const near = written - offset(written, zone);
  return sensible(written - offset(near, zone));
}

function sensible(ms: number): Date | null {
  return ms > Date.UTC(2000, 0) && ms < Date.UTC(2100, 0) ? new Date(ms) : null;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** How far the clocks of a zone are ahead of UTC, in milliseconds. */
function offset(ms: number, zone: string): number {
  const clock =
    clocks.get(zone) ??
    new Intl.DateTimeFormat('en-CA-u-ca-gregory-nu-latn', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
  clocks.set(zone, clock);
  if (!Number.isFinite(ms) || Math.abs(ms) > 8e15) return 0;
  const of = Object.fromEntries(clock.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = of;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(ms / 1000) * 1000;
}
