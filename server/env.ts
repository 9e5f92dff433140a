import { resolve } from 'node:path';
import * as z from 'zod/mini';

/** What the environment says, read once. Everything else about a server is in its database. */
export interface Env {
  host: string;
  port: number;
  dataDir: string;
  /** Undefined: the embedded engine. */
  mongoUri: string | undefined;
  redisUrl: string | undefined;
  secretKey: string | undefined;
  publicUrl: string | undefined;
  /** How many reverse proxies stand before the server and may be believed about the caller's address. */
  trustProxy: number;
  logLevel: string;
}

const url = (protocols: string[]) =>
  z.optional(
    z.string().check(
      z.refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), {
        error: `must be an address that begins with ${protocols.map((one) => `${one}//`).join(' or ')}`,
      }),
    ),
  );

const number = (min: number, max: number, fallback: string) =>
  z.pipe(
    z._default(z.string(), fallback).check(
      z.refine((text) => /^\d+$/.test(text) && Number(text) >= min && Number(text) <= max, {
        error: `must be a whole number from ${min} to ${max}`,
      }),
    ),
    z.transform(Number),
  );

const Schema = z.object({
  HOST: z._default(z.string(), '127.0.0.1'),
  PORT: number(0, 65_535, '3000'),
  DATA_DIR: z._default(z.string(), './data/main'),
  MONGODB_URI: z.optional(
    z.string().check(
      z.refine((text) => /^mongodb(\+srv)?:\/\//.test(text), {
        error:
          'must begin with mongodb:// or mongodb+srv:// and name a replica set; leave it out for the embedded engine',
      }),
    ),
  ),
  REDIS_URL: url(['redis:', 'rediss:']),
  SECRET_KEY: z.optional(
    z
      .string()
      .check(z.minLength(32, 'must have 32 characters at the least; make one with: openssl rand -base64 32')),
  ),
  PUBLIC_URL: url(['http:', 'https:']),
  TRUST_PROXY: number(0, 5, '0'),
  LOG_LEVEL: z._default(
    z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug'], {
      error: 'must be one of silent, fatal, error, warn, info, debug',
    }),
    'info',
  ),
});

/**
 * The one reader of the environment. An empty variable is an absent one.
 * @throws Error with everything that is wrong, and how to mend it
 */
export function readEnv(source: NodeJS.ProcessEnv = process.env): Env {
  const given = Object.fromEntries(
    Object.keys(Schema.shape).flatMap((name) => {
      const value = source[name]?.trim();
      return value ? [[name, value]] : [];
    }),
  );
  const result = z.safeParse(Schema, given);
  if (!result.success) {
    const wrong = result.error.issues.map((issue) => `  ${issue.path.join('.')} ${issue.message}`);
    throw new Error(`The environment is not right:\n${wrong.join('\n')}\nSee .env.example.`);
  }
  const env = result.data;
  return {
    host: env.HOST,
    port: env.PORT,
    dataDir: resolve(env.DATA_DIR),
    mongoUri: env.MONGODB_URI,
    redisUrl: env.REDIS_URL,
    secretKey: env.SECRET_KEY,
    publicUrl: env.PUBLIC_URL?.replace(/\/+$/, ''),
    trustProxy: env.TRUST_PROXY,
    logLevel: env.LOG_LEVEL,
  };
}
