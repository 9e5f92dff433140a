import { withoutBidiControls } from '../../shared/text/normalise.ts';
import { decodeBytes } from './charset.ts';
import { parameterOf } from './fields.ts';
import type { FilePart } from './tree.ts';

/** An invitation (RFC 5545) as lines that people read; its file stays attached. */
export function invitationText(file: FilePart): string | null {
  const text = decodeBytes(file.content ?? new Uint8Array(), parameterOf(file.contentType, 'charset'));
  const lines = text.replace(/\n[ \t]/g, '').split('\n');
  const begin = lines.findIndex((line) => /^BEGIN:V(EVENT|TODO)\s*$/i.test(line));
  if (begin < 0) return null;
  const event = lines.slice(begin, begin + 500);
  const found = (name: string): { value: string; zone: string | null } | null => {
    const line = event.find((one) => new RegExp(`^${name}[;:]`, 'i').test(one));
    if (line === undefined) return null;
    const colon = valueAt(line);
    return { value: line.slice(colon).trim(), zone: parameterOf(line.slice(0, colon - 1), 'TZID') };
  };
  const start = when(found('DTSTART'));
  const end = when(found('DTEND'));
  const method = (
    /^METHOD:(\w+)/im.exec(text)?.[1] ??
    parameterOf(file.contentType, 'method') ??
    ''
  ).toUpperCase();
  const summary = words(found('SUMMARY')?.value ?? '');
  const place = words(found('LOCATION')?.value ?? '');
  return [
    `📅 ${method === 'CANCEL' ? '❌ ' : ''}${summary}`.trim(),
    start === null ? null : `🕒 ${end === null || end === start ? start : `${start} – ${end}`}`,
    place === '' ? null : `📍 ${place}`,
  ]
    .filter((line) => line !== null)
    .join('\n');
}

/** After the colon that ends the parameters: one inside quotes does not. */
function valueAt(line: string): number {
  let quoted = false;
  for (let at = 0; at < line.length; at += 1) {
    if (line[at] === '"') quoted = !quoted;
    else if (line[at] === ':' && !quoted) return at + 1;
  }
  return line.length;
}

/** As it is written there, in the zone that it names: what it means elsewhere is for calendars. */
function when(found: { value: string; zone: string | null } | null): string | null {
  const match = /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)\d\d(Z?))?$/.exec(found?.value ?? '');
  if (!match) return null;
  const [, year, month, day, hour, minute, utc] = match;
  const date = `${year}-${month}-${day}`;
  if (hour === undefined) return date;
  const zone = utc ? ' UTC' : found?.zone ? ` (${words(found.zone)})` : '';
  return `${date} ${hour}:${minute}${zone}`;
}

const words = (value: string): string =>
  withoutBidiControls(value)
    .replace(/\\[nN]/g, ' ')
    .replace(/\\(.)/g, '$1')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 300);
