import { connect, createServer } from 'node:net';
import { expect, it } from 'vitest';
import { connectionPrototype } from './driver.guard.ts';

it('a command whose socket is destroyed before it is written ends with the socket, and does not wait for it to drain', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  const socket = connect(port, '127.0.0.1');
  await new Promise((resolve) => socket.once('connect', resolve));
  const reason = new Error('the server was killed');
  const connection = Object.assign(Object.create(connectionPrototype), { socket, error: reason, id: 1 });
  const command = {
    async toBin() {
      socket.destroy();
      return [new Uint8Array([1])];
    },
  };
  await expect(connection.writeCommand(command, { agreedCompressor: 'none' })).rejects.toBe(reason);
  expect(socket.listenerCount('close')).toBe(0);
  server.close();
});
