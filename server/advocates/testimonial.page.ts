import express, { type Request, type Response, Router } from 'express';
import { AppError } from '../../shared/errors.ts';
import type { Context } from '../context.ts';
import { findOrganisation } from '../users/organisation.ts';
import { Buckets } from '../visitors/throttle.ts';
import type { TestimonialDoc } from './testimonial.model.ts';
import { answered, tokenHash } from './testimonial.service.ts';

type Language = TestimonialDoc['language'];

const words = {
  fa: {
    title: 'اجازهٔ نقل سخن شما',
    ask: (who: string) => `${who} می‌خواهد این سخن شما را با نامتان نقل کند. اجازه می‌دهید؟`,
    yes: 'بله، اجازه می‌دهم',
    no: 'نه، اجازه نمی‌دهم',
    given: 'سپاس. اجازهٔ شما ثبت شد. هر وقت بخواهید می‌توانید همین‌جا آن را پس بگیرید.',
    refused: 'ثبت شد. این سخن نقل نخواهد شد.',
    withdrawn: 'اجازهٔ شما پس گرفته شد. این سخن دیگر نقل نخواهد شد.',
    withdraw: 'اجازه‌ام را پس می‌گیرم',
    other: 'English',
    gone: 'این نشانی دیگر معتبر نیست.',
  },
  en: {
    title: 'May your words be quoted?',
    ask: (who: string) => `${who} would like to quote these words of yours, with your name. May they?`,
    yes: 'Yes, they may',
    no: 'No, they may not',
    given: 'Thank you. Your consent is recorded. You can take it back here at any time.',
    refused: 'Recorded. These words will not be quoted.',
    withdrawn: 'Your consent is taken back. These words will not be quoted any more.',
    withdraw: 'I take my consent back',
    other: 'فارسی',
    gone: 'This address holds no more.',
  },
} as const;

/**
 * /testimonial/:token: where somebody says whether they may be quoted. No script, no cookie, nothing of a stranger's that is not escaped. A
 * mail program that opens the address by itself changes nothing: the page asks, its buttons do it.
 */
export function testimonialPages(ctx: Context): Router {
  const router = Router();
  const throttle = new Buckets({ capacity: 60, everyMs: 2_000 });
  router.use((request, response, next) => {
    throttle.take(request.ip ?? 'unknown');
    // The address is the key to it: it goes nowhere else.
    response.set({ 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' });
    next();
  });
  router.get('/:token', async (request, response) => {
    const doc = await find(ctx, request);
    if (!doc) return gone(request, response);
    await page(ctx, { doc, request, response, told: false });
  });
  router.post(
    '/:token',
    express.urlencoded({ extended: false, limit: '2kb', parameterLimit: 5 }),
    async (request, response) => {
      const doc = await find(ctx, request);
      if (!doc) return gone(request, response);
      const { answer } = (request.body ?? {}) as { answer?: unknown };
      if (answer !== 'yes' && answer !== 'no')
        throw new AppError({ code: 'invalid', message: 'Answer yes or no.' });
      const wasGiven = doc.state === 'given' || doc.state === 'withdrawn';
      const state = answer === 'yes' ? 'given' : wasGiven ? 'withdrawn' : 'refused';
      const who = await asker(ctx);
      const language = languageOf(doc, request);
      const after = await answered(ctx, doc._id, {
        state,
        by: 'link',
        byUserId: null,
        reason: '',
        shown: `${words[language].ask(who)}\n\n${doc.quote}`,
      });
      await page(ctx, { doc: after, request, response, told: true });
    },
  );
  return router;
}

/** One whose message has left; a link of an earlier try that never did opens nothing. */
async function find(ctx: Context, request: Request): Promise<TestimonialDoc | null> {
  const token = String(request.params['token']);
  if (!/^[\w-]{32}$/.test(token)) return null;
  return ctx.models.testimonials
    .findOne({ tokenHash: tokenHash(token) })
    .lean<TestimonialDoc>()
    .exec();
}

async function asker(ctx: Context): Promise<string> {
  return (await findOrganisation(ctx))?.name ?? '';
}

const languageOf = (doc: Pick<TestimonialDoc, 'language'>, request: Request): Language =>
  request.query['lang'] === 'fa' || request.query['lang'] === 'en' ? request.query['lang'] : doc.language;

async function page(
  ctx: Context,
  of: { doc: TestimonialDoc; request: Request; response: Response; told: boolean },
): Promise<void> {
  const { doc, request, response } = of;
  const language = languageOf(doc, request);
  const w = words[language];
  const button = (answer: 'yes' | 'no', label: string) =>
    `<button name="answer" value="${answer}">${label}</button>`;
  const state = doc.state === 'asked' ? '' : `<p role="${of.told ? 'status' : 'note'}">${w[doc.state]}</p>`;
  const buttons = {
    asked: button('yes', w.yes) + button('no', w.no),
    given: button('no', w.withdraw),
    refused: button('yes', w.yes),
    withdrawn: button('yes', w.yes),
  }[doc.state];
  send(
    response,
    language,
    `<p>${escaped(w.ask(await asker(ctx)))}</p><blockquote dir="auto"><p>${escaped(doc.quote).replace(/\n/g, '<br>')}</p></blockquote>` +
      `${state}<form method="post" action="?lang=${language}">${buttons}</form>` +
      `<p><a href="?lang=${language === 'fa' ? 'en' : 'fa'}" lang="${language === 'fa' ? 'en' : 'fa'}">${w.other}</a></p>`,
  );
}

function gone(request: Request, response: Response): void {
  const language: Language = request.query['lang'] === 'en' ? 'en' : 'fa';
  response.status(404);
  send(response, language, `<p>${words[language].gone}</p>`);
}

function send(response: Response, language: Language, body: string): void {
  const { title } = words[language];
  response
    .type('html')
    .send(
      `<!doctype html><html lang="${language}" dir="${language === 'fa' ? 'rtl' : 'ltr'}"><head><meta charset="utf-8">` +
        `<meta name="viewport" content="width=device-width"><meta name="robots" content="noindex"><title>${title}</title><style>${style}</style></head>` +
        `<body><main><h1>${title}</h1>${body}</main></body></html>`,
    );
}

const style =
  'body{font:1.0625rem/1.7 Vazirmatn,Tahoma,system-ui,sans-serif;color:#1f2933;background:#f5f6f8;margin:0}' +
  'main{max-width:34rem;margin:4vh auto;padding:1.5rem;background:#fff;border-radius:.75rem}h1{font-size:1.375rem;margin:0 0 1rem}' +
  'blockquote{margin:1rem 0;padding:.25rem 1rem;border-inline-start:4px solid #5b6b7c;overflow-wrap:anywhere}' +
  'button{font:inherit;min-height:2.75rem;padding:.4rem 1.2rem;margin:.25rem;margin-inline-start:0;border:1px solid #37475a;border-radius:.5rem;background:#fff;color:#1f2933;cursor:pointer}' +
  'button:focus-visible,a:focus-visible{outline:3px solid #1d4ed8;outline-offset:2px}a{color:#1d4ed8}';

function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
