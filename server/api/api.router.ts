import express, { type RequestHandler, Router } from 'express';
import type { Viewer } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import type { Context } from '../context.ts';
import type { ApiEndpoint } from './api.endpoint.ts';
import { type ApiLimits, createApiLimits } from './api.limit.ts';
import { openApiDocument } from './api.openapi.ts';
import { parseStrictly } from './api.strict.ts';
import { endpoints } from './api.table.ts';
import type { ApiKeyDoc } from './api-key.model.ts';
import { findApiKey } from './api-key.service.ts';

/**
 * Everything under /api/v1, for programs of the organisation: a key in the Authorization header and nothing else opens it. No cookie is
 * looked at, so no page elsewhere can ride on one; no origin is let in, so no browser can hold a key.
 */
export function publicApi(ctx: Context, limits: ApiLimits = createApiLimits()): Router {
  const router = Router({ caseSensitive: true });
  router.use((_request, response, next) => {
    response.setHeader('Cache-Control', 'no-store');
    next();
  });
  // Made for the first who asks: a server starts without it.
  let document: ReturnType<typeof openApiDocument> | null = null;
  router.get('/openapi.json', (_request, response) => {
    document ??= openApiDocument(endpoints);
    response.json({ ...document, servers: [{ url: `${(ctx.publicUrl ?? '').replace(/\/+$/, '')}/api/v1` }] });
  });
  for (const one of endpoints) {
    const method = one.method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete';
    // Who asks comes before what they bring: bodies of strangers are not read.
    const handlers: RequestHandler[] = [authenticated(ctx, { limits, scope: one.scope })];
    if (one.body) handlers.push(jsonOnly, express.json({ limit: one.maxBody, type: 'application/json' }));
    router[method](one.path, ...handlers, handlerOf(ctx, one));
  }
  router.use(authenticated(ctx, { limits, scope: null }), () => {
    throw new AppError({
      code: 'notFound',
      message: 'There is no such address in the API. /api/v1/openapi.json lists them all.',
    });
  });
  return router;
}

function authenticated(
  ctx: Context,
  of: { limits: ApiLimits; scope: ApiEndpoint['scope'] | null },
): RequestHandler {
  return async (request, response, next) => {
    const place = request.ip ?? 'unknown';
    const [, token] = /^Bearer +(\S{1,200})$/i.exec(request.get('authorization') ?? '') ?? [];
    await of.limits.mayTry(place);
    const key = token === undefined ? null : await findApiKey(ctx, token);
    if (!key) {
      if (token !== undefined) await of.limits.wrongKey(place);
      response.setHeader('WWW-Authenticate', 'Bearer');
      throw new AppError({
        code: 'unauthenticated',
        message: token
          ? 'This API key is none, or was revoked.'
          : 'An API key is needed: Authorization: Bearer yk_…',
      });
    }
    await of.limits.count(key._id, response);
    if (of.scope && !key.scopes.includes(of.scope))
      throw new AppError({
        code: 'forbidden',
        message: `This key may not do that: it needs the scope ${of.scope}.`,
      });
    response.locals['key'] = key;
    next();
  };
}

const jsonOnly: RequestHandler = (request, _response, next) => {
  if (request.is('application/json')) return next();
  throw new AppError({
    code: 'invalid',
    message: 'The body must be JSON, and say so: Content-Type: application/json.',
  });
};

function handlerOf(ctx: Context, one: ApiEndpoint): RequestHandler {
  return async (request, response) => {
    const key = response.locals['key'] as ApiKeyDoc;
    const viewer: Viewer = { id: key._id, role: 'administrator', channelIds: 'all', teamIds: [] };
    const body = await one.run({
      ctx,
      key,
      viewer,
      body: one.body ? parseStrictly(one.body.schema, request.body, 'body') : undefined,
      query: parseStrictly(one.query.schema, request.query, 'query'),
      param: (name) => String(request.params[name] ?? ''),
      idempotencyKey: one.idempotency ? idempotencyKey(request.get('idempotency-key')) : null,
    });
    if (one.status === 204) response.status(204).end();
    else response.status(one.status).json(body);
  };
}

function idempotencyKey(given: string | undefined): string | null {
  if (given === undefined) return null;
  if (/^[\x21-\x7e]{1,200}$/.test(given)) return given;
  throw new AppError({
    code: 'invalid',
    message: 'An Idempotency-Key has 1 to 200 printable characters without spaces, for example a UUID.',
    fields: { 'Idempotency-Key': 'Not 1 to 200 printable characters.' },
  });
}
