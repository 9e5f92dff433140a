import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { Server } from 'socket.io';
import { clientPages, pageSecurity } from '../../server/http/static.ts';
import type { Conversation, ConversationChanges, ConversationPage } from '../../shared/conversation.ts';
import type { CustomerSummary } from '../../shared/customer.ts';
import type { ClientToServer, ServerToClient } from '../../shared/events.ts';
import { type Message, MessageCreate } from '../../shared/message.ts';
import { defaultPreferences } from '../../shared/preferences.ts';
import type { Me } from '../../shared/user.ts';

/** How many conversations the inbox holds, and messages the history of the first of them. */
export interface Size {
  conversations: number;
  longHistory: number;
}

export interface BenchServer {
  url: string;
  /** Announces so many messages a second, each in another conversation, until it is told to stop. */
  rain(perSecond: number): () => void;
  /** Announces so many, as fast as the socket takes them; resolves when they have left. */
  pour(events: number): Promise<void>;
  close(): Promise<void>;
}

const second = 1_000;
const channelId = 'line';
const me: Me = {
  id: 'me',
  name: 'نگار احمدی',
  role: 'agent',
  active: true,
  teamIds: [],
  email: 'negar@example.com',
  channelIds: 'all',
  createdAt: new Date(0).toISOString(),
  lastSeenAt: null,
  preferences: { ...defaultPreferences, theme: 'light' },
};
const zeroCounts = { mine: 0, unassigned: 0, mentions: 0, unread: 0, snoozed: 0, all: 1000, spam: 0 };
const sayings = [
  'سلام، سفارش ORD-7741 من هنوز نرسیده است. کد رهگیری را می‌فرستید؟',
  'Thank you, it works now.',
  'هزینهٔ ارسال به شیراز چقدر می‌شود؟ آدرس: بلوار چمران، کوچهٔ ۱۲',
  'Sure! کد رهگیری: 9012345678',
  'ممنون، رسید.',
  'پول برگشتی کی به حسابم می‌آید؟ شمارهٔ پیگیری ۸۸۲۱ است و سه روز گذشته است. لطفاً بررسی کنید و خبر بدهید.',
];
const said = (n: number) => sayings[n % sayings.length] ?? '';

/**
 * An inbox of any size that costs nothing: what the client asks for is computed when it asks, nothing is stored. It measures the
 * client alone.
 */
export async function startBenchServer(clientDir: string, size: Size): Promise<BenchServer> {
  const now = Date.now();
  const versions = new Map<number, { version: number; seq: number; lastAt: number; text: string }>();
  const sent = new Map<string, Message>();

  const idOf = (n: number) => `c${String(n).padStart(6, '0')}`;
  const numberOf = (id: unknown) => Number(String(id).slice(1));
  const history = (n: number) => (n === 0 ? size.longHistory : 12);
  const customerOf = (n: number): CustomerSummary => ({
    id: `u${n}`,
    name: `${['سارا محمدی', 'رضا کریمی', 'Anna Berg', 'مینا رضایی', 'کیان توکلی'][n % 5]} ${n}`,
    version: 1,
    mergedInto: null,
  });

  function header(n: number): Conversation {
    const changed = versions.get(n);
    const lastAt = changed?.lastAt ?? now - n * 20 * second;
    return {
      id: idOf(n),
      customerId: `u${n}`,
      status: 'open',
      successorId: null,
      assigneeId: n % 3 === 0 ? 'me' : null,
      teamId: null,
      priority: 'normal',
      tagIds: [],
      mentionedIds: [],
      splitFromId: null,
      version: changed?.version ?? 1,
      seq: changed?.seq ?? history(n),
      channelIds: [channelId],
      waitingSince: n % 4 === 0 ? new Date(lastAt).toISOString() : null,
      snoozedUntil: null,
      createdAt: new Date(lastAt - 86_400 * second).toISOString(),
      lastAt: new Date(lastAt).toISOString(),
      lastInboundSeq: 1,
      replyTarget: { channelId, identityId: `mobile:${n}`, threadKey: '' },
      preview: {
        kind: 'message',
        direction: 'in',
        text: changed?.text ?? said(n),
        channelId,
        authorId: null,
        attachments: 0,
      },
      undelivered: 0,
    };
  }

  /** The seq-th message of the n-th conversation: a minute apart, two speakers. */
  function message(n: number, seq: number): Message {
    const ours = seq % 3 === 0;
    const at = now - n * 20 * second - (history(n) - seq) * 60 * second;
    return {
      id: `m${n}-${seq}`,
      conversationId: idOf(n),
      kind: 'message',
      direction: ours ? 'out' : 'in',
      seq,
      version: 1,
      at: new Date(at).toISOString(),
      providerOrder: '',
      late: false,
      channelId,
      identityId: `mobile:${n}`,
      threadKey: '',
      inReplyTo: null,
      visibility: 'private',
      postId: null,
      url: null,
      sentiment: null,
      call: null,
      template: null,
      authorId: ours ? 'me' : null,
      letter: null,
      hasWhole: false,
      relatedId: null,
      alsoChannelIds: [],
      automatic: false,
      mentions: [],
      sentElsewhere: false,
      text: `№${seq}. ${said(seq + n)}${seq % 7 === 0 ? ` ${said(seq + 1)}` : ''}`,
      editedAt: null,
      deletedAt: null,
      groupKey: null,
      attachments: [],
      reactions: [],
      delivery: ours
        ? { state: 'delivered', attempt: 1, error: null, nextAt: null, needsConfirm: false, pieces: [] }
        : null,
      event: null,
      imported: false,
    };
  }

  function page(after: number, limit: number): ConversationPage {
    const from = after + 1;
    const to = Math.min(size.conversations, from + limit);
    const numbers = Array.from({ length: Math.max(0, to - from) }, (_, at) => from + at);
    return {
      view: 'all',
      conversations: numbers.map(header),
      customers: numbers.map(customerOf),
      reads: {},
      drafts: [],
      next: to < size.conversations ? String(to - 1) : null,
    };
  }

  const app = express();
  const api = express.Router();
  api.use(express.json({ limit: '1mb' }));
  const answer = (path: string, give: (request: express.Request) => unknown) =>
    api.get(path, (request, response) => void response.json(give(request)));
  answer('/welcome', () => ({
    needsSetUp: false,
    organisation: 'فروشگاه نمونه',
    language: 'fa',
    demo: null,
  }));
  answer('/session', () => me);
  answer('/bootstrap', () => ({
    channels: [{ id: channelId, connector: 'sms', name: 'پیامک', state: 'connected' }],
    teams: [],
    tags: [],
    views: [],
    counts: zeroCounts,
  }));
  answer('/users', () => [{ id: me.id, name: me.name, role: me.role, active: true, teamIds: [] }]);
  for (const empty of ['/connectors', '/drafts', '/teams', '/tags', '/views', '/canned', '/channels'])
    answer(empty, () => []);
  answer('/conversations', ({ query }) =>
    page(query.after === undefined ? -1 : Number(query.after), Number(query.limit ?? 50)),
  );
  answer('/conversations/digest', ({ query }) => {
    const first = page(-1, Number(query.limit ?? 50)).conversations;
    return {
      view: 'all',
      count: 1000,
      newestAt: first[0]?.lastAt ?? null,
      versions: first.map(({ id, version }) => [id, version]),
    };
  });
  answer('/conversations/:id', ({ params }) => {
    const n = numberOf(params.id);
    return { header: header(n), customer: customerOf(n), readSeq: 0 };
  });
  answer('/conversations/:id/changes', ({ params }): ConversationChanges => {
    const n = numberOf(params.id);
    return { header: header(n), customer: customerOf(n), entries: [], reset: false };
  });
  answer('/conversations/:id/digest', ({ params, query }) => {
    const n = numberOf(params.id);
    const from = Math.max(1, Number(query.fromSeq ?? 1));
    const seqs = Array.from({ length: Math.max(0, history(n) - from + 1) }, (_, at) => from + at);
    return {
      conversationId: idOf(n),
      version: header(n).version,
      versions: seqs.map((seq) => [`m${n}-${seq}`, 1]),
    };
  });
  answer('/customers/:id', ({ params }) => ({
    ...customerOf(numberOf(params.id)),
    identities: [],
    claims: [],
    createdAt: new Date(0).toISOString(),
    conversations: [],
  }));
  answer('/customers/:id/timeline', ({ params, query }) => {
    const n = numberOf(params.id);
    const limit = Number(query.limit ?? 50);
    const before = query.before === undefined ? history(n) + 1 : Number(query.before);
    const from = Math.max(1, before - limit);
    const seqs = Array.from({ length: Math.max(0, before - from) }, (_, at) => from + at);
    return {
      customerId: `u${n}`,
      headers: [header(n)],
      messages: seqs.map((seq) => message(n, seq)),
      before: from > 1 ? String(from) : null,
      after: null,
    };
  });
  api.put('/conversations/:id/{*rest}', (_request, response) => void response.status(204).end());
  api.patch('/profile', (_request, response) => void response.json(me));
  api.post('/conversations/:id/messages', (request, response) => {
    const create = MessageCreate.parse(request.body);
    const n = numberOf(request.params.id);
    const known = sent.get(create.id);
    const made: Message = known ?? {
      ...message(n, 3),
      id: create.id,
      kind: create.kind,
      seq: header(n).seq + 1,
      version: header(n).version + 1,
      at: new Date().toISOString(),
      text: create.text,
    };
    sent.set(create.id, made);
    if (!known) announce(n, made);
    response.json(made);
  });

  app.use(pageSecurity({ https: false }));
  app.use('/api', api);
  app.use(
    '/api',
    (request, response) => void response.status(404).json({ code: 'notFound', message: request.url }),
  );
  app.use(clientPages(clientDir));
  const server = createServer(app);
  const io = new Server<ClientToServer, ServerToClient>(server, { serveClient: false });

  function announce(n: number, made?: Message): void {
    const before = header(n);
    const seq = before.seq + 1;
    const at = made ? Date.parse(made.at) : Date.now();
    const text = made?.text ?? said(seq + n);
    versions.set(n, { version: before.version + 1, seq, lastAt: at, text });
    const entry: Message = made ?? {
      ...message(n, 1),
      id: `r${n}-${seq}`,
      seq,
      at: new Date(at).toISOString(),
      version: before.version + 1,
      text,
    };
    io.emit('conversation.changed', {
      conversationId: idOf(n),
      version: before.version + 1,
      header: header(n),
      customer: customerOf(n),
      messages: [{ ...entry, version: before.version + 1 }],
      reset: false,
    });
  }

  let dice = 12345;
  /** Any conversation but the first hundred, which are looked at: the same in every run. */
  const anyone = () => {
    dice = (Math.imul(dice, 1_103_515_245) + 12_345) >>> 0;
    return 100 + (dice % Math.max(1, Math.min(size.conversations, 20_000) - 100));
  };

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    rain(perSecond) {
      const from = Date.now();
      let done = 0;
      const timer = setInterval(() => {
        const due = ((Date.now() - from) / 1000) * perSecond;
        for (; done < due; done += 1) announce(anyone());
      }, 5);
      return () => clearInterval(timer);
    },
    async pour(events) {
      for (let n = 0; n < events; n += 1) {
        announce(anyone());
        if (n % 50 === 49) await new Promise((resolve) => setImmediate(resolve));
      }
    },
    async close() {
      await io.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
