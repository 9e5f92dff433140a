import { expect, it } from 'vitest';
import type { MessageWindow } from '../../../shared/post.ts';
import { windowAt } from './window.ts';

const at = (time: string) => Date.parse(`2026-11-22T${time}Z`);
const window: MessageWindow = {
  channelId: 'c',
  identityId: 'i',
  openedAt: '2026-11-21T14:05:00.000Z',
  closesAt: '2026-11-22T14:05:00.000Z',
  taggedUntil: '2026-11-28T14:05:00.000Z',
  templates: true,
};

it('is open to its last millisecond and not in the one it closes at', () => {
  expect(windowAt(window, at('14:04:59.999'))).toEqual({
    kind: 'open',
    until: window.closesAt,
    left: 1,
    templates: true,
  });
  expect(windowAt(window, at('14:05:00.000'))).toMatchObject({ kind: 'tagged', until: window.taggedUntil });
});

it('is closed where there is no tag, or that is over too', () => {
  expect(windowAt({ ...window, taggedUntil: null }, at('15:00:00'))).toEqual({
    kind: 'closed',
    never: false,
    templates: true,
  });
  expect(windowAt(window, at('15:00:00') + 7 * 86_400_000)).toMatchObject({ kind: 'closed' });
});

it('never was open to who has not written privately', () => {
  const never = { ...window, openedAt: null, closesAt: null, taggedUntil: null, templates: false };
  expect(windowAt(never, at('00:00:00'))).toEqual({ kind: 'closed', never: true, templates: false });
});
