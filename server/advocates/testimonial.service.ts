import { createHash, randomBytes } from 'node:crypto';
import { may, type Viewer } from '../../shared/access.ts';
import type { Testimonial, TestimonialAnswer, TestimonialAsk } from '../../shared/advocate.ts';
import { AppError } from '../../shared/errors.ts';
import type { Context } from '../context.ts';
import type { CustomerDoc, IdentityDoc } from '../customers/customer.model.ts';
import { readableCustomer } from '../customers/customer.service.ts';
import { survivorOf } from '../customers/customer.survivor.ts';
import { key } from '../db/key.ts';
import { invalid } from '../http/validate.ts';
import type { MentionDoc } from '../listening/mention.model.ts';
import { Again, commit, type Tx } from '../messages/commit.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import { mayNot } from '../users/user.create.ts';
import { languageFor, mustFit, readyContact, type Saying, sayTo } from './advocate.contact.ts';
import { advocatesDue } from './advocate.due.ts';
import type { TestimonialDoc, TestimonialWord } from './testimonial.model.ts';

const longestQuote = 2_000;
/** So long somebody else may be at asking. */
const underWayMs = 60_000;
export const tokenHash = (token: string) => createHash('sha256').update(token).digest('hex');

/**
 * Asks somebody whether their words may be quoted, on their preferred channel, with a link by which they say yes or no. Once a quote.
 * @throws AppError forbidden, notFound; invalid; 409 inUse when it was asked already, optedOut, noPublicUrl where the link would lead them
 *   nowhere; whatever a reply is refused with
 */
export async function askTestimonial(
  ctx: Context,
  viewer: Viewer,
  ask: TestimonialAsk,
): Promise<Testimonial> {
  if (!may(viewer, 'advocate.write')) throw mayNot('ask for testimonials');
  mustHaveLink(ask);
  const home = homeOfLinks(ctx);
  const customer = await readableCustomer(ctx, viewer, ask.customerId);
  const said = await quoteOf(ctx, viewer, { customer, sourceId: ask.sourceId });
  const token = randomBytes(24).toString('base64url');
  const address = `${home}/testimonial/${token}`;
  const saying = sayingOf(ask, { link: address, name: customer.name });
  mustFit(
    ctx,
    await readyContact(ctx, viewer, { customerId: customer._id, template: saying.template }),
    saying,
  );
  const doc: TestimonialDoc = {
    _id: key(ask.sourceId),
    customerId: customer._id,
    ...said,
    sourceId: ask.sourceId,
    state: 'asked',
    tokenHash: tokenHash(token),
    language: await languageFor(ctx, customer),
    askedAt: ctx.now(),
    messageId: null,
    byUserId: viewer.id,
    words: [],
  };
  await commit(ctx, async (tx) => {
    const before = await find(tx, doc._id);
    if (!(await isStillSaid(tx, doc))) throw takenBack();
    // One whose message never left, because its server died, is asked anew by a link of its own.
    const underWay = before && ctx.now().getTime() - before.askedAt.getTime() < underWayMs;
    if (before && (before.messageId !== null || before.state !== 'asked' || underWay))
      throw new AppError({
        code: 'conflict',
        reason: 'inUse',
        message:
          before.state === 'asked'
            ? 'They were asked about these words already, and have not answered.'
            : `They were asked about these words already: ${before.state}.`,
        data: { testimonial: present(before, customer) },
      });
    await tx.models.testimonials.updateOne(
      { _id: doc._id },
      { $set: withoutId(doc) },
      {
        session: tx.session,
        upsert: true,
      },
    );
  });
  const message = await sayTo(ctx, viewer, {
    customerId: customer._id,
    messageId: ctx.uuid(),
    saying,
  }).catch(async (error: unknown) => {
    // Nobody was asked: it is as if nobody had tried.
    await ctx.models.testimonials
      .deleteOne({ _id: doc._id, tokenHash: doc.tokenHash, messageId: null, state: 'asked' })
      .exec();
    throw error;
  });
  await commit(ctx, async (tx) => {
    await tx.models.testimonials.updateOne(
      { _id: doc._id, tokenHash: doc.tokenHash },
      { $set: { messageId: message._id } },
      { session: tx.session },
    );
    await told(tx, customer._id);
  });
  return one(ctx, doc._id);
}

/** An address of ours that the customer's browser can open. @throws AppError 409 noPublicUrl */
function homeOfLinks({ linkUrl }: Context): string {
  if (linkUrl) return linkUrl.replace(/\/+$/, '');
  throw new AppError({
    code: 'conflict',
    reason: 'noPublicUrl',
    message:
      'Customers could not open the link: set PUBLIC_URL to the address at which they reach this server.',
  });
}

/** Not taken back since it was read. */
async function isStillSaid({ models, session }: Tx, of: TestimonialDoc): Promise<boolean> {
  const there = { _id: of.sourceId, deletedAt: null };
  const found = await (of.source === 'message'
    ? models.messages.exists(there).session(session)
    : models.mentions.exists(there).session(session));
  return found !== null;
}

const takenBack = () =>
  invalid({ sourceId: 'Choose something that this person said, and has not taken back.' });

/** In the words, or in a value of the template. @throws AppError invalid */
function mustHaveLink({ text, template }: TestimonialAsk): void {
  if (template && text.trim())
    throw invalid({ text: 'A template is sent in place of a text: leave it empty.' });
  if (template && !template.values.some((value) => value.includes('{link}')))
    throw invalid({
      'template.values': 'Say in which value {link} goes: there they say yes or no.',
    });
  if (!template && !text.includes('{link}'))
    throw invalid({ text: 'Say where {link} goes: there they say yes or no.' });
}

/** A name that looks like a place is none. */
function sayingOf({ text, template }: TestimonialAsk, places: { link: string; name: string }): Saying {
  const filled = (words: string) =>
    words.replace(/\{(link|name)\}/g, (_, place: 'link' | 'name') => places[place]);
  return {
    text: filled(text),
    template: template ? { ...template, values: template.values.map(filled) } : null,
  };
}

const withoutId = ({ _id, ...rest }: TestimonialDoc) => rest;

/** Words of theirs that the viewer may read. @throws AppError invalid */
async function quoteOf(
  ctx: Context,
  viewer: Viewer,
  of: { customer: CustomerDoc; sourceId: string },
): Promise<Pick<TestimonialDoc, 'source' | 'quote'>> {
  const [message, mention] = await Promise.all([
    ctx.models.messages.findById(of.sourceId).lean<MessageDoc>().exec(),
    ctx.models.mentions.findById(of.sourceId).lean<MentionDoc>().exec(),
  ]);
  const authorId = message ? message.identityId : mention?.authorId;
  const identity = authorId
    ? await ctx.models.identities.findById(authorId).lean<IdentityDoc>().exec()
    : null;
  const text = message?.direction === 'in' && !message.deletedAt ? message.text : mention?.text;
  const theirs = identity?.customerId === of.customer._id;
  const channelId = message?.channelId ?? mention?.channelId;
  const seen = channelId && (viewer.channelIds === 'all' || viewer.channelIds.includes(channelId));
  const quote = text?.trim();
  if (!theirs || !seen || !quote) throw takenBack();
  if (quote.length > longestQuote)
    throw invalid({ sourceId: `These words are too long to be quoted: at most ${longestQuote} characters.` });
  return { source: message ? 'message' : 'mention', quote };
}

/** What somebody said otherwise, on the phone or in a message, with the colleague's reason. @throws AppError forbidden, notFound, invalid */
export async function recordTestimonial(
  ctx: Context,
  viewer: Viewer,
  options: { id: string; answer: TestimonialAnswer },
): Promise<Testimonial> {
  if (!may(viewer, 'advocate.write')) throw mayNot('record testimonials');
  const known = await ctx.models.testimonials.findById(options.id).lean<TestimonialDoc>().exec();
  if (!known) throw noTestimonial();
  await readableCustomer(ctx, viewer, known.customerId);
  const { state, reason } = options.answer;
  await answered(ctx, known._id, {
    state,
    by: 'agent',
    byUserId: viewer.id,
    reason,
    shown: '',
  });
  return one(ctx, known._id);
}

/** Writes a word down beside those before it: the newest holds. The same again is none. @throws AppError invalid, notFound */
export async function answered(
  ctx: Context,
  id: string,
  word: Omit<TestimonialWord, 'at'>,
): Promise<TestimonialDoc> {
  return commit(ctx, async (tx) => {
    const before = await find(tx, id);
    if (!before) throw noTestimonial();
    if (word.state === 'withdrawn' && before.state !== 'given' && before.state !== 'withdrawn')
      throw invalid({ state: 'Only what was given can be withdrawn.' });
    if (before.state === word.state && word.by === 'link') return before;
    const after: TestimonialDoc = {
      ...before,
      state: word.state,
      words: [{ ...word, at: ctx.now() }, ...before.words].slice(0, 50),
    };
    const { matchedCount } = await tx.models.testimonials.updateOne(
      { _id: id, state: before.state },
      { $set: { state: after.state, words: after.words } },
      { session: tx.session },
    );
    if (!matchedCount) throw new Again(`testimonial ${id} changed`);
    await told(tx, before.customerId);
    return after;
  });
}

async function told(tx: Tx, customerId: string): Promise<void> {
  await advocatesDue(tx, [customerId]);
  const owner = await survivorOf(tx.models.customers, customerId, tx);
  if (owner) tx.emit('history.changed', { customerId: owner._id });
  tx.emit('lists.changed', { list: 'testimonials', userId: null });
}

const find = (tx: Tx, id: string) =>
  tx.models.testimonials.findById(id, null, { session: tx.session }).lean<TestimonialDoc>();

const noTestimonial = () => new AppError({ code: 'notFound', message: 'There is no such testimonial.' });

const mostListed = 200;
/** Nobody was asked before the message has left. */
const hasLeft = { messageId: { $ne: null } };

/** The newest two hundred, of those whom the viewer may see. @throws AppError forbidden */
export async function listTestimonials(
  ctx: Context,
  viewer: Viewer,
): Promise<{ testimonials: Testimonial[] }> {
  if (!may(viewer, 'advocate.read')) throw mayNot('see testimonials');
  const found = await ctx.models.testimonials
    .find(hasLeft)
    .sort({ askedAt: -1, _id: -1 })
    .limit(mostListed)
    .lean<TestimonialDoc[]>()
    .exec();
  const seen = await Promise.all(
    found.map(async (doc) => {
      try {
        return present(doc, await readableCustomer(ctx, viewer, doc.customerId));
      } catch (error) {
        if (error instanceof AppError && error.code === 'notFound') return null;
        throw error;
      }
    }),
  );
  return { testimonials: seen.filter((one) => one !== null) };
}

/** One customer's, newest first. For whoever has asked who may. */
export async function testimonialsOf(
  ctx: Pick<Context, 'models'>,
  customer: Pick<CustomerDoc, '_id' | 'name' | 'members'>,
): Promise<Testimonial[]> {
  const found = await ctx.models.testimonials
    .find({ customerId: { $in: customer.members }, ...hasLeft })
    .sort({ askedAt: -1, _id: -1 })
    .lean<TestimonialDoc[]>()
    .exec();
  return found.map((doc) => present(doc, customer));
}

async function one(ctx: Context, id: string): Promise<Testimonial> {
  const doc = await ctx.models.testimonials.findById(id).lean<TestimonialDoc>().exec();
  const customer = doc && (await survivorOf(ctx.models.customers, doc.customerId));
  if (!doc || !customer) throw noTestimonial();
  return present(doc, customer);
}

function present(doc: TestimonialDoc, customer: Pick<CustomerDoc, '_id' | 'name'>): Testimonial {
  const [newest] = doc.words;
  return {
    id: doc._id,
    customerId: customer._id,
    customerName: customer.name,
    sourceId: doc.sourceId,
    quote: doc.quote,
    state: doc.state,
    askedAt: doc.askedAt.toISOString(),
    answeredAt: newest?.at.toISOString() ?? null,
    answeredBy: newest?.by ?? null,
    reason: newest?.reason ?? '',
    byUserId: newest?.byUserId ?? doc.byUserId,
  };
}
