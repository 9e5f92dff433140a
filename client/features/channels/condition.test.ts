import { expect, it } from 'vitest';
import type { ChannelHealth } from '../../../shared/channel.ts';
import { conditionOf, expiryOf, illCount } from './condition.ts';

const quiet: ChannelHealth = {
  channelId: 'c',
  lastInAt: null,
  lastOutAt: null,
  queued: 3,
  oldestQueuedAt: null,
  inboundWaiting: 0,
  inboundFailed: 0,
  outboundFailed: 0,
  silentSince: null,
  catchingUp: null,
  heldUntil: null,
  expiresAt: null,
  listening: 'listening',
  lastError: null,
};
const error = { at: '2026-11-22T10:00:00.000Z', class: 'retryable', message: 'The provider did not answer.' };
const channel = (health: Partial<ChannelHealth>) =>
  ({ state: 'connected', pausedReason: null, health: { ...quiet, ...health } }) as const;

it('is good while everything flows, even with a queue', () => {
  expect(conditionOf(channel({}))).toBe('good');
  expect(conditionOf(channel({ listening: 'notNeeded' }))).toBe('good');
});

it('needs attention when it does not receive, or when something failed', () => {
  expect(conditionOf(channel({ listening: 'failing' }))).toBe('attention');
  expect(conditionOf(channel({ listening: 'stopped' }))).toBe('attention');
  expect(conditionOf(channel({ inboundFailed: 1 }))).toBe('attention');
  expect(conditionOf(channel({ outboundFailed: 1 }))).toBe('attention');
  expect(conditionOf(channel({ silentSince: '2026-11-22T02:00:00.000Z' }))).toBe('attention');
});

it('needs attention after an error until something went through again', () => {
  expect(conditionOf(channel({ lastError: error }))).toBe('attention');
  expect(conditionOf(channel({ lastError: error, lastInAt: '2026-11-22T09:59:59.000Z' }))).toBe('attention');
  expect(conditionOf(channel({ lastError: error, lastOutAt: '2026-11-22T10:00:01.000Z' }))).toBe('good');
});

it('tells a pause that somebody chose from one that came of itself', () => {
  const paused = { state: 'paused', health: quiet } as const;
  expect(conditionOf({ ...paused, pausedReason: null })).toBe('paused');
  expect(conditionOf({ ...paused, pausedReason: 'The key was refused.' })).toBe('attention');
  expect(conditionOf({ state: 'archived', pausedReason: null, health: quiet })).toBe('archived');
});

it('needs attention from a week before its permission ends', () => {
  const expiresAt = '2026-12-01T00:00:00.000Z';
  const at = (day: string) => Date.parse(`${day}T00:00:00.000Z`);
  expect(conditionOf(channel({ expiresAt }), at('2026-11-23'))).toBe('good');
  expect(conditionOf(channel({ expiresAt }), at('2026-11-24'))).toBe('attention');
  expect(conditionOf(channel({ expiresAt: null }), at('2026-11-24'))).toBe('good');
  expect(expiryOf(expiresAt, at('2026-11-30'))).toBe('soon');
  expect(expiryOf(expiresAt, at('2026-12-01'))).toBe('over');
});

it('counts for the mark of the page what the server says is ill, and no more', () => {
  expect(illCount([])).toBe(0);
  expect(illCount([{}, { ill: 'silent' }, { ill: 'paused' }])).toBe(2);
});
