import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** Where a provider's pushes go: to the server that is chosen, which a load balancer would choose; and it keeps what went through. */
export interface HookRelay {
  /** The hook's address, as the provider is told it. */
  address(hookUrl: string): string;
  /** From now on pushes go to this server. */
  choose(url: string): void;
  /** The same push again, to this server; it is found by words in its body. @returns the server's status */
  again(url: string, words: string): Promise<number>;
  close(): Promise<void>;
}

interface Push {
  path: string;
  type: string;
  body: Buffer;
}

export async function startHookRelay(first: string): Promise<HookRelay> {
  let chosen = first;
  const kept: Push[] = [];
  const server = http.createServer(async (request, response) => {
    try {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const push: Push = {
        path: request.url ?? '/',
        type: request.headers['content-type'] ?? 'application/octet-stream',
        body: Buffer.concat(chunks),
      };
      kept.push(push);
      response.writeHead(await send(chosen, push));
      response.end();
    } catch {
      response.destroy();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    address: (hookUrl) => {
      const url = new URL(hookUrl);
      url.host = `127.0.0.1:${port}`;
      return url.href;
    },
    choose: (url) => {
      chosen = url;
    },
    again: (url, words) => {
      const encoded = new URLSearchParams({ words }).toString().slice('words='.length);
      const push = kept.find(({ body }) => body.includes(words) || body.includes(encoded));
      if (!push) throw new Error(`No push held "${words}".`);
      return send(url, push);
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function send(url: string, { path, type, body }: Push): Promise<number> {
  const response = await fetch(new URL(path, url), {
    method: 'POST',
    headers: { 'content-type': type },
    body: new Uint8Array(body),
  });
  await response.arrayBuffer();
  return response.status;
}
