import { randomUUID } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, unlinkSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { fileAt } from '../store/file.ts';
import { mustHold, Store } from '../store/store.ts';
import { STORE_FILE } from './folder.ts';
import { clearLeavings, lives } from './leavings.ts';

/** What the store keeps of the engine that serves it. */
interface EngineRecord {
  pid: number;
  nonce: string;
  /** Path of its socket, or host:port. */
  address: string;
  /** Which file it serves: the record of a copied file says nothing. */
  file: string;
  /** What is done with the store instead of serving it, for the person: "is being compacted". */
  deed?: string;
}

/** Another engine serves this folder. */
export class EngineRunning extends Error {
  readonly address: string;

  constructor(address: string, dir: string, pid?: number) {
    super(`another engine${pid === undefined ? '' : ` (process ${pid})`} serves ${dir} at ${address}`);
    this.address = address;
  }
}

const taken = (dir: string, { address, deed, pid }: EngineRecord): Error =>
  deed === undefined
    ? new EngineRunning(address, dir, pid)
    : new Error(`${dir} ${deed} (process ${pid}): start again when that is done`);

const KEY = Buffer.from('engine');

function readRecord(store: Store): EngineRecord | undefined {
  const bytes = store.meta.db.get(KEY);
  return bytes && (JSON.parse(bytes.toString('utf8')) as EngineRecord);
}

/** Who holds this store at this moment, if anybody does. */
async function holderOf(store: Store): Promise<EngineRecord | undefined> {
  const record = readRecord(store);
  if (!record || record.file !== store.file) return undefined;
  return (await isThere(record)) ? record : undefined;
}

/**
 * A process that was killed leaves its record, and another program may listen on its port by now. (A socket's path is this user's
 * alone, and the numbers of processes in another container say nothing here.)
 */
const isThere = async ({ address, pid }: EngineRecord): Promise<boolean> =>
  (address.startsWith('/') || lives(pid)) && (await answers(address));

/** Where an engine serves this store at this moment, if one does. */
export const answersFor = async (store: Store): Promise<string | undefined> =>
  (await holderOf(store))?.address;

/** Strikes the record of an engine from a copied store. */
export async function forget(dir: string): Promise<void> {
  const store = new Store(dir, 'fsync');
  await store.once(() => store.meta.db.removeSync(KEY));
  await store.close();
}

/** Whether somebody accepts connections at an address. */
export function answers(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const { host, port } = hostAndPort(address);
    const socket = address.startsWith('/') ? net.connect(address) : net.connect(port, host);
    socket.setTimeout(5000);
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.on('connect', () => end(true));
    socket.on('error', () => end(false));
    socket.on('timeout', () => end(true));
  });
}

function hostAndPort(address: string): { host: string; port: number } {
  const colon = address.lastIndexOf(':');
  return { host: address.slice(0, colon), port: Number(address.slice(colon + 1)) };
}

/** Makes the folder of a socket, or checks that nobody else can reach into it. */
function secureFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const state = lstatSync(folder);
  if (!state.isDirectory()) throw new Error(`${folder} is not a folder: the socket cannot lie in it`);
  const uid = process.getuid?.();
  if (uid !== undefined && state.uid !== uid)
    throw new Error(`${folder} belongs to another user: the socket cannot lie in it`);
  if (state.mode & 0o077) throw new Error(`${folder} is open to other users: give it mode 0700`);
}

/** Bytes that the address of a unix socket may have on every system. */
const SOCKET_LIMIT = 100;

/** Where an engine will listen. */
export interface Place {
  socket?: string | undefined;
  port?: number | undefined;
  /** What is done with the store, if it is not served. */
  deed?: string | undefined;
}

/**
 * Makes this process the only engine of a store and binds its listener. Whoever finds the socket dead checks, inside one write
 * transaction, that the record is still the one it read; so of many that start at once exactly one wins.
 */
export async function claim(store: Store, listener: net.Server, place: Place): Promise<string> {
  const { socket, port, deed } = place;
  if (socket !== undefined) prepareSocket(socket);
  const before = readRecord(store);
  const holder = await holderOf(store);
  if (holder) throw taken(store.dir, holder);
  if (socket !== undefined && (await answers(socket))) throw new EngineRunning(socket, store.dir);
  const nonce = randomUUID();
  const address = socket ?? (await listenOnPort(listener, port ?? 0));
  const won = store.env.transactionSync(() => {
    const file = path.join(store.dir, STORE_FILE);
    if (fileAt(file) !== store.file) throw new Error(`${file} was replaced while it was opened: try again`);
    if (readRecord(store)?.nonce !== before?.nonce) return false;
    if (socket !== undefined) bindSocket(listener, socket);
    const record: EngineRecord = {
      pid: process.pid,
      nonce,
      address,
      file: store.file,
      ...(deed !== undefined && { deed }),
    };
    store.meta.db.putSync(KEY, Buffer.from(JSON.stringify(record)));
    return true;
  });
  if (!won) {
    if (socket === undefined) await new Promise((resolve) => listener.close(resolve));
    const winner = readRecord(store);
    throw winner ? taken(store.dir, winner) : new EngineRunning(address, store.dir);
  }
  store.fence = () => {
    if (readRecord(store)?.nonce === nonce) return;
    store.onSuperseded();
    mustHold(store.dir);
  };
  clearLeavings(store.dir);
  return address;
}

/** Gives the store back, so that the next engine need not look for this one. */
export function release(store: Store): void {
  try {
    store.env.transactionSync(() => {
      store.fence();
      store.meta.db.removeSync(KEY);
    });
  } catch {
    // Another engine holds the store by now, or the disk is full: the record tells the truth or is found to be stale.
  }
}

function prepareSocket(socket: string): void {
  if (!path.isAbsolute(socket)) throw new Error(`the socket ${socket} must be an absolute path`);
  if (Buffer.byteLength(socket) > SOCKET_LIMIT)
    throw new Error(`the socket's path has more than ${SOCKET_LIMIT} bytes, which systems refuse: ${socket}`);
  secureFolder(path.dirname(socket));
}

/** Binds at once, before this returns: node does so for paths. */
function bindSocket(listener: net.Server, socket: string): void {
  try {
    unlinkSync(socket);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  listener.listen(socket);
  if (!listener.listening) throw new Error(`the socket ${socket} cannot be bound`);
  chmodSync(socket, 0o600);
}

function listenOnPort(listener: net.Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    listener.once('error', (error: NodeJS.ErrnoException) => reject(portError(error, port)));
    listener.listen(port, '127.0.0.1', () => {
      listener.removeAllListeners('error');
      resolve(`127.0.0.1:${(listener.address() as net.AddressInfo).port}`);
    });
  });
}

function portError(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code === 'EADDRINUSE')
    return new Error(
      `another program listens on port ${port} of 127.0.0.1: name another port, or 0 for any that is free`,
    );
  if (error.code === 'EACCES')
    return new Error(
      `this user may not listen on port ${port}: name one above 1023, or 0 for any that is free`,
    );
  return error;
}
