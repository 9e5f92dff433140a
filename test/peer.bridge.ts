import net, { type AddressInfo } from 'node:net';
import { type Document, deserialize, serialize } from 'bson';

/**
 * Sits before the peer and bridges the one fault that the product cannot be run over: 0.7.0b3 knows `$$NOW` in the first level of a
 * query's `$expr` only, and our leases ask for it below `$or`. It puts the time there instead, which is what `$$NOW` means.
 */
export interface Bridge {
  uri: string;
  close(): Promise<void>;
}

const opMsg = 2013;
const asSent = { promoteValues: false, promoteLongs: false, bsonRegExp: true } as const;

export async function startBridge(port: number): Promise<Bridge> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((client) => {
    const peer = net.connect(port, '127.0.0.1');
    for (const socket of [client, peer]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        peer.destroy();
      });
    }
    let rest: Buffer = Buffer.alloc(0);
    client.on('data', (chunk: Buffer) => {
      rest = rest.length ? Buffer.concat([rest, chunk]) : chunk;
      while (rest.length >= 4 && rest.length >= rest.readInt32LE(0)) {
        const length = rest.readInt32LE(0);
        peer.write(bridged(rest.subarray(0, length)));
        rest = rest.subarray(length);
      }
    });
    peer.pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    uri: `mongodb://127.0.0.1:${(server.address() as AddressInfo).port}/?directConnection=true`,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The same message with the time in the place of `$$NOW`; one without it as it is, byte for byte. */
export function bridged(frame: Buffer, now = new Date()): Buffer {
  if (frame.readInt32LE(12) !== opMsg || !frame.includes('$$NOW')) return frame;
  const told = (bytes: Uint8Array) =>
    Buffer.from(serialize(timed(deserialize(bytes, asSent), now) as Document));
  const parts: Buffer[] = [frame.subarray(0, 20)];
  for (let at = 20; at < frame.length; at += 1 + frame.readInt32LE(at + 1)) {
    const section = frame.subarray(at + 1, at + 1 + frame.readInt32LE(at + 1));
    if (frame[at] === 0) parts.push(Buffer.from([0]), told(section));
    else parts.push(Buffer.from([1]), sequence(section, told));
  }
  const whole = Buffer.concat(parts);
  whole.writeInt32LE(whole.length, 0);
  return whole;
}

function sequence(section: Buffer, told: (bytes: Uint8Array) => Buffer): Buffer {
  const begin = section.indexOf(0, 4) + 1;
  const documents: Buffer[] = [];
  for (let at = begin; at < section.length; at += section.readInt32LE(at))
    documents.push(told(section.subarray(at, at + section.readInt32LE(at))));
  const made = Buffer.concat([Buffer.alloc(4), section.subarray(4, begin), ...documents]);
  made.writeInt32LE(made.length, 0);
  return made;
}

function timed(value: unknown, now: Date): unknown {
  if (value === '$$NOW') return now;
  if (Array.isArray(value)) return value.map((each) => timed(each, now));
  if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, timed(each, now)]));
}
