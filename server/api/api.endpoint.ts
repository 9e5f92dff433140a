import * as z from 'zod/mini';
import type { Viewer } from '../../shared/access.ts';
import type { ApiScope } from '../../shared/api-key.ts';
import type { Context } from '../context.ts';
import { strict } from './api.strict.ts';
import type { ApiKeyDoc } from './api-key.model.ts';

type Schema = z.ZodMiniType;
type Out<S> = S extends Schema ? z.output<S> : undefined;

/** What an endpoint is given: parsed, from a key that may. */
export interface ApiCall<Body, Query> {
  ctx: Context;
  key: ApiKeyDoc;
  /** The organisation's own program sees what an administrator sees. */
  viewer: Viewer;
  body: Body;
  query: Query;
  /** A part of the path. */
  param(name: string): string;
  /** Of a request that would make something twice if it were sent twice. */
  idempotencyKey: string | null;
}

/** What an endpoint answers with. */
export interface ApiAnswer {
  status: 200 | 201 | 204;
  body?: unknown;
}

/** A schema that has a name in the document. */
export interface Named {
  name: string;
  schema: Schema;
}

/** One line of the public API, with all that its document says of it. */
export interface ApiEndpoint {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With `:name` for parts. */
  path: string;
  scope: ApiScope;
  /** Its name in generated clients. */
  id: string;
  summary: string;
  description: string;
  params: Readonly<Record<string, { description: string; example: string }>>;
  query: { schema: Schema; descriptions: Readonly<Record<string, string>> };
  body: (Named & { example: unknown }) | null;
  answer: (Named & { example: unknown }) | null;
  status: ApiAnswer['status'];
  /** Codes of errors that are this endpoint's own, with when they come. */
  errors: Readonly<Partial<Record<403 | 404 | 409 | 413 | 422, string>>>;
  idempotency: boolean;
  /** The largest body, as the parser of bodies wants it. */
  maxBody: string;
  run(call: ApiCall<unknown, unknown>): Promise<unknown>;
}

const noQuery = { schema: z.object({}), descriptions: {} };

/** Types flow from the schemas into the handler; what it returns is the answer's body. What a schema does not know is refused. */
export function endpoint<B extends Schema | undefined = undefined, Q extends Schema | undefined = undefined>(
  of: Pick<ApiEndpoint, 'method' | 'path' | 'scope' | 'id' | 'summary'> &
    Partial<
      Pick<ApiEndpoint, 'description' | 'params' | 'answer' | 'status' | 'errors' | 'idempotency' | 'maxBody'>
    > & {
      body?: { name: string; schema: B; example: unknown };
      query?: { schema: Q; descriptions: Readonly<Record<string, string>> };
      run(call: ApiCall<Out<B>, Out<Q>>): Promise<unknown>;
    },
): ApiEndpoint {
  return {
    description: '',
    params: {},
    errors: {},
    answer: null,
    idempotency: false,
    maxBody: '256kb',
    ...of,
    status: of.status ?? (of.answer ? 200 : 204),
    query: closed((of.query as ApiEndpoint['query'] | undefined) ?? noQuery),
    body: of.body ? closed(of.body as NonNullable<ApiEndpoint['body']>) : null,
    run: of.run as ApiEndpoint['run'],
  };
}

const closed = <Of extends { schema: Schema }>(of: Of): Of => ({ ...of, schema: strict(of.schema) });
