import { Redis, type RedisOptions } from 'ioredis';
import type { Log } from './log.ts';

/** A connection for what may get lost: what fails on it is logged once a break, and ends nothing. */
export function openRedis(url: string, options: { log: Log; for: string } & RedisOptions): Redis {
  const { log, for: purpose, ...own } = options;
  const redis = new Redis(url, own);
  let said = false;
  redis.on('error', (error) => {
    if (!said) log.warn({ err: error, for: purpose }, 'Redis does not answer');
    said = true;
  });
  redis.on('ready', () => {
    if (said) log.info({ for: purpose }, 'Redis is back');
    said = false;
  });
  // Libraries send commands and look at no answer: a rejection that nobody hears would end the process.
  const send = redis.sendCommand.bind(redis);
  redis.sendCommand = (...args) => {
    const answer = send(...args);
    if (answer instanceof Promise) answer.catch(() => undefined);
    return answer;
  };
  return redis;
}

/** Says goodbye, or is gone without it where nobody hears. */
export async function closeRedis(redis: Redis): Promise<void> {
  if (redis.status === 'ready') await redis.quit().catch(() => undefined);
  redis.disconnect();
}
