import type { Simulator } from '../connector.ts';
import {
  type Graph,
  type GraphAccount,
  type GraphAnswered,
  type GraphOptions,
  type GraphRequest,
  no,
  ok,
  startGraph,
} from '../meta/simulator.graph.ts';
import { deeds } from './simulator.deeds.ts';
import { listed, rendered } from './simulator.templates.ts';

/** WhatsApp's side of one business number: the Cloud API as Meta's documentation has it, statuses, templates, the window of a day. */

const number = '106540000000001';
const business = '102290000000001';
const day = 24 * 3_600_000;

export interface World {
  graph: Graph;
  /** Puts one change of the field into the next post of the webhook. */
  tell(value: Record<string, unknown>, field?: string): void;
  mint(): string;
  /** When each person last wrote. */
  heard: Map<string, number>;
  names: Map<string, string>;
  gone: Set<string>;
  seconds(): string;
}

export interface WhatsAppSimulator extends Simulator {
  /** What the call of a message said besides: the message it answers, its template. */
  callOf(externalId: string): Record<string, unknown> | null;
}

export async function startSimulator(
  options: GraphOptions & { tokenExpiresAt?: Date | null } = {},
): Promise<WhatsAppSimulator> {
  const account: GraphAccount = {
    object: 'whatsapp_business_account',
    appId: '700000000000003',
    appSecret: 'abcdef0123456789abcdef0123456789',
    accessToken: 'EAASimulatedTokenOfNoRealBusiness0000003',
    verifyToken: 'simulated-verify-token',
    version: 'v24.0',
    blocked: undeliverable,
    mediaWantsToken: true,
    tokenExpiresAt: options.tokenExpiresAt ?? null,
  };
  const calls = new Map<string, Record<string, unknown>>();
  const heard = new Map<string, number>();
  const names = new Map<string, string>();
  const gone = new Set<string>();
  let next = (options.now ?? (() => new Date()))().getTime();

  const graph = await startGraph(
    account,
    [
      {
        name: 'messages',
        method: 'POST',
        path: new RegExp(`^/${number}/messages$`),
        sends: true,
        handle: accept,
      },
      { name: 'media', method: 'POST', path: new RegExp(`^/${number}/media$`), handle: upload },
      {
        name: 'number',
        method: 'GET',
        path: new RegExp(`^/${number}$`),
        handle: () =>
          ok({ id: number, verified_name: 'فروشگاه نمونه', display_phone_number: '+98 990 000 0001' }),
      },
      {
        name: 'templates',
        method: 'GET',
        path: new RegExp(`^/${business}/message_templates$`),
        handle: ({ query }) => ok(listed(query)),
      },
      {
        name: 'subscribed_apps',
        method: 'POST',
        path: new RegExp(`^/${business}/subscribed_apps$`),
        handle: () => ok({ success: true }),
      },
      { name: 'file', method: 'GET', path: /^\/(\d+)$/, handle: describeFile },
    ],
    options,
  );
  const world: World = {
    graph,
    heard,
    names,
    gone,
    mint: () => `wamid.${Buffer.from(`HBg${next++}`).toString('base64')}`,
    seconds: () => String(Math.floor(graph.now().getTime() / 1000)),
    tell: (value, field = 'messages') =>
      graph.hook.add({
        account: business,
        list: 'changes',
        item: {
          field,
          value: {
            messaging_product: 'whatsapp',
            metadata: { display_phone_number: '989900000001', phone_number_id: number },
            ...value,
          },
        },
      }),
  };

  function accept({ fields }: GraphRequest): GraphAnswered {
    const to = String(fields.to ?? fields.recipient ?? '');
    const type = String(fields.type);
    if (!/^(\d{5,20}|[A-Z]{2}\.\w+)$/.test(to) || !(fields.to || fields.recipient))
      return no(400, { code: 131_009, message: '(#131009) Parameter value is not valid', details: 'to' });
    if (gone.has(to)) return undeliverable;
    const body = (fields[type] ?? {}) as Record<string, unknown>;
    const said = type === 'template' ? rendered(body) : { text: String(body.body ?? body.caption ?? '') };
    if ('refused' in said) return said.refused;
    if (type !== 'template' && !(graph.now().getTime() - (heard.get(to) ?? Number.NEGATIVE_INFINITY) < day))
      return no(400, {
        code: 131_047,
        message: '(#131047) Re-engagement message',
        details:
          'Message failed to send because more than 24 hours have passed since the customer last replied.',
      });
    if (type === 'text' && (!said.text.trim() || said.text.length > 4096))
      return no(400, { code: 100, message: '(#100) Invalid parameter', details: 'text.body' });
    const file = body.id ? graph.media.get(String(body.id)) : undefined;
    if (body.id && !file)
      return no(400, {
        code: 131_053,
        message: '(#131053) Media upload error',
        details: 'There is no such media.',
      });
    const externalId = world.mint();
    calls.set(externalId, fields);
    const record = {
      externalId,
      direction: 'toCustomer' as const,
      peer: to,
      text: said.text,
      files: file
        ? [{ name: String(body.filename ?? file.name), type: file.type, bytes: file.body.byteLength }]
        : [],
      at: graph.now(),
      state: 'accepted',
    };
    graph.ledger.add(externalId, record);
    graph.sent.tell(record);
    follow(externalId, to);
    return ok({
      messaging_product: 'whatsapp',
      contacts: [{ input: to, wa_id: to }],
      messages: [{ id: externalId }],
    });
  }

  /** Sent, delivered, read: each told of, in its time. */
  function follow(id: string, to: string): void {
    const step = options.deliveryStep ?? 40;
    const who = /^\d/.test(to) ? { recipient_id: to } : { recipient_user_id: to };
    graph.timers.inTurn(
      step,
      ['sent', 'delivered', 'read'].map((status) => () => {
        const kept = graph.ledger.get(id);
        if (kept) kept.state = status;
        world.tell({ statuses: [{ id, status, timestamp: world.seconds(), ...who }] });
      }),
    );
  }

  function upload({ uploads }: GraphRequest): GraphAnswered {
    const file = uploads.file;
    return file
      ? ok({ id: graph.media.put(file) })
      : no(400, { code: 100, message: '(#100) The parameter file is required.' });
  }

  function describeFile({ match, query }: GraphRequest): GraphAnswered {
    const id = match[1] ?? '';
    const file = graph.media.get(id);
    if (!file || (query.get('phone_number_id') ?? number) !== number)
      return no(400, {
        code: 100,
        subcode: 33,
        message: 'Unsupported get request.',
        type: 'GraphMethodException',
      });
    return ok({
      messaging_product: 'whatsapp',
      url: graph.media.link(id),
      mime_type: file.type,
      sha256: graph.media.sha256(id),
      file_size: String(file.body.byteLength),
      id,
    });
  }

  return {
    endpoint: graph.listener.endpoint,
    settings: {
      phoneNumberId: number,
      businessAccountId: business,
      accessToken: account.accessToken,
      appId: account.appId,
      appSecret: account.appSecret,
      verifyToken: account.verifyToken,
      graphVersion: account.version,
    },
    callOf: (externalId) => calls.get(externalId) ?? null,
    setHook: (url) => graph.hook.setUrl(url),
    async customerWrites({ peer, name, text, file }) {
      if (name) names.set(peer, name);
      const upload = file && { ...file, body: Buffer.from(file.body) };
      return deeds.write(world, peer, { text, ...(upload ? { file: upload } : {}) });
    },
    peer: (n) => `9899013${String(n).padStart(5, '0')}`,
    async act(action) {
      const deed = Object.hasOwn(deeds, action.do) ? deeds[action.do as keyof typeof deeds] : undefined;
      if (!deed)
        throw new Error(
          `A WhatsApp user does not know '${action.do}'; only ${Object.keys(deeds).join(', ')}.`,
        );
      deed(world, action.peer, action);
    },
    messages: () => graph.ledger.all().map((message) => ({ ...message })),
    fail: (fault, faultOptions) => graph.faults.plan(fault, faultOptions),
    onSent: (listener) => graph.sent.add(listener),
    close: () => graph.close(),
  };
}

const undeliverable = no(400, {
  code: 131_026,
  message: '(#131026) Message undeliverable',
  details: 'Message undeliverable.',
});
