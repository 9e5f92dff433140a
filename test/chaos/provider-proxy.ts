import { X509Certificate } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { pem } from '../../connectors/x/road.ts';
import { selfSigned } from '../../connectors/x/simulator.certificate.ts';
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
  const secure = simulator.startsWith('https:') ? behindTls(simulator) : null;
  const agent = secure?.agent ?? new http.Agent({ keepAlive: true });
  const server = (secure?.createServer ?? http.createServer)(async (request, response) => {
    const url = new URL(request.url ?? '/', simulator);
    const call = {
      name: url.pathname
        .split('/')
        .slice(-2)
        .join('/')
        .replace(/^bot[^/]*\//, '')
        // Whose it is, or which one, is another each time.
        .replace(/(^|\/)\d{6,}(?=\/|$)/g, '$1:id'),
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
  if (secure) base.searchParams.set('ca', secure.ca);
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

/** An endpoint that names the certificate to be trusted (`?ca=`): the proxy shows one of its own, for the same names. */
function behindTls(endpoint: string) {
  const trusted = Buffer.from(new URL(endpoint).searchParams.get('ca') ?? '', 'base64url');
  const names = new X509Certificate(trusted).subjectAltName ?? '';
  const own = selfSigned([...names.matchAll(/DNS:([^,\s]+)/g)].map(([, name = '']) => name));
  return {
    agent: new https.Agent({ keepAlive: true, ca: pem(trusted) }),
    ca: own.der.toString('base64url'),
    createServer: (listener: http.RequestListener) => https.createServer(own, listener),
  };
}

interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: Buffer;
}

function forward(
  agent: http.Agent | https.Agent,
  url: URL,
  request: http.IncomingMessage,
  body: Buffer,
  response: http.ServerResponse,
) {
  return new Promise<Answer>((resolve, reject) => {
    const { connection: _hop, 'transfer-encoding': _chunked, ...headers } = request.headers;
    const secure = url.protocol === 'https:';
    // Beneath TLS the provider's own name is part of what is signed, and of what its certificate is for.
    const host = secure ? (headers.host ?? url.host) : url.host;
    const call = (secure ? https : http).request(
      url,
      {
        method: request.method,
        agent,
        ...(secure ? { servername: host.replace(/:\d+$/, '') } : {}),
        headers: { ...headers, host, 'content-length': String(body.length) },
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
