import type { ErrorClass } from '../../shared/connector.ts';
import type { DeliveryState } from '../../shared/message.ts';
import { ConnectorError } from '../connector.ts';

interface Reason {
  class: ErrorClass;
  says: string;
  field?: string;
}

const permanent = (says: string, field?: string): Reason => ({
  class: 'permanent',
  says,
  ...(field ? { field } : {}),
});
const auth = (says: string, field?: string): Reason => ({ class: 'auth', says, ...(field ? { field } : {}) });

/** `return.status` of the REST API, as its documentation and the official SDKs list it. */
const answers: Record<number, Reason> = {
  400: permanent('parameters are missing'),
  401: auth('the account is disabled'),
  402: { class: 'retryable', says: 'the operation failed' },
  403: auth('the API key is not valid', 'apiKey'),
  404: permanent('there is no such method'),
  405: permanent('the method was called in a wrong way'),
  406: permanent('a required parameter is empty'),
  407: auth('this server may not use the API (the panel restricts it to certain IP addresses)'),
  409: { class: 'retryable', says: 'the server is busy' },
  411: permanent('the receiver’s number is not valid'),
  412: permanent('the line is not valid or not yours', 'line'),
  413: permanent('the message is empty or too long'),
  414: permanent('too many receivers'),
  415: permanent('an index is out of range'),
  416: auth('the request comes from an IP address that the panel does not allow'),
  417: permanent('the date is not valid'),
  // Nothing leaves until somebody tops up: pausing the channel and telling an administrator is what `auth` does.
  418: auth('the account has not enough credit: top it up, then resume the channel'),
  419: permanent('lengths of the lists differ'),
  420: permanent('links are not allowed in messages of this line'),
  422: permanent('the text has characters that are not allowed'),
  424: permanent('the template was not found'),
  426: permanent('the account’s plan does not include this method'),
  427: permanent('the line needs a higher plan', 'line'),
  428: permanent('the template cannot be sent as a call'),
  429: { class: 'rateLimited', says: 'this server’s IP address is limited' },
  431: permanent('the code has a wrong form'),
  432: permanent('the template has no place for the code'),
  451: { class: 'rateLimited', says: 'too many calls in a short time' },
  501: permanent('the account is in test mode: it may only write to its owner’s number'),
  604: permanent('the receiver’s number is not valid'),
  607: permanent('the tag is not valid'),
};

/** No answer says when to come back: a minute, and twice as long each time it says so again. */
const firstWait = 60_000;
const longestWait = 15 * 60_000;

export class Patience {
  private wait = 0;

  succeeded(): void {
    this.wait = 0;
  }

  retryAt(now: Date): Date {
    this.wait = this.wait ? Math.min(this.wait * 2, longestWait) : firstWait;
    return new Date(now.getTime() + this.wait);
  }
}

export function refusal(status: number, options: { now: Date; patience: Patience }): ConnectorError {
  const known = answers[status];
  const reason: Reason =
    known ??
    (status >= 500
      ? { class: 'retryable', says: 'the provider has a fault' }
      : permanent(`the provider refused the call with ${status}`));
  return new ConnectorError({
    class: reason.class,
    code: String(status),
    message: `Kavenegar: ${reason.says} (${status}).`,
    ...(reason.field ? { field: reason.field } : {}),
    ...(reason.class === 'rateLimited' ? { retryAt: options.patience.retryAt(options.now) } : {}),
  });
}

type StatusWord =
  | { state: Extract<DeliveryState, 'sent' | 'delivered'>; final: boolean }
  | { state: 'failed'; final: true; says: string };

/** Status ids of a sent message. */
const statuses: Record<number, StatusWord> = {
  1: { state: 'sent', final: false },
  2: { state: 'sent', final: false },
  4: { state: 'sent', final: false },
  5: { state: 'sent', final: false },
  6: { state: 'failed', final: true, says: 'The carrier could not send the message.' },
  10: { state: 'delivered', final: true },
  11: { state: 'failed', final: true, says: 'The message did not reach the phone.' },
  13: { state: 'failed', final: true, says: 'The message was cancelled and refunded.' },
  14: { state: 'failed', final: true, says: 'The receiver has blocked messages of this kind.' },
  100: { state: 'failed', final: true, says: 'The provider does not know this message.' },
};

export function statusWord(code: number): StatusWord | null {
  return statuses[code] ?? null;
}
