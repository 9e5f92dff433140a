import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readEnv } from './env.ts';

describe('the environment', () => {
  it('may be empty: everything has a default, and an empty variable is an absent one', () => {
    const env = readEnv({ PORT: '', REDIS_URL: ' ' });
    expect(env).toEqual({
      host: '127.0.0.1',
      port: 3000,
      dataDir: resolve('data/main'),
      mongoUri: undefined,
      redisUrl: undefined,
      secretKey: undefined,
      publicUrl: undefined,
      trustProxy: 0,
      logLevel: 'info',
    });
  });

  it('says everything that is wrong at once, and what would be right', () => {
    let message = '';
    try {
      readEnv({
        PORT: 'http',
        SECRET_KEY: 'short',
        MONGODB_URI: 'localhost',
        PUBLIC_URL: 'inbox',
        LOG_LEVEL: 'loud',
      });
    } catch (error) {
      message = (error as Error).message;
    }
    for (const word of [
      'PORT must be',
      'SECRET_KEY must',
      'MONGODB_URI must',
      'PUBLIC_URL must',
      'LOG_LEVEL must',
      'openssl',
    ])
      expect(message).toContain(word);
  });

  it('is described by .env.example, whose values it takes', () => {
    const lines = readFileSync('.env.example', 'utf8').split('\n');
    const given = Object.fromEntries(
      lines.flatMap((line) => {
        const [, name, value] = /^([A-Z_]+)=(.*)$/.exec(line) ?? [];
        return name ? [[name, value]] : [];
      }),
    );
    expect(readEnv(given)).toEqual(readEnv({}));
    expect(Object.keys(given)).toHaveLength(9);
  });
});
