import type { Request, RequestHandler, Response } from 'express';
import type * as z from 'zod/mini';
import { may, type Permission, type Viewer } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import type { Context } from '../context.ts';
import { notSignedIn, type SignedIn } from './session.ts';
import { parse } from './validate.ts';

type Schema = z.ZodMiniType;
type Out<S> = S extends Schema ? z.output<S> : undefined;

/** What a handler is given: parsed, and from somebody who may. */
export interface Call<Body, Query, Me> {
  ctx: Context;
  me: Me;
  /** Decides access; absent on public routes. */
  viewer: Me extends SignedIn ? Viewer : undefined;
  body: Body;
  query: Query;
  /** A part of the path. */
  param(name: string): string;
  request: Request;
  response: Response;
}

/** `public`: anyone. `signedIn`: whoever is. A permission: its holders; the service asks again, and for the very thing. */
export type Access = 'public' | 'signedIn' | Permission;

export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  access: Access;
  /** The handler reads the body itself. */
  raw: boolean;
  handle(options: { ctx: Context; me: SignedIn | null; request: Request; response: Response }): Promise<void>;
}

/** One line of the table. What the handler returns is the JSON answer; nothing is 204. */
export function route<
  A extends Access,
  B extends Schema | undefined = undefined,
  Q extends Schema | undefined = undefined,
>(
  method: Route['method'],
  path: string,
  access: A,
  options: {
    body?: B;
    query?: Q;
    raw?: boolean;
    run(call: Call<Out<B>, Out<Q>, A extends 'public' ? SignedIn | null : SignedIn>): Promise<unknown>;
  },
): Route {
  return {
    method,
    path,
    access,
    raw: options.raw ?? false,
    async handle({ ctx, me, request, response }) {
      if (access !== 'public') {
        if (!me) throw notSignedIn();
        if (access !== 'signedIn' && !may(me.viewer, access as Permission))
          throw new AppError({ code: 'forbidden', message: 'You have no permission for this.' });
      }
      const answer = await options.run({
        ctx,
        me: me as never,
        viewer: me?.viewer as never,
        body: (options.body ? parse(options.body, request.body) : undefined) as Out<B>,
        query: (options.query ? parse(options.query, request.query) : undefined) as Out<Q>,
        param: (name) => String(request.params[name] ?? ''),
        request,
        response,
      });
      if (response.headersSent || response.writableEnded) return;
      if (answer === undefined) response.status(204).end();
      else response.json(answer);
    },
  };
}

/** A route of the table as the framework wants it. */
export function handlerOf(one: Route, ctx: Context): RequestHandler {
  return (request, response) =>
    one.handle({ ctx, me: (response.locals['me'] as SignedIn | undefined) ?? null, request, response });
}
