import { type ApiKeyMade, type ApiScope, apiScopes } from '../shared/api-key.ts';
import type { ErrorBody } from '../shared/errors.ts';
import { startTestApp, type TestApp } from './app.ts';
import { plain } from './provider.ts';

export interface Answer<T> {
  status: number;
  body: T;
  headers: Headers;
}

/** A program of the organisation, with a key for everything. */
export interface Program {
  app: TestApp;
  secret: string;
  /** A further key. */
  key(scopes: ApiScope[]): Promise<ApiKeyMade>;
  /** One request to /api/v1; its answer as it is, whatever its status. */
  ask<T = ErrorBody>(
    method: string,
    path: string,
    options?: { body?: unknown; key?: string; headers?: Record<string, string> },
  ): Promise<Answer<T>>;
}

export async function startProgram(): Promise<Program> {
  const app = await startTestApp({ connectors: { plain } });
  const key = (scopes: ApiScope[]) =>
    app.admin.call<ApiKeyMade>('POST', '/api/api-keys', { name: 'Shop', scopes });
  const { secret } = await key([...apiScopes]);
  return {
    app,
    secret,
    key,
    async ask<T>(
      method: string,
      path: string,
      options: { body?: unknown; key?: string; headers?: Record<string, string> } = {},
    ) {
      const response = await fetch(`${app.url}/api/v1${path}`, {
        method,
        headers: {
          authorization: `Bearer ${options.key ?? secret}`,
          ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...options.headers,
        },
        ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
      });
      const text = await response.text();
      const body = (text ? JSON.parse(text) : undefined) as T;
      return { status: response.status, body, headers: response.headers };
    },
  };
}
