import type { Understanding, Understood } from '../../connectors/index.ts';
import { withoutBidiControls } from '../../shared/text/normalise.ts';

/** One file of a walked folder, and what became of it. */
export interface Inspected {
  path: string;
  ms: number;
  result: Understanding | { error: string };
}

/** A line for people: milliseconds, what it became, who and what, the path. */
export function told({ path, ms, result }: Inspected): string {
  const what =
    'error' in result
      ? `error      ${result.error}`
      : result.events.length === 0
        ? result.wake
          ? 'wake'
          : 'nothing'
        : result.events.map(phrase).join(' | ');
  return `${String(Math.round(ms)).padStart(6)} ms  ${shortened(what, 150).padEnd(60)}  ${path}`;
}

function phrase(event: Understood): string {
  if (!('type' in event)) return `error      ${event.error}`;
  const name = event.type.padEnd(10);
  switch (event.type) {
    case 'message': {
      const way = event.direction === 'out' ? 'to' : 'from';
      const files = event.attachments.length === 0 ? '' : ` +${event.attachments.length}`;
      const words = event.letter ? `“${event.letter.subject}” ${event.text}` : event.text;
      return `${name} ${way} ${event.sender.kind}:${event.sender.value}${files}  ${words}`;
    }
    case 'status':
      return `${name} ${event.state} ${event.externalId}${event.error ? ` (${event.error.code})` : ''}`;
    case 'ignored':
      return `${name} ${event.reason}`;
    case 'edit':
    case 'delete':
    case 'reaction':
      return `${name} of ${event.externalId}`;
    case 'mention':
      return `${name} of ${event.author.kind}:${event.author.value}  ${event.text}`;
    case 'post':
      return `${name} ${event.post.externalId}${event.deleted ? ' (deleted)' : ''}`;
    case 'call':
      return `${name} ${event.callId} ${event.state} ${event.sender.kind}:${event.sender.value}`;
    case 'watermark':
      return `${name} ${event.state} up to ${event.upTo.toISOString()}`;
    case 'typing':
    case 'reachability':
      return `${name} ${event.sender.kind}:${event.sender.value}`;
  }
}

function shortened(text: string, length: number): string {
  // What strangers wrote must not steer the terminal.
  const line = withoutBidiControls(text)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  const kept = [...line].slice(0, length).join('');
  return kept === line ? line : `${kept}…`;
}

/** How many became what. */
export class Tally {
  private files = 0;
  private ms = 0;
  private slowest: Inspected | null = null;
  private readonly kinds = new Map<string, number>();

  add(inspected: Inspected): void {
    const { result, ms } = inspected;
    this.files += 1;
    this.ms += ms;
    if (this.slowest === null || ms > this.slowest.ms) this.slowest = inspected;
    const names =
      'error' in result ? ['error'] : result.events.map((event) => ('type' in event ? event.type : 'error'));
    for (const name of names) this.kinds.set(name, (this.kinds.get(name) ?? 0) + 1);
  }

  total(): string {
    const kinds = [...this.kinds]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, count]) => `${name} ${count}`);
    const slowest = this.slowest ? `, slowest ${Math.round(this.slowest.ms)} ms (${this.slowest.path})` : '';
    return `${this.files} files in ${Math.round(this.ms)} ms: ${kinds.join(', ') || 'nothing'}${slowest}`;
  }
}
