import { pipeline } from 'node:stream/promises';
import express, { type Request, type RequestHandler, type Response, Router } from 'express';
import * as z from 'zod/mini';
import { AppError } from '../../shared/errors.ts';
import { VisitorBegin, VisitorContact, VisitorWrites } from '../../shared/visitor.ts';
import type { Context } from '../context.ts';
import { fileHeaders } from '../files/file.service.ts';
import { badOrigin, isOurOrigin } from '../http/session.ts';
import { parse, whole, word } from '../http/validate.ts';
import { mayHold, presentConfig, type Site, siteOf } from './site.ts';
import { stopPage, stopRequested } from './stop.page.ts';
import { Arrivals, createVisitorThrottles } from './throttle.ts';
import { beginVisit, endVisit } from './visitor.begin.ts';
import { leaveContact } from './visitor.contact.ts';
import { fileOfVisitor, openVisitorFile, uploadAsVisitor } from './visitor.files.ts';
import { knownVisitor } from './visitor.find.ts';
import { type VisitorEdge, visitorMessages } from './visitor.messages.ts';
import type { VisitorDoc } from './visitor.model.ts';
import { sayOnline } from './visitor.online.ts';
import { visitorHas } from './visitor.seen.ts';
import { writeAsVisitor } from './visitor.write.ts';

export interface VisitorDeps {
  ctx: Context;
  /** The token of this visitor holds no more: its sockets are told. */
  ended(visitor: VisitorDoc): void;
}

/** What a stranger's call is given: the site, and on all but the first two who they are by their token. */
interface Call {
  site: Site;
  request: Request;
  response: Response;
}
type Known = Call & { visitor: VisitorDoc };

const Messages = z.object({
  after: z.optional(whole({ min: 0, max: 1e15, fallback: 0 })),
  before: z.optional(word),
});
const Upload = z.object({ name: z._default(z.string().check(z.maxLength(400)), 'file') });
const Download = z.object({ download: z.optional(z.string()) });

/** /chat/:site: all that a visitor of a site may ask. No cookie counts here, and no account of ours. */
export function visitorRoutes({ ctx, ended }: VisitorDeps): Router {
  const router = Router();
  const json = express.json({ limit: '64kb', type: 'application/json' });
  const throttles = createVisitorThrottles();
  const arrivals = new Arrivals();
  const place = ({ request }: Call) => request.ip ?? 'unknown';

  const open =
    (run: (call: Call) => Promise<unknown>): RequestHandler =>
    async (request, response) => {
      throttles.calls.take(request.ip ?? 'unknown');
      const site = await siteOf(ctx, String(request.params['site']));
      const answer = await run({ site, request, response });
      if (response.headersSent || response.writableEnded) return;
      if (answer === undefined) response.status(204).end();
      else response.json(answer);
    };
  const known = (run: (call: Known) => Promise<unknown>) =>
    open(async (call) => run({ ...call, visitor: await knownVisitor(ctx, call.site, bearer(call.request)) }));

  router.use((_request, response, next) => {
    response.setHeader('Cache-Control', 'no-store');
    next();
  });
  router.get(
    '/:site/config',
    open(async (call) => configFor(ctx, call)),
  );
  // What a mail program opens by itself must change nothing: the page asks, its button does it.
  router.get(
    '/:site/stop/:code',
    open((call) => stopPage(ctx, call)),
  );
  router.use(ourOrigin(ctx));
  router.post(
    '/:site/stop/:code',
    open((call) => stopRequested(ctx, call)),
  );
  router.post(
    '/:site/session',
    json,
    open((call) =>
      beginVisit(ctx, call.site, {
        form: parse(VisitorBegin, call.request.body),
        place: place(call),
        arrivals,
      }),
    ),
  );
  router.delete(
    '/:site/session',
    known(async ({ visitor }) => {
      await endVisit(ctx, visitor);
      ended(visitor);
    }),
  );
  router.get(
    '/:site/messages',
    known(({ visitor, request }) => {
      const edge = edgeOf(request.query);
      if (edge.at === 'after') holds(ctx, visitor, edge.seq);
      return visitorMessages(ctx, visitor, edge);
    }),
  );
  router.post(
    '/:site/messages',
    json,
    known(async (call) => {
      throttles.messagesOfPlace.take(place(call));
      throttles.messages.take(call.visitor._id);
      const form = parse(VisitorWrites, call.request.body);
      return writeAsVisitor(ctx, call.site, { visitor: call.visitor, form });
    }),
  );
  router.put(
    '/:site/contact',
    json,
    known(async ({ visitor, request }) => {
      throttles.messages.take(visitor._id);
      await leaveContact(ctx, visitor, parse(VisitorContact, request.body));
    }),
  );
  router.post(
    '/:site/files',
    known(async (call) => {
      throttles.filesOfPlace.take(place(call));
      throttles.files.take(call.visitor._id);
      const { name } = parse(Upload, call.request.query);
      return uploadAsVisitor(ctx, call.site, { visitor: call.visitor, name, bytes: call.request });
    }),
  );
  router.get(
    '/:site/files/:id',
    known((call) => download(ctx, call)),
  );
  router.use(() => {
    throw new AppError({ code: 'notFound', message: 'There is no such address in the chat.' });
  });
  return router;
}

/** Whoever asks for what came after a number has all up to it, and is there: also one whose network lets no socket through. */
function holds(ctx: Context, visitor: VisitorDoc, seq: number): void {
  void Promise.all([sayOnline(ctx, visitor), visitorHas(ctx, visitor, { seq, state: 'delivered' })]).catch(
    (error) => ctx.log.warn({ err: error }, 'that a visitor is there was not written down'),
  );
}

function bearer(request: Request): string | undefined {
  return /^Bearer ([\w.-]{1,200})$/.exec(request.get('authorization') ?? '')?.[1];
}

/** Every call that changes something, and every other that says where it is from, comes from a page of ours: the widget's frame. */
function ourOrigin(ctx: Context): RequestHandler {
  return (request, _response, next) => {
    const { origin, host } = request.headers;
    const reads = request.method === 'GET' || request.method === 'HEAD';
    if (reads && origin === undefined) return next();
    if (isOurOrigin(origin, { host, publicUrl: ctx.publicUrl ?? null })) return next();
    throw badOrigin();
  };
}

/** Public, and readable from the pages that may hold the widget. */
async function configFor(ctx: Context, { site, request, response }: Call): Promise<unknown> {
  const { origin, host } = request.headers;
  response.vary('Origin');
  if (origin !== undefined && !isOurOrigin(origin, { host, publicUrl: ctx.publicUrl ?? null })) {
    if (!mayHold(origin, site.is.origins)) throw badOrigin();
    response.setHeader('Access-Control-Allow-Origin', origin);
    response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
  }
  return presentConfig(ctx, site);
}

function edgeOf(query: unknown): VisitorEdge {
  const given = parse(Messages, query);
  const asked = query as Record<string, unknown>;
  if (given.before !== undefined) return { at: 'before', id: given.before };
  return asked['after'] === undefined ? { at: 'newest' } : { at: 'after', seq: given.after ?? 0 };
}

async function download(ctx: Context, { visitor, request, response }: Known): Promise<void> {
  const file = await fileOfVisitor(ctx, visitor, String(request.params['id']));
  const { download: asked } = parse(Download, request.query);
  for (const [name, value] of Object.entries(fileHeaders(file, { download: Boolean(asked) })))
    response.setHeader(name, value);
  response.removeHeader('Accept-Ranges');
  response.setHeader('Content-Length', String(file.bytes));
  try {
    await pipeline(await openVisitorFile(ctx, file), response);
  } catch (error) {
    // The visitor went away: nobody is there to be told.
    if ((error as { code?: unknown }).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}
