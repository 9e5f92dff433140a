/** The time zones of this browser with their distance from UTC; the one in use and Tehran first. */
export function timeZones(first: readonly string[]): { id: string; label: string }[] {
  const known = Intl.supportedValuesOf('timeZone');
  const ids = [...new Set([...first, ...known])];
  return ids.map((id) => ({ id, label: zoneLabel(id) }));
}

/** `Asia/Tehran (UTC+03:30)`, with a mark at its end that keeps the bracket in its place in a Persian line. */
export function zoneLabel(id: string, at = new Date()): string {
  const parts = new Intl.DateTimeFormat('en', { timeZone: id, timeZoneName: 'longOffset' }).formatToParts(at);
  const offset = parts.find((part) => part.type === 'timeZoneName')?.value.replace('GMT', 'UTC') ?? 'UTC';
  return `${id.replaceAll('_', ' ')} (${offset})\u200e`;
}

/** Of this device, where it says so. */
export function deviceZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || 'Asia/Tehran';
}
