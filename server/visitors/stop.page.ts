import type { Request, Response } from 'express';
import { AppError } from '../../shared/errors.ts';
import type { Context } from '../context.ts';
import type { Site } from './site.ts';
import { hashOf, sameHash, visitorKey } from './visitor.find.ts';
import type { VisitorDoc } from './visitor.model.ts';

/** Where the words after an answer lead to: no further one is sent after this visitor. */
const words = {
  fa: {
    title: 'پاسخ‌ها را دیگر نفرستید',
    ask: 'اگر این را بخواهید، پاسخ‌های گفتگو دیگر با ایمیل یا پیامک برای شما فرستاده نمی‌شود.',
    stop: 'دیگر نفرستید',
    done: 'انجام شد. دیگر پاسخی برای شما فرستاده نمی‌شود.',
  },
  en: {
    title: 'Send no more answers',
    ask: 'If you wish, answers of the chat are no longer sent to you by e-mail or SMS.',
    stop: 'Send no more',
    done: 'Done. No more answers are sent to you.',
  },
} as const;

interface Asked {
  site: Site;
  request: Request;
  response: Response;
}

/** `visitorId.secret`, as the words after an answer have it. @throws AppError notFound */
async function whoStops(ctx: Context, { site, request }: Asked): Promise<VisitorDoc> {
  const code = String(request.params['code']);
  const [, visitorId, secret] = /^([\w-]{22})\.([\w-]{16,64})$/.exec(code) ?? [];
  const visitor = visitorId
    ? await ctx.models.visitors.findById(visitorKey(site.key, visitorId)).lean<VisitorDoc>().exec()
    : null;
  if (visitor?.stopCode && secret && sameHash(hashOf(visitor.stopCode), hashOf(secret))) return visitor;
  throw new AppError({ code: 'notFound', message: 'This address holds no more.' });
}

export async function stopPage(ctx: Context, asked: Asked): Promise<void> {
  const visitor = await whoStops(ctx, asked);
  const { ask, stop } = words[visitor.language];
  page(asked.response, visitor, `<p>${ask}</p><form method="post"><button>${stop}</button></form>`);
}

export async function stopRequested(ctx: Context, asked: Asked): Promise<void> {
  const visitor = await whoStops(ctx, asked);
  await ctx.models.visitors.updateOne({ _id: visitor._id }, { $set: { noFollowUp: true } }).exec();
  page(asked.response, visitor, `<p role="status">${words[visitor.language].done}</p>`);
}

/** Nothing in it is a stranger's. */
function page(response: Response, { language }: Pick<VisitorDoc, 'language'>, body: string): void {
  const { title } = words[language];
  response
    .type('html')
    .send(
      `<!doctype html><html lang="${language}" dir="${language === 'fa' ? 'rtl' : 'ltr'}"><meta charset="utf-8">` +
        `<meta name="viewport" content="width=device-width"><meta name="robots" content="noindex"><title>${title}</title>` +
        `<main><h1>${title}</h1>${body}</main></html>`,
    );
}
