import { pipeline } from 'node:stream/promises';
import type * as z from 'zod/mini';
import { may } from '../../shared/access.ts';
import type { Conversation, ConversationBegin, ConversationUpdate } from '../../shared/conversation.ts';
import type { Customer, CustomerSummary, Identity } from '../../shared/customer.ts';
import type { HistoryPage } from '../../shared/history.ts';
import type { CustomerMerge, CustomerUnmerge, MergeSide } from '../../shared/merge.ts';
import type { Attachment, DeliveryDecision, Message, MessageCreate } from '../../shared/message.ts';
import type { SentimentCorrection } from '../../shared/sentiment.ts';
import type { Me, SetUp, SignIn, User, UserDetails, Welcome } from '../../shared/user.ts';
import { recordingOf } from '../calls/call.recording.ts';
import type { Context } from '../context.ts';
import { beginConversation } from '../conversations/conversation.begin.ts';
import { presentConversation } from '../conversations/conversation.presenter.ts';
import { updateConversation as changeConversation } from '../conversations/conversation.update.ts';
import { mergeByAgent } from '../customers/customer.merge.ts';
import { presentCustomerSummary, presentIdentity } from '../customers/customer.presenter.ts';
import { searchCustomers } from '../customers/customer.search.ts';
import { getCustomer } from '../customers/customer.service.ts';
import { unmergeByAgent } from '../customers/customer.unmerge.ts';
import { type HistoryQuery, matcherOf } from '../customers/history.query.ts';
import { history } from '../customers/history.ts';
import type { FileDoc } from '../files/file.model.ts';
import {
  fileHeaders,
  mustInsist,
  openFile,
  rangeOf,
  readableFile,
  uploadFile,
} from '../files/file.service.ts';
import { importErrorsAsCsv } from '../imports/import.service.ts';
import { decideDelivery } from '../messages/decision.ts';
import { presentMessage } from '../messages/message.presenter.ts';
import { writeNote } from '../messages/note.ts';
import { reply } from '../messages/reply.ts';
import { frameHeaders, type Images } from '../messages/whole.html.ts';
import { wholeHtml } from '../messages/whole.ts';
import { postPicture } from '../posts/post.pictures.ts';
import { correctSentiment } from '../sentiment/correct.ts';
import * as setup from '../users/setup.ts';
import type { Throttles } from '../users/throttle.ts';
import type { UserDoc } from '../users/user.model.ts';
import { presentMe, presentUser, presentUserDetails } from '../users/user.presenter.ts';
import * as users from '../users/user.service.ts';
import type { Call } from './route.ts';
import { beginSession, clearedCookie, endSession, type SignedIn, sessionCookie } from './session.ts';

/** What routes need beside the context. */
export interface Deps {
  throttles: Throttles;
  setUpCode: string;
  demo: Welcome['demo'];
  /** Aborts when the server closes. */
  closing: AbortSignal;
}

type Asked<Body = undefined, Query = undefined> = Call<Body, Query, SignedIn>;
type Public<Body> = Call<Body, undefined, SignedIn | null>;

const place = (call: { request: { ip?: string | undefined } }) => call.request.ip ?? 'unknown';

/** Over plain http (this machine, a local network) the cookie cannot be marked secure; the address the program is known by decides. */
const secure = (call: { ctx: Context; request: { secure: boolean } }) =>
  call.request.secure || Boolean(call.ctx.publicUrl?.startsWith('https://'));

async function enter(call: Public<unknown>, user: UserDoc): Promise<Me> {
  const token = await beginSession(call.ctx, {
    userId: user._id,
    userAgent: call.request.get('user-agent') ?? '',
  });
  call.response.append('Set-Cookie', sessionCookie(token, { secure: secure(call) }));
  return presentMe({ ...user, lastSeenAt: call.ctx.now() });
}

export async function setUp(call: Public<z.output<typeof SetUp>>, deps: Deps): Promise<Me> {
  const { throttles, setUpCode: code } = deps;
  return enter(call, await setup.setUp(call.ctx, call.body, { code, throttles, place: place(call) }));
}

export async function signIn(call: Public<z.output<typeof SignIn>>, deps: Deps): Promise<Me> {
  const user = await users.signIn(call.ctx, call.body, { throttles: deps.throttles, place: place(call) });
  if (call.me) await endSession(call.ctx, call.me);
  return enter(call, user);
}

export async function signOut(call: Asked, _deps: Deps): Promise<void> {
  await endSession(call.ctx, call.me);
  call.response.append('Set-Cookie', clearedCookie({ secure: secure(call) }));
}

export async function listUsers(call: Asked): Promise<User[] | UserDetails[]> {
  const found = await users.listUsers(call.ctx, call.viewer);
  return may(call.viewer, 'user.manage') ? found.map(presentUserDetails) : found.map(presentUser);
}

export async function begin(
  call: Asked<ConversationBegin>,
): Promise<{ header: Conversation; customer: CustomerSummary }> {
  const { conversation, customer } = await beginConversation(call.ctx, call.viewer, call.body);
  return { header: presentConversation(conversation), customer: presentCustomerSummary(customer) };
}

export async function updateConversation(call: Asked<ConversationUpdate>): Promise<Conversation> {
  const { ctx, viewer, body: update, param } = call;
  return presentConversation(
    (await changeConversation(ctx, viewer, { conversationId: param('id'), update })).after,
  );
}

export async function createMessage(call: Asked<MessageCreate>): Promise<Message> {
  const options = { conversationId: call.param('id'), create: call.body };
  const write = call.body.kind === 'note' ? writeNote : reply;
  return presentMessage(await write(call.ctx, call.viewer, options));
}

/** Somebody else's layout, as a document that can do nothing. */
export async function showWhole(call: Asked<undefined, { images: Images }>): Promise<void> {
  const { ctx, viewer, response, query } = call;
  const of = { conversationId: call.param('id'), messageId: call.param('mid'), images: query.images };
  const html = await wholeHtml(ctx, viewer, of);
  response.set(frameHeaders(query.images)).send(html);
}

/** An agent's word for how a message is meant, or the model's again. */
export async function sentiment(call: Asked<SentimentCorrection>): Promise<Message> {
  const { ctx, viewer, param, body } = call;
  const of = { conversationId: param('id'), messageId: param('mid'), label: body.label };
  return presentMessage(await correctSentiment(ctx, viewer, of));
}

export async function decide(call: Asked<DeliveryDecision>): Promise<Message> {
  return presentMessage(
    await decideDelivery(call.ctx, call.viewer, {
      conversationId: call.param('id'),
      messageId: call.param('mid'),
      ...call.body,
    }),
  );
}

export async function findCustomers(call: Asked<undefined, { q: string; limit: number }>): Promise<{
  customers: (CustomerSummary & { identities: Identity[]; conversationId: string | null })[];
}> {
  const { q: query, limit } = call.query;
  const found = await searchCustomers(call.ctx, call.viewer, { query, limit });
  return {
    customers: found.map(({ customer, identities, conversationId }) => ({
      ...presentCustomerSummary(customer),
      identities: identities.map((identity) => presentIdentity(identity)),
      conversationId,
    })),
  };
}

export async function merge(
  call: Asked<CustomerMerge>,
): Promise<{ customer: Customer; linkId: string | null }> {
  const { customer, linkId } = await mergeByAgent(call.ctx, call.viewer, {
    intoId: call.param('id'),
    ...call.body,
  });
  return { customer: await getCustomer(call.ctx, call.viewer, customer._id), linkId };
}

export async function unmerge(
  call: Asked<CustomerUnmerge>,
): Promise<{ survivor: Customer; restored: Customer; winners: Record<string, MergeSide> }> {
  const { ctx, viewer } = call;
  const { survivor, restored, winners } = await unmergeByAgent(ctx, viewer, {
    customerId: call.param('id'),
    linkId: call.body.linkId,
  });
  return {
    survivor: await getCustomer(ctx, viewer, survivor._id),
    restored: await getCustomer(ctx, viewer, restored._id),
    winners,
  };
}

export function upload(call: Asked<undefined, { name: string }>): Promise<Attachment> {
  return uploadFile(call.ctx, call.viewer, { name: call.query.name, bytes: call.request });
}

export function showHistory(call: Asked<undefined, HistoryQuery>): Promise<HistoryPage> {
  const { q, ...options } = call.query;
  return history(call.ctx, call.viewer, {
    customerId: call.param('id'),
    ...options,
    has: q === null ? null : matcherOf(q),
  });
}

/** A picture that somebody published: it says nothing that is not shown to all. */
export async function showPicture(call: Asked): Promise<void> {
  const { ctx, viewer, response, param } = call;
  const file = await postPicture(ctx, viewer, { id: param('id'), index: Number(param('n')) });
  response.set(fileHeaders(file, { download: false }));
  await pipeline(await openFile(ctx, file, null), response);
}

/** What failed in an import, as a table for a spreadsheet. */
export async function errorsAsCsv(
  call: Asked<undefined, { language?: 'fa' | 'en' | undefined }>,
): Promise<void> {
  const { ctx, viewer, response } = call;
  const lines = importErrorsAsCsv(ctx, viewer, {
    id: call.param('id'),
    language: call.query.language ?? null,
  });
  // Who may not, and what is not there, is answered before anything is sent.
  const first = await lines.next();
  response.set({
    'Content-Type': 'text/csv; charset=utf-8',
    'Content-Disposition': 'attachment; filename="import-errors.csv"',
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
  });
  response.write(first.value ?? '');
  await pipeline(lines, response);
}

export async function download(
  call: Asked<undefined, { download?: string | undefined; sure?: string | undefined }>,
): Promise<void> {
  const { ctx, viewer } = call;
  const file = await readableFile(ctx, viewer, call.param('id'));
  mustInsist(file, { download: Boolean(call.query.download), sure: Boolean(call.query.sure) });
  await sendFile(call, file, { download: Boolean(call.query.download) });
}

/** The recording of a call, or the part of it that a player asks for. */
export async function recording(call: Asked): Promise<void> {
  const of = { conversationId: call.param('id'), messageId: call.param('mid') };
  const file = await recordingOf(call.ctx, call.viewer, of);
  mustInsist(file, { download: false, sure: false });
  await sendFile(call, file, { download: false });
}

async function sendFile(
  { ctx, request, response }: Pick<Asked, 'ctx' | 'request' | 'response'>,
  file: FileDoc,
  options: { download: boolean },
): Promise<void> {
  for (const [name, value] of Object.entries(fileHeaders(file, options))) response.setHeader(name, value);
  if (request.headers['if-none-match'] === response.getHeader('ETag')) {
    response.status(304).end();
    return;
  }
  const range = rangeOf(request.headers.range, file.bytes);
  if (range === 'beyond') {
    response.status(416).setHeader('Content-Range', `bytes */${file.bytes}`).end();
    return;
  }
  if (range)
    response.status(206).setHeader('Content-Range', `bytes ${range.start}-${range.end}/${file.bytes}`);
  response.setHeader('Content-Length', String(range ? range.end - range.start + 1 : file.bytes));
  if (file.bytes === 0) {
    response.end();
    return;
  }
  try {
    await pipeline(await openFile(ctx, file, range), response);
  } catch (error) {
    // The browser went away (it skips about in a film): nobody is there to be told.
    if ((error as { code?: unknown }).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}
