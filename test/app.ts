import { Writable } from 'node:stream';
import { type App, type AppDeps, createApp } from '../server/app.ts';
import { createLog } from '../server/log.ts';
import type { Role } from '../shared/access.ts';
import type { UserDetails } from '../shared/user.ts';
import { Agent } from './agent.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';

export const password = 'a password for tests alone';

export interface TestApp extends App {
  database: TestDatabase;
  /** Everything the server logged. */
  logged(): string;
  /** The first administrator, signed in. */
  admin: Agent;
  /** Another user, signed in. */
  join(user: {
    role?: Role;
    channelIds: 'all' | string[];
    name?: string;
  }): Promise<{ agent: Agent; user: UserDetails }>;
  /** Ends the server and drops its database. */
  end(): Promise<void>;
}

/** A server on a real engine, a free port and a database of its own, set up, with nobody but its administrator. */
export async function startTestApp(deps: Partial<AppDeps> = {}): Promise<TestApp> {
  const database = await createTestDatabase({ migrated: true });
  let output = '';
  const log = createLog(
    { level: 'debug' },
    new Writable({
      write(chunk, _encoding, done) {
        output += String(chunk);
        done();
      },
    }),
  );
  try {
    const app = await createApp({
      mongoUri: database.uri,
      database: database.name,
      secretKey: 'a key for tests, of no other use at all',
      host: '127.0.0.1',
      port: 0,
      log,
      ...deps,
    });
    const admin = new Agent(app.url);
    await admin.setUp({
      code: app.setUpCode ?? '',
      organisation: 'Example Shop',
      language: 'en',
      calendar: 'gregorian',
      timeZone: 'Asia/Tehran',
      name: 'Admin Example',
      email: 'admin@example.com',
      password,
    });
    let joined = 0;
    return Object.assign(app, {
      database,
      admin,
      logged: () => output,
      async join({ role = 'agent' as const, channelIds, name }: Parameters<TestApp['join']>[0]) {
        joined += 1;
        const email = `agent${joined}@example.com`;
        const user = await admin.call<UserDetails>('POST', '/api/users', {
          name: name ?? `Agent ${joined}`,
          email,
          password,
          role,
          channelIds,
        });
        const agent = new Agent(app.url);
        await agent.signIn(email, password);
        return { agent, user };
      },
      async end() {
        await app.close();
        await database.close();
      },
    });
  } catch (error) {
    await database.close();
    throw error;
  }
}
