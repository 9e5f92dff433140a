import { existsSync } from 'node:fs';
import { join } from 'node:path';
import express, { type Response, Router } from 'express';
import type { Context } from '../context.ts';
import { siteOf } from './site.ts';

/**
 * /widget: the loader, which any page may run; the frame of a site, which the pages its settings name may hold; and what the frame is
 * made of. All of it is as built: nothing is written into it.
 */
export function widgetRoutes({ ctx, clientDir }: { ctx: Context; clientDir: string }): Router {
  const router = Router();
  const folder = join(clientDir, 'widget');
  router.get('/loader.js', (_request, response, next) => {
    response.setHeader('Cache-Control', 'public, max-age=600');
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
    send(response, join(folder, 'loader.js'), next);
  });
  router.use(
    '/assets',
    express.static(join(folder, 'assets'), {
      immutable: true,
      maxAge: '1y',
      index: false,
      fallthrough: false,
      redirect: false,
    }),
  );
  router.get('/:site', async (request, response, next) => {
    if (request.params.site.includes('.')) return next();
    const { is } = await siteOf(ctx, request.params.site);
    response.setHeader('Content-Security-Policy', framePolicy(is.origins));
    // It would forbid what the policy above allows by name.
    response.removeHeader('X-Frame-Options');
    response.removeHeader('Cross-Origin-Opener-Policy');
    response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
    response.setHeader('Cache-Control', 'no-cache');
    send(response, join(folder, 'frame.html'), next);
  });
  return router;
}

/** The origins come from settings, read by a rule that lets nothing through but schemes, hosts and ports. */
export function framePolicy(origins: readonly string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob:",
    'media-src blob:',
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    `frame-ancestors ${["'self'", ...origins].join(' ')}`,
  ].join('; ');
}

function send(response: Response, file: string, next: (error?: unknown) => void): void {
  if (!existsSync(file)) {
    response.status(503).type('text/plain').send('The widget is not built yet. Run: npm run build.\n');
    return;
  }
  response.sendFile(file, { cacheControl: false }, (error) => {
    if (error) next(error);
  });
}
