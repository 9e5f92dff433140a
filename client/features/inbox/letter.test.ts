import { describe, expect, it } from 'vitest';
import type { Letter, Message } from '../../../shared/message.ts';
import { addressIn, othersOf, splitAddresses } from './letter.ts';

describe('addresses as people write them', () => {
  it('are found in names and links, and refused when they are none', () => {
    expect(addressIn('Sara Ahmadi <sara@example.com>')).toBe('sara@example.com');
    expect(addressIn('mailto:sara@example.com')).toBe('sara@example.com');
    expect(addressIn('سارا@example.ir')).toBe('سارا@example.ir');
    for (const wrong of ['sara', 'sara@', 'sara@example', 'a b@example.com', ''])
      expect(addressIn(wrong)).toBeNull();
  });

  it('are pasted several at once', () => {
    expect(splitAddresses('"Ahmadi, Sara" <a@example.com>; b@example.com,\nc@example.com')).toEqual([
      '"Ahmadi, Sara" <a@example.com>',
      'b@example.com',
      'c@example.com',
    ]);
  });
});

describe('reply to all', () => {
  const of = (address: string) => ({ name: '', address });
  const letter = (to: string[], cc: string[] = []): Letter => ({
    subject: 'Hello',
    from: of('customer@example.com'),
    to: to.map(of),
    cc: cc.map(of),
    bcc: [],
    check: 'pass',
    forward: false,
  });
  const sent = {
    channelId: 'mail',
    direction: 'out',
    letter: { ...letter([]), from: of('Support@example.com') },
  } as unknown as Message;
  const options = { messages: [sent], channelId: 'mail', customer: 'customer@example.com' };

  it('adds everybody but us and the customer, each once', () => {
    expect(
      othersOf(
        letter(['support@example.com', 'boss@example.com'], ['Boss@example.com', 'x@example.com']),
        options,
      ),
    ).toEqual(['boss@example.com', 'x@example.com']);
  });

  it('knows another of our mailboxes by what it sent', () => {
    const other = { ...sent, channelId: 'sales', letter: { ...letter([]), from: of('sales@example.com') } };
    expect(
      othersOf(letter(['support@example.com', 'sales@example.com', 'x@example.com']), {
        ...options,
        messages: [sent, other as Message],
      }),
    ).toEqual(['x@example.com']);
  });

  it('takes the only recipient for us while we have never written', () => {
    expect(othersOf(letter(['hi@example.com'], ['x@example.com']), { ...options, messages: [] })).toEqual([
      'x@example.com',
    ]);
  });
});
