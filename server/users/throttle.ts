import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { AppError } from '../../shared/errors.ts';

/** Attempts of a kind, counted in this process's memory. */
export interface Throttle {
  /** @throws AppError tooMany, with the seconds to wait */
  attempt(key: string): Promise<void>;
  /** It was right: what led there is forgotten. */
  forget(key: string): Promise<void>;
}

export function createThrottle(options: { attempts: number; seconds: number }): Throttle {
  const limiter = new RateLimiterMemory({ points: options.attempts, duration: options.seconds });
  return {
    async attempt(key) {
      try {
        await limiter.consume(key);
      } catch (refused) {
        if (!(refused instanceof RateLimiterRes)) throw refused;
        throw new AppError({
          code: 'tooMany',
          message: 'Too many attempts. Wait a little.',
          retryAfter: Math.max(1, Math.ceil(refused.msBeforeNext / 1000)),
        });
      }
    },
    async forget(key) {
      await limiter.delete(key);
    },
  };
}

/** What one server counts: a guess is counted before it is looked at, so that guesses side by side do not slip through. */
export function createThrottles() {
  return {
    /** For one address from one place. */
    signIn: createThrottle({ attempts: 8, seconds: 15 * 60 }),
    /** For one place, whatever the address. */
    signInPlace: createThrottle({ attempts: 60, seconds: 15 * 60 }),
    setUp: createThrottle({ attempts: 10, seconds: 10 * 60 }),
    /** Changing a password asks for the current one: no place to guess it. */
    password: createThrottle({ attempts: 8, seconds: 15 * 60 }),
    /** Requests to one hook that its provider has not signed, or whose signature is still being looked at. */
    hook: createThrottle({ attempts: 3_000, seconds: 60 }),
  };
}
export type Throttles = ReturnType<typeof createThrottles>;
