import { describe, expect, it } from 'vitest';
import type { ContactPoint } from '../../../shared/contact-point.ts';
import { AppError, type ErrorReason } from '../../../shared/errors.ts';
import { customerCatalogs } from '../../i18n/customer-words.ts';
import { fa } from '../../i18n/fa.ts';
import { pointKey, pointTaken, refusalText } from './contact-points.ts';

const at = (channelId: string, more: Partial<ContactPoint> = {}): ContactPoint => ({
  identityId: 'mobile:1',
  kind: 'mobile',
  display: '+98',
  channelId,
  wish: null,
  says: 'words',
  optedOut: false,
  ...more,
});

describe('the contact point that is taken', () => {
  const points = [at('a', { optedOut: true }), at('b'), at('c', { says: 'nothing' })];
  const preferred = { channelId: 'b', identityId: 'mobile:1' };

  it('is the preferred one until somebody chooses another', () => {
    expect(pointTaken({ points, preferred }, null)?.channelId).toBe('b');
    expect(pointTaken({ points, preferred }, pointKey(at('a')))?.channelId).toBe('a');
  });

  it('is the preferred one again when the chosen one is gone, or nothing can be said there any more', () => {
    expect(pointTaken({ points, preferred }, pointKey(at('gone')))?.channelId).toBe('b');
    expect(pointTaken({ points, preferred }, pointKey(at('c')))?.channelId).toBe('b');
  });

  it('is nobody’s guess where they opted out of all', () => {
    expect(pointTaken({ points, preferred: null }, null)).toBeNull();
  });
});

it('a refusal is said in words of this customer', () => {
  const w = customerCatalogs.fa;
  const text = (reason: ErrorReason, points: number) =>
    refusalText({ t: fa, w }, new AppError({ code: 'conflict', reason, message: '' }), points);
  expect(text('badTarget', 0)).toBe(w.writing.none);
  expect(text('badTarget', 1)).toBe(w.writing.refused);
  expect(text('optedOut', 1)).toBe(w.writing.refused);
  expect(text('windowClosed', 1)).toBe(w.writing.closed);
  expect(text('channelUnavailable', 1)).toBe(fa.errors.reason.channelUnavailable);
});
