import type { ApiKey, ApiKeyCreate, ApiKeyMade } from '../../shared/api-key.ts';
import type { Field, FieldCreate, FieldUpdate } from '../../shared/field.ts';
import type {
  Import,
  ImportDialect,
  ImportErrors,
  ImportKind,
  ImportMapping,
  ImportPage,
} from '../../shared/import.ts';
import { at } from './at.ts';
import { type Http, pathOf } from './http.ts';
import { upload } from './upload.ts';

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

    imports: (after: string | null) => get<ImportPage>(at('imports'), { query: { after } }),
    import: (id: string) => get<Import>(at('imports', id)),
    importErrors: (id: string, after: number) =>
      get<ImportErrors>(at('imports', id, 'errors'), { query: { after } }),
    importErrorsHref: (id: string, language: 'fa' | 'en') =>
      `${at('imports', id, 'errors.csv')}?language=${language}`,
    uploadImport: (kind: ImportKind, file: File, options: Parameters<typeof upload>[2]) =>
      upload<Import>(pathOf(at('imports'), { kind, name: file.name }), file, options),
    removeImport: (id: string) => send<void>('DELETE', at('imports', id)),
    readImport: (id: string, dialect: ImportDialect) =>
      send<Import>('POST', at('imports', id, 'read'), { dialect }),
    checkImport: (id: string, mapping: ImportMapping) =>
      send<Import>('POST', at('imports', id, 'check'), { mapping }),
    turnImport: (id: string, turn: 'run' | 'pause' | 'resume' | 'undo') =>
      send<Import>('POST', at('imports', id, turn)),
  };
}
