import type { Fault, SimulatedMessage, Simulator, SimulatorOptions } from '../connector.ts';
import { type Form, readForm, type Upload } from '../simulator.form.ts';
import {
  answerHtml,
  answerJson,
  Faults,
  type Incoming,
  Ledger,
  SentListeners,
  serve,
  Timers,
} from '../simulator.ts';
import { telegramFace } from './config.ts';
import type { Face } from './face.ts';
import { Customers } from './simulator.customers.ts';
import { UpdateQueue } from './simulator.updates.ts';

/** The messenger's side: the Bot API as its documentation has it, updates by polling or webhook, files both ways, and its faults. */
export interface TelegramSimulator extends Simulator {
  /** What the bot's webhook is at the moment, as getWebhookInfo tells it. */
  webhookInfo(): Record<string, unknown>;
}

export interface TelegramSimulatorOptions extends SimulatorOptions {
  /** How many messages and files the record keeps; for a demo that runs for weeks. */
  keep?: number;
  botToken?: string;
  /** Whose side; Telegram's by itself. */
  face?: Face;
}

type Answer = { status: number; body: unknown };

const callFaults = [
  'rateLimit',
  'serverError',
  'htmlError',
  'resetBeforeAccept',
  'resetAfterAccept',
  'hang',
  'badCredentials',
  'blocked',
] as const satisfies readonly Fault[];

const ok = (result: unknown): Answer => ({ status: 200, body: { ok: true, result } });
const no = (error_code: number, description: string, parameters?: Record<string, unknown>): Answer => ({
  status: error_code,
  body: { ok: false, error_code, description, ...(parameters ? { parameters } : {}) },
});

export async function startSimulator(options: TelegramSimulatorOptions = {}): Promise<TelegramSimulator> {
  const face = options.face ?? telegramFace;
  const now = options.now ?? (() => new Date());
  const token = options.botToken ?? '700000001:AAsimulatedTokenOfNoRealBotAtAll0000000';
  const bot = {
    id: Number(token.split(':')[0]),
    is_bot: true,
    first_name: 'یکجا',
    username: 'yekja_simulated_bot',
  };
  const faults = new Faults((fault) => (updateFaults.has(fault) ? 'update' : 'send'));
  const timers = new Timers();
  const listeners = new SentListeners();
  const ledger = new Ledger(options.keep);
  const updates = new UpdateQueue({
    faults,
    timers,
    firstId: Math.floor(now().getTime() / 10),
    retryStep: options.deliveryStep ?? 40,
  });
  const customers = new Customers({
    face,
    bot,
    updates,
    ledger,
    now,
    keepFiles: Math.min(2000, options.keep ?? 2000),
  });
  const { people, groups, files, migrated } = customers;
  const server = await serve(handle, options.port);

  async function handle(incoming: Incoming): Promise<void> {
    const path = decodeURIComponent(incoming.url.pathname);
    const file = /^\/file\/bot([^/]+)\/(.+)$/.exec(path);
    if (file) return giveFile(incoming, { given: file[1] ?? '', path: file[2] ?? '' });
    const match = /^\/bot([^/]+)\/(\w+)$/.exec(path);
    const method = match?.[2] ?? '';
    const fault = takeFault(method);
    if (fault?.fault === 'resetBeforeAccept') return incoming.reset();
    if (fault?.fault === 'htmlError') return answerHtml(incoming.response);
    const form = await readForm(incoming.headers, incoming.body, incoming.url.searchParams);
    const refused = refusal(fault, match?.[1] ?? '');
    if (refused) return answerJson(incoming.response, refused.status, refused.body);
    if (method === 'getUpdates') return getUpdates(incoming, form);
    const { status, body } = run(method, form);
    if (fault?.fault === 'resetAfterAccept') return incoming.reset();
    // Taken, and never answered.
    if (fault?.fault === 'hang') return;
    answerJson(incoming.response, status, body);
  }

  function takeFault(method: string): { fault: Fault; retryAfter?: number } | null {
    return (
      faults.take(method, callFaults) ?? (method.startsWith('send') ? faults.take('send', callFaults) : null)
    );
  }

  function refusal(fault: { fault: Fault; retryAfter?: number } | null, given: string): Answer | null {
    if (fault?.fault === 'badCredentials' || given !== token) return no(401, 'Unauthorized');
    if (fault?.fault === 'serverError') return no(500, 'Internal Server Error');
    if (fault?.fault === 'blocked') return no(403, 'Forbidden: bot was blocked by the user');
    if (fault?.fault !== 'rateLimit') return null;
    const retry_after = fault.retryAfter ?? 3;
    return no(429, `Too Many Requests: retry after ${retry_after}`, { retry_after });
  }

  function run(method: string, { fields, uploads }: Form): Answer {
    switch (method) {
      case 'getMe':
        return ok({
          ...bot,
          can_join_groups: true,
          can_read_all_group_messages: false,
          supports_inline_queries: false,
        });
      case 'setWebhook':
        return setWebhook(fields);
      case 'deleteWebhook':
        updates.setWebhook(null);
        return ok(true);
      case 'getWebhookInfo':
        return ok(updates.info());
      case 'sendMessage':
        return accept(fields, { text: String(fields.text ?? ''), most: face.maxText, files: [] });
      case 'sendPhoto':
      case 'sendDocument':
      case 'sendVideo':
      case 'sendAudio':
      case 'sendVoice': {
        const upload = uploads[method.slice(4).toLowerCase()];
        if (!upload) return no(400, 'Bad Request: there is no file in the request');
        return accept(fields, { text: String(fields.caption ?? ''), most: face.maxCaption, files: [upload] });
      }
      case 'sendChatAction':
      case 'answerCallbackQuery':
        return ok(true);
      case 'editMessageText':
      case 'deleteMessage':
        return change(method, fields);
      case 'getFile':
        return getFile(String(fields.file_id ?? ''));
      default:
        return no(404, 'Not Found');
    }
  }

  function setWebhook(fields: Record<string, unknown>): Answer {
    const url = String(fields.url ?? '');
    if (url && !url.startsWith('https://'))
      return no(400, 'Bad Request: bad webhook: HTTPS url must be provided for webhook');
    const allowed =
      typeof fields.allowed_updates === 'string'
        ? JSON.parse(fields.allowed_updates)
        : fields.allowed_updates;
    const usual = face.updates
      ? ['message', 'edited_message', 'my_chat_member']
      : ['message', 'edited_message'];
    updates.setWebhook(
      url
        ? {
            url,
            // Who knows no header for it forgets what it is told.
            secret: face.secretIn === 'header' ? String(fields.secret_token ?? '') : '',
            allowed: face.updates && Array.isArray(allowed) ? allowed.map(String) : usual,
          }
        : null,
    );
    return ok(true);
  }

  function accept(
    fields: Record<string, unknown>,
    content: { text: string; most: number; files: Upload[] },
  ): Answer {
    const chat = Number(fields.chat_id);
    const movedTo = migrated.get(chat);
    if (movedTo !== undefined) {
      return no(400, 'Bad Request: group chat was upgraded to a supergroup chat', {
        migrate_to_chat_id: movedTo,
      });
    }
    const group = groups.get(chat);
    const person = people.get(chat);
    if (!group && !person && ![...migrated.values()].includes(chat))
      return no(400, face.updates ? 'Bad Request: chat not found' : 'no such group or user');
    if (group?.closed) return no(403, 'Forbidden: bot was kicked from the group chat');
    if (person?.blocked) return no(403, 'Forbidden: bot was blocked by the user');
    if (person && !person.started) return no(403, "Forbidden: bot can't initiate conversation with a user");
    if (content.text.length > content.most) {
      return no(400, `Bad Request: message ${content.most === 1024 ? 'caption ' : ''}is too long`);
    }
    if (!content.text.trim() && content.files.length === 0)
      return no(400, 'Bad Request: message text is empty');
    const message_id = customers.mintMessageId();
    const quoted = quotedIn(face, fields);
    const record: SimulatedMessage = {
      externalId: `${chat}:${message_id}`,
      direction: 'toCustomer',
      peer: String(chat),
      text: content.text,
      files: content.files.map(({ name, type, body }) => ({ name, type, bytes: body.byteLength })),
      at: now(),
      ...(person ? {} : { visibility: 'public' as const }),
      ...(quoted === null ? {} : { inReplyTo: `${chat}:${quoted}` }),
      state: 'sent',
    };
    ledger.add(record.externalId, record);
    listeners.tell(record);
    return ok({
      message_id,
      from: bot,
      chat: { id: chat, type: person ? 'private' : 'supergroup' },
      date: customers.seconds(),
      ...(content.files.length === 0 ? { text: content.text } : { caption: content.text }),
    });
  }

  function change(method: string, fields: Record<string, unknown>): Answer {
    const externalId = `${String(fields.chat_id)}:${String(fields.message_id)}`;
    const message = ledger.get(externalId);
    if (!message) return no(400, 'Bad Request: message to edit not found');
    if (method === 'deleteMessage') {
      message.state = 'deleted';
      return ok(true);
    }
    if (message.text === fields.text) return no(400, 'Bad Request: message is not modified');
    message.text = String(fields.text ?? '');
    return ok({
      message_id: Number(fields.message_id),
      from: bot,
      chat: { id: Number(fields.chat_id) },
      text: message.text,
    });
  }

  function getFile(id: string): Answer {
    const file = files.get(id);
    if (!file) return no(400, 'Bad Request: wrong file_id or the file is temporarily unavailable');
    if (file.body.byteLength > face.maxDownload) return no(400, 'Bad Request: file is too big');
    return ok({
      file_id: id,
      file_unique_id: `u${id}`,
      file_size: file.body.byteLength,
      file_path: file.path,
    });
  }

  function giveFile({ response }: Incoming, { given, path }: { given: string; path: string }): void {
    const file = [...files.values()].find((stored) => stored.path === path);
    if (given !== token || !file) {
      answerJson(response, 404, { ok: false, error_code: 404, description: 'Not Found' });
      return;
    }
    // As Telegram does: the type of a file is not told.
    response.writeHead(200, {
      'content-type': 'application/octet-stream',
      'content-length': file.body.byteLength,
    });
    response.end(file.body);
  }

  function getUpdates({ response }: Incoming, { fields }: Form): void {
    const cancel = updates.get(
      {
        offset: Number(fields.offset) || 0,
        limit: Math.min(100, Math.max(1, Number(fields.limit) || 100)),
        timeout: Number(fields.timeout) || 0,
      },
      {
        answer: (result) => answerJson(response, 200, { ok: true, result }),
        conflict: () => {
          const { status, body } = no(
            409,
            'Conflict: terminated by other getUpdates request or an active webhook',
          );
          answerJson(response, status, body);
        },
      },
    );
    response.on('close', cancel);
  }

  return {
    endpoint: server.endpoint,
    settings: { botToken: token },
    webhookInfo: () => updates.info(),
    // Whose webhook bears its secret in its address is called there below any other address too.
    setHook: (url) => updates.setRoute(url, face.secretIn === 'path'),
    async customerWrites({ peer, name, text, file }) {
      const upload = file && { ...file, body: Buffer.from(file.body) };
      return customers.writes(customers.person(peer, name), { text, ...(upload ? { file: upload } : {}) });
    },
    // Beyond 32 bits, as real ones are.
    peer: (n) => String(6_000_000_000 + n),
    act: async (action) => customers.act(action),
    messages: () => ledger.all().map((message) => ({ ...message })),
    fail: (fault, faultOptions) => faults.plan(fault, faultOptions),
    onSent: (listener) => listeners.add(listener),
    async close() {
      updates.setWebhook(null);
      timers.close();
      await server.close();
    },
  };
}

function quotedIn(face: Face, fields: Record<string, unknown>): number | null {
  const given = fields[face.quotesBy];
  const value: unknown = typeof given === 'string' ? JSON.parse(given) : given;
  const id = face.quotesBy === 'reply_parameters' ? (value as { message_id?: unknown })?.message_id : value;
  return typeof id === 'number' ? id : null;
}

const updateFaults = new Set<Fault>(['duplicate', 'reorder', 'drop', 'wrongSignature']);
