import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { startSmtpProxy } from './smtp-proxy.ts';
import type { Verdict } from './wire-proxy.ts';

/** One call to a provider: its method and the last part of its path, never the key inside it. */
export interface ProviderCall {
  name: string;
}

/** As WireHook: before the provider has the call, and after it has done it but before the server has the answer. */
export type ProviderHook = (call: ProviderCall, side: 'before' | 'after') => Verdict | Promise<Verdict>;

export interface ProviderProxy {
  endpoint: string;
  setHook(hook: ProviderHook | null): void;
  close(): Promise<void>;
}

/** Sits between the server and one simulator, in the words of its address. */
export function startProviderProxy(simulator: string): Promise<ProviderProxy> {
  return simulator.startsWith('smtp:') ? startSmtpProxy(simulator) : startHttpProxy(simulator);
}

async function startHttpProxy(simulator: string): Promise<ProviderProxy> {
  let hook: ProviderHook | null = null;
  const agent = new http.Agent({ keepAlive: true });
  const server = http.createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', simulator);
    const call = {
      name: url.pathname
        .split('/')
        .slice(-2)
        .join('/')
        .replace(/^bot[^/]*\//, ''),
    };
    const body: Buffer[] = [];
    try {
      for await (const chunk of request) body.push(chunk as Buffer);
      if ((await hook?.(call, 'before')) === 'drop') return;
      const answer = await forward(agent, url, request, Buffer.concat(body), response);
      if ((await hook?.(call, 'after')) === 'drop') return;
      response.writeHead(answer.status, answer.headers);
      response.end(answer.body);
    } catch {
      // The simulator reset the call, or the server went away: either way the other side sees a reset.
      response.destroy();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const base = new URL(simulator);
  base.port = String(port);
  return {
    endpoint: base.href.replace(/\/$/, simulator.endsWith('/') ? '/' : ''),
    setHook: (next) => {
      hook = next;
    },
    close: async () => {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: Buffer;
}

function forward(
  agent: http.Agent,
  url: URL,
  request: http.IncomingMessage,
  body: Buffer,
  response: http.ServerResponse,
) {
  return new Promise<Answer>((resolve, reject) => {
    const { connection: _hop, 'transfer-encoding': _chunked, ...headers } = request.headers;
    const call = http.request(
      url,
      {
        method: request.method,
        agent,
        headers: { ...headers, host: url.host, 'content-length': String(body.length) },
      },
      async (answer) => {
        try {
          const parts: Buffer[] = [];
          for await (const chunk of answer) parts.push(chunk as Buffer);
          const { connection: _c, 'transfer-encoding': _t, ...kept } = answer.headers;
          resolve({ status: answer.statusCode ?? 502, headers: kept, body: Buffer.concat(parts) });
        } catch (error) {
          reject(error);
        }
      },
    );
    call.on('error', reject);
    // A long poll that nobody waits for any more is given up at the provider too.
    response.on('close', () => call.destroy());
    call.end(body);
  });
}
