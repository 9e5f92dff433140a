import type { ApiKey, ApiKeyCreate, ApiKeyMade } from '../../shared/api-key.ts';
import type { Field, FieldCreate, FieldUpdate } from '../../shared/field.ts';
import { at } from './at.ts';
import type { Http } from './http.ts';

/** Fields, keys, segments and imports, a line each. */
export function dataCalls(http: Http) {
  const get = http.call.bind(http);
  const send = <T>(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown) =>
    http.call<T>(path, { method, body });
  return {
    createField: (body: FieldCreate) => send<Field>('POST', at('fields'), body),
    updateField: (id: string, body: FieldUpdate) => send<Field>('PATCH', at('fields', id), body),

    apiKeys: () => get<{ apiKeys: ApiKey[] }>(at('api-keys')).then(({ apiKeys }) => apiKeys),
    createApiKey: (body: ApiKeyCreate) => send<ApiKeyMade>('POST', at('api-keys'), body),
    revokeApiKey: (id: string) => send<ApiKey>('DELETE', at('api-keys', id)),
  };
}
