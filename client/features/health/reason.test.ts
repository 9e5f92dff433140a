import { describe, expect, it } from 'vitest';
import { settingsCatalogs } from '../../i18n/settings-words.ts';
import { reasonText } from './reason.ts';

const { fa, en } = settingsCatalogs;

describe('why something failed', () => {
  it('is said by its code, in the reader’s language', () => {
    const cause = { class: 'permanent', code: 'badLine', message: 'The line number is missing.' };
    expect(reasonText(fa, cause)).toBe(fa.reasons.code['badLine']);
    expect(reasonText(en, cause)).toBe(en.reasons.code['badLine']);
  });

  it('is said by its class where the code means nothing here', () => {
    expect(reasonText(fa, { class: 'auth', code: '401', message: 'Unauthorized' })).toBe(
      fa.reasons.class.auth,
    );
    expect(reasonText(fa, { class: 'rateLimited', code: 'toString', message: '' })).toBe(
      fa.reasons.class.rateLimited,
    );
  });

  it('is known of events that were stored with a sentence alone', () => {
    const message = 'unmatched: the message it speaks about never came.';
    expect(reasonText(en, { message })).toBe(en.reasons.code['unmatched']);
    expect(reasonText(fa, { message: 'Auto-reply: the sender is away.' })).toBe(fa.reasons.code['autoReply']);
    expect(reasonText(fa, { message: 'Telegram: Bad Request (400).' })).toBeNull();
  });

  it('is left to the provider’s own words where there is neither', () => {
    expect(reasonText(fa, { class: 'novel', code: null, message: 'Something new' })).toBeNull();
  });
});
