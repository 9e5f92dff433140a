import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import { mongo } from 'mongoose';

/** The part of the driver's connection that is looked at here. */
export interface WritingConnection {
  socket: Socket;
  /** Set when the connection is closed: why. */
  error: Error | null;
  writeCommand(command: unknown, options: unknown): Promise<void>;
}

/**
 * The driver (mongodb 7.8) looks whether a connection is closed, prepares the command, and writes it. Where the socket is destroyed in
 * between, as when a server is killed, the write answers that it is full, and the driver waits for it to drain: for ever. Here the
 * write ends when the socket does.
 */
function endWithTheSocket(prototype: WritingConnection): void {
  const write = prototype.writeCommand;
  prototype.writeCommand = async function (this: WritingConnection, command, options) {
    const { socket } = this;
    let end = () => {};
    const closed = new Promise<never>((_, reject) => {
      end = () => reject(this.error ?? new mongo.MongoNetworkError('The connection closed during a write.'));
    });
    // Whoever waits no more need not hear of it.
    closed.catch(() => undefined);
    if (socket.closed) end();
    else socket.once('close', end);
    try {
      await Promise.race([write.call(this, command, options), closed]);
    } finally {
      socket.off('close', end);
    }
  };
}

// Of the driver that mongoose brings: it is no dependency of ours.
const ofMongoose = createRequire(createRequire(import.meta.url).resolve('mongoose'));
const { Connection } = ofMongoose('mongodb/lib/cmap/connection.js') as {
  Connection: { prototype: WritingConnection };
};
endWithTheSocket(Connection.prototype);

/** The driver's connection, for a test. */
export const connectionPrototype = Connection.prototype;
