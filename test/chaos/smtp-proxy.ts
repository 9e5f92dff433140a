import net from 'node:net';
import type { ProviderHook, ProviderProxy } from './provider-proxy.ts';

/** The commands of a delivery that can fail half-way; the rest is greeting. `message` is the end of DATA: the mail is handed over. */
const calls = new Set(['MAIL', 'message']);

/** Sits between the server and a mail simulator's SMTP side. Plain text only: the simulator's settings ask for no encryption. */
export async function startSmtpProxy(simulator: string): Promise<ProviderProxy> {
  const target = new URL(simulator);
  let hook: ProviderHook | null = null;
  const sockets = new Set<net.Socket>();
  const server = net.createServer((client) => {
    const provider = net.connect(Number(target.port), target.hostname);
    for (const socket of [client, provider]) {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      socket.on('error', () => undefined);
    }
    const end = () => {
      client.destroy();
      provider.destroy();
    };
    client.on('close', end);
    provider.on('close', end);
    /** The call that the provider's next answer is to. */
    let asked: string | null = null;
    let inData = false;
    inOrder(client, async (line) => {
      const name = inData ? (line === '.\r\n' ? 'message' : null) : line.slice(0, 4).toUpperCase();
      if (name === 'message') inData = false;
      if (name && calls.has(name)) {
        if ((await hook?.({ name }, 'before')) === 'drop') return end();
        asked = name;
      }
      provider.write(line, 'latin1');
    });
    inOrder(provider, async (line) => {
      if (line.startsWith('354')) inData = true;
      // The last line of an answer has a space after its code.
      if (asked && /^\d{3} /.test(line)) {
        const name = asked;
        asked = null;
        if ((await hook?.({ name }, 'after')) === 'drop') return end();
      }
      client.write(line, 'latin1');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  return {
    endpoint: `${target.protocol}//127.0.0.1:${port}`,
    setHook: (next) => {
      hook = next;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Hands over whole lines, one after another. */
function inOrder(socket: net.Socket, handle: (line: string) => Promise<unknown>): void {
  let rest = '';
  let turn: Promise<unknown> = Promise.resolve();
  socket.on('data', (chunk) => {
    const lines = (rest + chunk.toString('latin1')).split(/(?<=\r\n)/);
    rest = lines.at(-1)?.endsWith('\r\n') ? '' : (lines.pop() ?? '');
    for (const line of lines) turn = turn.then(() => handle(line));
  });
}
