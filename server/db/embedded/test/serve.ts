import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import mongoose from 'mongoose';
import { type RunningEngine, startEngine } from '../engine.ts';

const { MongoClient } = mongoose.mongo;
export type Client = InstanceType<typeof MongoClient>;

export interface Serving {
  /** A folder of its own: the data lie in `db` below it, the socket is `m.sock`. */
  dir: string;
  running: RunningEngine;
  client: Client;
  /** Ends the client and the engine and removes the folder. */
  stop(): Promise<void>;
}

export interface ServeOptions {
  testCommands?: boolean;
  client?: mongoose.mongo.MongoClientOptions;
}

/** An engine in this process, on a socket in a folder of its own, and a driver's client that speaks to it. */
export async function serve({ testCommands = false, client: options }: ServeOptions = {}): Promise<Serving> {
  const dir = mkdtempSync(path.join(tmpdir(), 'engine-'));
  const running = await startEngine({
    path: path.join(dir, 'db'),
    socket: path.join(dir, 'm.sock'),
    durability: 'none',
    testCommands,
  });
  const client = await new MongoClient(running.uri, options).connect();
  const stop = async () => {
    await client.close();
    await running.close();
    rmSync(dir, { recursive: true, force: true });
  };
  return { dir, running, client, stop };
}

/** The error that a command is refused with; throws where it is done after all. */
export const failure = (work: Promise<unknown>): Promise<mongoose.mongo.MongoServerError> =>
  work.then(
    () => {
      throw new Error('this should have been refused');
    },
    (error: mongoose.mongo.MongoServerError) => error,
  );
