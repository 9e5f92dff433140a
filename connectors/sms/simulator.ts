import { parsePhone } from '../../shared/text/phone.ts';
import type { Fault, SimulatedMessage, Simulator, SimulatorOptions } from '../connector.ts';
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

/** Kavenegar's side: its REST interface as the documentation has it, its pushes, and what can go wrong with both. */
export interface SmsSimulator extends Simulator {
  /** What is left of the account's credit; a message costs one. */
  credit: number;
  /** How often a method was called. */
  calls(method: string): number;
  /** Pushes that nobody answered with 2xx: Kavenegar does not try again. */
  lostPushes(): number;
}

export interface SmsSimulatorOptions extends SimulatorOptions {
  credit?: number;
  /** Calls a minute before 451. */
  ratePerMinute?: number;
  /** How many messages the record keeps; for a demo that runs for weeks. */
  keep?: number;
  apiKey?: string;
  line?: string;
}

interface InboxRow {
  messageid: number;
  message: string;
  sender: string;
  receptor: string;
  date: number;
  read: boolean;
}

const callFaults = [
  'rateLimit',
  'serverError',
  'htmlError',
  'resetBeforeAccept',
  'resetAfterAccept',
  'hang',
  'badCredentials',
] as const satisfies readonly Fault[];

const statusText: Record<number, string> = {
  1: 'در صف ارسال',
  4: 'ارسال شده به مخابرات',
  5: 'ارسال شده به مخابرات',
  10: 'رسیده به گیرنده',
  11: 'نرسیده به گیرنده',
  14: 'بلاک شده',
  100: 'شناسه پیامک نامعتبر است',
};
const stateWords: Record<number, string> = {
  1: 'queued',
  4: 'sent',
  5: 'sent',
  10: 'delivered',
  11: 'failed',
  14: 'failed',
};

export async function startSimulator(options: SmsSimulatorOptions = {}): Promise<SmsSimulator> {
  const now = options.now ?? (() => new Date());
  const step = options.deliveryStep ?? 40;
  const key = options.apiKey ?? '5A494D554C41544F52';
  const line = options.line ?? '30005050';
  const faults = new Faults((fault) =>
    fault === 'duplicate' || fault === 'reorder' || fault === 'drop' || fault === 'wrongSignature'
      ? 'push'
      : 'sms/send',
  );
  const timers = new Timers();
  const listeners = new SentListeners();
  const ledger = new Ledger(options.keep);
  const inbox: InboxRow[] = [];
  const statusOf = new Map<string, number>();
  const idByLocalId = new Map<string, string>();
  const localIdById = new Map<string, string>();
  /** How the next messages to a number end. */
  const endings = new Map<string, number>();
  let hook: string | null = null;
  let credit = options.credit ?? 1_000_000_000;
  let lost = 0;
  // Ids of an earlier run must not come again, and an id must stay exact as a JSON number.
  let nextId = now().getTime() * 10;
  let held: (() => void) | null = null;
  let calls: number[] = [];
  const called = new Map<string, number>();

  const server = await serve(handle, options.port);

  async function handle(incoming: Incoming): Promise<void> {
    const match = /^\/v1\/([^/]+)\/(\w+\/\w+)\.json$/.exec(incoming.url.pathname);
    if (!match) return answerJson(incoming.response, 404, envelope(404, 'متد نامشخص است', null));
    const method = match[2] ?? '';
    called.set(method, (called.get(method) ?? 0) + 1);
    const fault = faults.take(method, callFaults)?.fault;
    if (fault === 'resetBeforeAccept') return incoming.reset();
    if (fault === 'htmlError') return answerHtml(incoming.response);
    if (fault === 'serverError')
      return answerJson(incoming.response, 409, envelope(409, 'سرور قادر به پاسخگوئی نیست', null));
    if (fault === 'rateLimit' || tooMany()) {
      return answerJson(incoming.response, 451, envelope(451, 'فراخوانی بیش از حد در بازه زمانی مشخص', null));
    }
    if (fault === 'badCredentials' || decodeURIComponent(match[1] ?? '') !== key) {
      return answerJson(incoming.response, 403, envelope(403, 'کد شناسائی API-Key معتبر نمی‌باشد', null));
    }
    const params = paramsOf(incoming);
    const [status, entries] = run(method, params);
    if (fault === 'resetAfterAccept') return incoming.reset();
    if (fault === 'hang') return;
    answerJson(incoming.response, status, envelope(status, status === 200 ? 'تایید شد' : 'خطا', entries));
  }

  function tooMany(): boolean {
    if (options.ratePerMinute === undefined) return false;
    const at = now().getTime();
    calls = [...calls.filter((call) => call > at - 60_000), at];
    return calls.length > options.ratePerMinute;
  }

  function run(method: string, params: URLSearchParams): [status: number, entries: unknown] {
    switch (method) {
      case 'sms/send':
        return accept(params);
      case 'sms/status':
        return [200, ids(params, 'messageid').map((id) => statusRow(id))];
      case 'sms/select':
        return [200, ids(params, 'messageid').map((id) => outboxRow(id))];
      case 'sms/statuslocalmessageid':
        return [
          200,
          ids(params, 'localid').flatMap((localid) => {
            const id = idByLocalId.get(localid);
            return id ? [{ ...statusRow(id), localid }] : [];
          }),
        ];
      case 'sms/receive':
        return receive(params);
      case 'sms/inboxpaged':
        return inboxPaged(params);
      case 'sms/countinbox':
        return [200, [{ startdate: 0, enddate: 0, sumcount: inbox.length }]];
      case 'account/info':
        return [200, { remaincredit: credit, expiredate: 4_102_444_800, type: 'Master' }];
      default:
        return [404, null];
    }
  }

  function accept(params: URLSearchParams): [number, unknown] {
    const receptors = ids(params, 'receptor');
    const text = params.get('message') ?? '';
    if (params.get('sender') !== line) return [412, null];
    if (text === '' || text.length > 900) return [413, null];
    if (receptors.length === 0 || receptors.some((number) => !parsePhone(number)?.mobile)) return [411, null];
    if (receptors.length > 200) return [414, null];
    const localid = params.get('localid');
    const known = localid ? idByLocalId.get(localid) : undefined;
    if (known) return [200, [outboxRow(known)]];
    if (credit < receptors.length) return [418, null];
    return [200, receptors.map((number) => outboxRow(store(number, text, localid)))];
  }

  function store(number: string, text: string, localid: string | null): string {
    credit -= 1;
    const externalId = String(nextId++);
    const peer = parsePhone(number)?.e164 ?? number;
    const message: SimulatedMessage = {
      externalId,
      direction: 'toCustomer',
      peer,
      text,
      files: [],
      at: now(),
      state: 'queued',
      ...(localid ? { sendRef: localid } : {}),
    };
    remember(`out:${externalId}`, message);
    statusOf.set(externalId, 1);
    if (localid) {
      idByLocalId.set(localid, externalId);
      localIdById.set(externalId, localid);
    }
    const blocked = faults.take('sms/send', ['blocked']) !== null;
    const ending = endings.get(peer) ?? 10;
    const timeline = blocked ? [14] : [4, 5, ending];
    timers.inTurn(
      step,
      timeline.map((status) => () => advance(externalId, status)),
    );
    listeners.tell(message);
    return externalId;
  }

  function remember(ledgerKey: string, message: SimulatedMessage): void {
    for (const forgotten of ledger.add(ledgerKey, message)) {
      const id = forgotten.slice(forgotten.indexOf(':') + 1);
      statusOf.delete(id);
      const localid = localIdById.get(id);
      if (localid) idByLocalId.delete(localid);
      localIdById.delete(id);
    }
  }

  function advance(externalId: string, status: number): void {
    const message = ledger.get(`out:${externalId}`);
    if (!message) return;
    statusOf.set(externalId, status);
    message.state = stateWords[status] ?? String(status);
    push('/status', { messageid: externalId, status: String(status) });
  }

  function statusRow(id: string): Record<string, unknown> {
    const { messageid, status, statustext } = outboxRow(id);
    return { messageid, status, statustext };
  }

  function outboxRow(id: string): Record<string, unknown> {
    const message = ledger.get(`out:${id}`);
    if (!message) return { messageid: Number(id), status: 100, statustext: statusText[100] };
    const status = statusOf.get(id) ?? 1;
    return {
      messageid: Number(id),
      message: message.text,
      status,
      statustext: statusText[status] ?? '',
      sender: line,
      receptor: local(message.peer),
      date: Math.floor(message.at.getTime() / 1000),
      cost: 1,
    };
  }

  /** A destructive read: what is handed out unread counts as read from now on. */
  function receive(params: URLSearchParams): [number, unknown] {
    if (params.get('linenumber') !== line) return [412, null];
    const wantsRead = params.get('isread') === '1';
    const rows = inbox.filter((row) => row.read === wantsRead).slice(0, 100);
    const answer = rows.map(inboxRow);
    if (!wantsRead) for (const row of rows) row.read = true;
    return [200, answer];
  }

  function inboxPaged(params: URLSearchParams): [number, unknown] {
    if (params.get('linenumber') !== line) return [412, null];
    const start = Number(params.get('startdate'));
    const end = Number(params.get('enddate'));
    if (!(end >= start) || end - start > 2 * 24 * 3600) return [417, null];
    const page = Math.max(1, Number(params.get('pagenumber')) || 1);
    const rows = inbox.filter((row) => row.date >= start && row.date <= end);
    return [200, rows.slice((page - 1) * 200, page * 200).map(inboxRow)];
  }

  /** Faults go by 'push', or by 'push/inbound' and 'push/status'. `reorder` keeps a push back until the one after it has gone; `duplicate` makes two of it. */
  function push(path: string, fields: Record<string, string>): void {
    const due = (fault: Fault): boolean =>
      (faults.take('push', [fault]) ?? faults.take(`push${path}`, [fault])) !== null;
    if (!hook || due('drop')) return;
    const base = hook.replace(/\/+$/, '');
    const url = `${base}${path}`;
    const wrong = due('wrongSignature');
    const times = due('duplicate') ? 2 : 1;
    const deliver = (): void => {
      for (let copy = 0; copy < times; copy += 1) void post(wrong ? `${base}/nowhere` : url, fields);
    };
    if (!held && due('reorder')) {
      held = deliver;
      // Nothing may come after it: then it comes late instead.
      timers.after(step * 20, () => {
        if (held === deliver) {
          held = null;
          deliver();
        }
      });
      return;
    }
    deliver();
    const late = held;
    held = null;
    late?.();
  }

  async function post(url: string, fields: Record<string, string>): Promise<void> {
    try {
      const response = await fetch(url, {
        method: 'POST',
        body: new URLSearchParams(fields),
        signal: AbortSignal.timeout(10_000),
      });
      await response.arrayBuffer();
      if (!response.ok) lost += 1;
    } catch {
      lost += 1;
    }
  }

  return {
    endpoint: server.endpoint,
    settings: { apiKey: key, line, pollSeconds: 1 },
    get credit() {
      return credit;
    },
    set credit(value: number) {
      credit = value;
    },
    calls: (method) => called.get(method) ?? 0,
    lostPushes: () => lost,
    setHook(url) {
      hook = url;
    },
    async customerWrites({ peer, text, file }) {
      if (file) throw new Error('A text message cannot carry a file.');
      const at = now();
      const row: InboxRow = {
        messageid: nextId++,
        message: text,
        sender: local(peer),
        receptor: line,
        date: Math.floor(at.getTime() / 1000),
        read: false,
      };
      inbox.push(row);
      if (options.keep !== undefined && inbox.length > options.keep)
        inbox.splice(0, inbox.length - options.keep);
      const externalId = String(row.messageid);
      remember(`in:${externalId}`, {
        externalId,
        direction: 'fromCustomer',
        peer: parsePhone(peer)?.e164 ?? peer,
        text,
        files: [],
        at,
        state: 'received',
      });
      push('/inbound', { messageid: externalId, from: row.sender, to: line, message: text });
      return externalId;
    },
    peer: (n) => `+98990${String(n).padStart(7, '0')}`,
    async act(action) {
      if (action.do !== 'ending') {
        throw new Error(
          `A text message knows no '${action.do}'; only 'ending', with the status that messages to a peer end in.`,
        );
      }
      endings.set(parsePhone(action.peer)?.e164 ?? action.peer, Number(action.status));
    },
    messages: () => ledger.all().map((message) => ({ ...message })),
    fail: (fault, faultOptions) => faults.plan(fault, faultOptions),
    onSent: (listener) => listeners.add(listener),
    async close() {
      timers.close();
      await server.close();
    },
  };
}

function envelope(status: number, message: string, entries: unknown): Record<string, unknown> {
  return { return: { status, message }, entries };
}

function paramsOf(incoming: Incoming): URLSearchParams {
  const params = new URLSearchParams(incoming.url.searchParams);
  const text = incoming.body.toString('utf8');
  const fields: Iterable<[string, string]> = text.startsWith('{')
    ? Object.entries(JSON.parse(text) as Record<string, unknown>).map(([name, value]) => [
        name,
        String(value),
      ])
    : new URLSearchParams(text);
  for (const [name, value] of fields) params.set(name, value);
  return params;
}

function ids(params: URLSearchParams, name: string): string[] {
  return (params.get(name) ?? '').split(',').filter(Boolean);
}

/** As Kavenegar writes Iranian numbers. */
function local(number: string): string {
  const e164 = parsePhone(number)?.e164 ?? number;
  return e164.startsWith('+98') ? `0${e164.slice(3)}` : e164;
}

function inboxRow(row: InboxRow): Record<string, unknown> {
  const { messageid, message, sender, receptor, date } = row;
  return { messageid, message, sender, receptor, date };
}
