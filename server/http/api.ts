import express, { type RequestHandler, Router } from 'express';
import { AppError } from '../../shared/errors.ts';
import type { Context } from '../context.ts';
import type { Deps } from './answers.ts';
import { handlerOf } from './route.ts';
import { apiRoutes } from './routes.ts';
import { badOrigin, findSession, isOurOrigin } from './session.ts';

const reads = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Everything under /api: no caching, our Origin on writes, who is asking, then the table. */
export function api(ctx: Context, deps: Deps): Router {
  const router = Router();
  const json = express.json({ limit: '256kb', type: 'application/json' });
  const routes = apiRoutes(deps);
  router.use(noStore, ourOrigin(ctx), whoAsks(ctx));
  for (const one of routes) {
    const method = one.method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete';
    const handler = handlerOf(one, ctx);
    if (one.method === 'GET' || one.raw) router[method](one.path, handler);
    else router[method](one.path, json, handler);
  }
  router.use(() => {
    throw new AppError({ code: 'notFound', message: 'There is no such address in the API.' });
  });
  return router;
}

const noStore: RequestHandler = (_request, response, next) => {
  response.setHeader('Cache-Control', 'no-store');
  next();
};

/** A page elsewhere can make a browser send our cookie, but not under our Origin. */
function ourOrigin(ctx: Context): RequestHandler {
  return (request, _response, next) => {
    const { origin, host } = request.headers;
    if (reads.has(request.method) || isOurOrigin(origin, { host, publicUrl: ctx.publicUrl ?? null }))
      return next();
    throw badOrigin();
  };
}

function whoAsks(ctx: Context): RequestHandler {
  return async (request, response, next) => {
    const me = await findSession(ctx, request.headers.cookie);
    if (me) response.locals['me'] = me;
    next();
  };
}
