import type { Response } from 'express';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { AppError } from '../../shared/errors.ts';

/** Counted by each server for itself; in requests a minute. */
export const requestsAMinute = 600;
/** Of one place with keys that are none. */
const wrongKeysAMinute = 60;

export interface ApiLimits {
  /** Counts a request of a key and says in its headers how many are left. @throws AppError tooMany */
  count(keyId: string, response: Response): Promise<void>;
  /** May this place still try keys? @throws AppError tooMany */
  mayTry(place: string): Promise<void>;
  /** It tried one that is none. */
  wrongKey(place: string): Promise<void>;
}

/** @param options.requests a minute of one key */
export function createApiLimits(options: { requests?: number } = {}): ApiLimits {
  const most = options.requests ?? requestsAMinute;
  const requests = new RateLimiterMemory({ points: most, duration: 60 });
  const wrong = new RateLimiterMemory({ points: wrongKeysAMinute, duration: 60 });
  return {
    async count(keyId, response) {
      const { left, refused } = await consume(requests, keyId);
      const seconds = Math.max(1, Math.ceil(left.msBeforeNext / 1000));
      response.setHeader('RateLimit-Limit', String(most));
      response.setHeader('RateLimit-Remaining', String(Math.max(0, left.remainingPoints)));
      response.setHeader('RateLimit-Reset', String(seconds));
      if (refused)
        throw new AppError({
          code: 'tooMany',
          message: `At most ${most} requests a minute with one key. Wait ${seconds} s.`,
          retryAfter: seconds,
        });
    },
    async mayTry(place) {
      const tried = await wrong.get(place);
      if (!tried || tried.consumedPoints < wrongKeysAMinute) return;
      throw new AppError({
        code: 'tooMany',
        message: 'Too many requests with keys that are none. Wait a little.',
        retryAfter: Math.max(1, Math.ceil(tried.msBeforeNext / 1000)),
      });
    },
    async wrongKey(place) {
      await consume(wrong, place);
    },
  };
}

async function consume(
  limiter: RateLimiterMemory,
  key: string,
): Promise<{ left: RateLimiterRes; refused: boolean }> {
  try {
    return { left: await limiter.consume(key), refused: false };
  } catch (refused) {
    if (refused instanceof RateLimiterRes) return { left: refused, refused: true };
    throw refused;
  }
}
