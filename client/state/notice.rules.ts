import type { Notice } from '../../shared/events.ts';
import type { Notify } from '../../shared/user.ts';

/** The hour and minute on the clocks of a time zone, as "HH:MM". */
function clockIn(timeZone: string, now: number): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    hour: '2-digit',
    minute: '2-digit',
  }).formatToParts(now);
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? '00';
  return `${part('hour')}:${part('minute')}`;
}

/** Whether these are the hours of rest; they may pass midnight. From a time to the same time is the whole day. */
export function isQuiet(quiet: Notify['quiet'], timeZone: string, now: number): boolean {
  if (!quiet) return false;
  const clock = clockIn(timeZone, now);
  const { from, to } = quiet;
  return from < to ? clock >= from && clock < to : clock >= from || clock < to;
}

export interface Ringing {
  sound: boolean;
  desktop: boolean;
}

const nothing: Ringing = { sound: false, desktop: false };

/** How a person is told of something, by their own rules. What they are looking at needs no telling. */
export function ringingFor(
  notice: Pick<Notice, 'event' | 'conversationId'>,
  options: {
    notify: Notify;
    timeZone: string;
    now: number;
    /** Conversations that are on screen in a window that has the person's attention. */
    inSight: ReadonlySet<string>;
  },
): Ringing {
  const { notify, timeZone, now, inSight } = options;
  if (inSight.has(notice.conversationId)) return nothing;
  if (isQuiet(notify.quiet, timeZone, now)) return nothing;
  const { sound, desktop } = notify.rules[notice.event];
  return { sound: sound && notify.volume > 0, desktop };
}
