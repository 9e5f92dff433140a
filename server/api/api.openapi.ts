import * as z from 'zod/mini';
import { ApiCustomer, ApiError, ApiIdentity } from '../../shared/api.ts';
import { type ApiScope, apiScopes } from '../../shared/api-key.ts';
import { Company } from '../../shared/company.ts';
import { Field } from '../../shared/field.ts';
import { CustomerProfile } from '../../shared/profile.ts';
import { CustomerRecord } from '../../shared/record.ts';
import { Tag } from '../../shared/tag.ts';
import type { ApiEndpoint } from './api.endpoint.ts';
import { requestsAMinute } from './api.limit.ts';

type Json = Record<string, unknown>;

export interface OpenApi {
  openapi: '3.1.0';
  info: Json;
  security: Json[];
  paths: Record<string, Record<string, Json>>;
  components: { schemas: Record<string, Json>; [more: string]: unknown };
}

const scopeWords: Record<ApiScope, string> = {
  'customers:read':
    'Read customers, with their identities and profiles, and what profiles name: fields, tags and companies.',
  'customers:write': 'Make and change customers and their identities.',
  'records:read': 'Read purchases and services.',
  'records:write': 'Write purchases and services.',
};

/** The document of the public API, made of the very schemas that its requests are parsed by. Pure. */
export function openApiDocument(endpoints: readonly ApiEndpoint[]): OpenApi {
  const schemas: Record<string, Json> = {};
  for (const [name, schema] of Object.entries(nouns)) named(schemas, { name, schema }, 'output');
  const paths: OpenApi['paths'] = {};
  for (const one of endpoints) {
    const path = one.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [one.method.toLowerCase()]: operation(one, schemas) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Customers',
      version: '1',
      description: [
        'Customers, their identities, purchases and services, for programs of your organisation.',
        `A key is made under Settings and goes along with every request: \`Authorization: Bearer yk_…\`. It has scopes: ${apiScopes
          .map((scope) => `\`${scope}\` (${scopeWords[scope]})`)
          .join(' ')}`,
        `Each key may send ${requestsAMinute} requests a minute; \`RateLimit-Limit\`, \`RateLimit-Remaining\` and \`RateLimit-Reset\` (seconds) say what is left. After a 429 wait for \`Retry-After\`.`,
        'A parameter or a field that is not named here is refused with a 422: nothing that you send is passed over.',
        'Errors have one shape; `code` and `reason` are for programs, `message` is for people.',
      ].join('\n\n'),
    },
    security: [{ apiKey: [] }],
    paths,
    components: {
      securitySchemes: { apiKey: { type: 'http', scheme: 'bearer', bearerFormat: 'yk_…' } },
      schemas,
    },
  };
}

function operation(one: ApiEndpoint, schemas: Record<string, Json>): Json {
  return {
    operationId: one.id,
    summary: one.summary,
    description: [one.description, `Scope: \`${one.scope}\`.`].filter(Boolean).join('\n\n'),
    parameters: parametersOf(one),
    ...(one.body
      ? {
          requestBody: {
            required: true,
            content: json(named(schemas, one.body, 'input'), one.body.example),
          },
        }
      : {}),
    responses: {
      [one.status]: {
        description: one.status === 204 ? 'Done.' : one.summary,
        headers: rateHeaders,
        ...(one.answer ? { content: json(named(schemas, one.answer, 'output'), one.answer.example) } : {}),
      },
      ...errorsOf(one),
    },
  };
}

function parametersOf(one: ApiEndpoint): Json[] {
  const inPath = Object.entries(one.params).map(([name, { description, example }]) => ({
    name,
    in: 'path',
    required: true,
    description,
    schema: { type: 'string' },
    example,
  }));
  const shape = jsonSchema(one.query.schema, 'input');
  const properties = (shape['properties'] ?? {}) as Record<string, Json>;
  const inQuery = Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: false,
    description: one.query.descriptions[name] ?? '',
    schema,
  }));
  const inHeader = one.idempotency
    ? [
        {
          name: 'Idempotency-Key',
          in: 'header',
          required: false,
          description:
            'Chosen by you, for example a UUID: the same request under the same key, sent again, makes nothing twice. Kept for a day at least.',
          schema: { type: 'string', minLength: 1, maxLength: 200 },
        },
      ]
    : [];
  return [...inPath, ...inQuery, ...inHeader];
}

const common: Record<number, string> = {
  401: 'No API key, or one that is none or was revoked.',
  403: 'The key lacks the scope.',
  422: 'Something in the request is wrong: `fields` says what and where.',
  429: 'Too many requests with this key: wait for `Retry-After` seconds.',
  500: 'A fault of ours: quote `errorId`.',
  503: 'Others are changing the same thing, or the database is away: try again.',
};

function errorsOf(one: ApiEndpoint): Json {
  const all = { ...common, ...one.errors };
  return Object.fromEntries(
    Object.entries(all).map(([status, description]) => [
      status,
      { description, content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } } },
    ]),
  );
}

const header = (description: string) => ({ description, schema: { type: 'integer' } });
const rateHeaders = {
  'RateLimit-Limit': header('Requests that one key may send in a minute.'),
  'RateLimit-Remaining': header('How many of them are left.'),
  'RateLimit-Reset': header('Seconds until all of them are there again.'),
};

const json = (schema: Json, example: unknown) => ({ 'application/json': { schema, example } });

/** Puts a schema among the components, once, and refers to it. @throws Error when one name stands for two schemas */
function named(
  schemas: Record<string, Json>,
  of: { name: string; schema: z.ZodMiniType },
  io: 'input' | 'output',
): Json {
  const made = jsonSchema(of.schema, io);
  const known = schemas[of.name];
  if (known && JSON.stringify(known) !== JSON.stringify(made))
    throw new Error(`Two different schemas of the public API are called ${of.name}.`);
  schemas[of.name] = made;
  return { $ref: `#/components/schemas/${of.name}` };
}

/** What answers are made of: each stands once, and is referred to wherever it is a part of something. */
const nouns: Record<string, z.ZodMiniType> = {
  Error: ApiError,
  Identity: ApiIdentity,
  Profile: CustomerProfile,
  Customer: ApiCustomer,
  Record: CustomerRecord,
  Field,
  Tag,
  Company,
};

function jsonSchema(schema: z.ZodMiniType, io: 'input' | 'output'): Json {
  const whole = plainSchema(schema, io);
  const names = new Map(
    Object.entries(nouns).map(([name, noun]) => [JSON.stringify(plainSchema(noun, 'output')), name]),
  );
  return Object.fromEntries(Object.entries(whole).map(([key, part]) => [key, referring(part, names)]));
}

function referring(part: unknown, names: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(part)) return part.map((one) => referring(one, names));
  if (typeof part !== 'object' || part === null) return part;
  const name = names.get(JSON.stringify(part));
  if (name) return { $ref: `#/components/schemas/${name}` };
  return Object.fromEntries(Object.entries(part).map(([key, one]) => [key, referring(one, names)]));
}

function plainSchema(schema: z.ZodMiniType, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...made } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json;
  return made;
}
