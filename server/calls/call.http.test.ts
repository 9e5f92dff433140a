import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Simulator } from '../../connectors/connector.ts';
import type { ChannelDetails } from '../../shared/channel.ts';
import type { Notice } from '../../shared/events.ts';
import type { Message } from '../../shared/message.ts';
import type { UserDetails } from '../../shared/user.ts';
import type { Agent } from '../../test/agent.ts';
import { startTestApp, type TestApp } from '../../test/app.ts';
import { simulators } from '../../test/simulators.ts';

let app: TestApp;
let pbx: Simulator;
let channel: ChannelDetails;
let agent: { agent: Agent; user: UserDetails };
let stranger: { agent: Agent; user: UserDetails };

beforeAll(async () => {
  app = await startTestApp();
  agent = await app.join({ channelIds: 'all', name: 'Agent' });
  stranger = await app.join({ channelIds: [], name: 'Stranger' });
});
afterAll(async () => {
  await app?.end();
  await pbx?.close();
});

const refusal = (attempt: Promise<unknown>) =>
  attempt.then(
    () => 'done',
    (error: { body?: unknown }) => error.body ?? error,
  );
const log = (more: Record<string, unknown> = {}) => ({
  id: crypto.randomUUID(),
  direction: 'in',
  number: '02188001122',
  startedAt: new Date(Date.now() - 300_000).toISOString(),
  ended: true,
  disposition: 'answered',
  talked: 60,
  note: 'پرسید کی می‌رسد',
  ...more,
});
const post = (by: Agent, body: unknown) => by.call<Message>('POST', '/api/calls', body);

it('nobody could see a call that begins a conversation where there is no telephone channel', async () => {
  expect(await refusal(post(agent.agent, log()))).toMatchObject({ reason: 'channelUnavailable' });
});

describe('with a telephone channel', () => {
  beforeAll(async () => {
    pbx = await simulators.phone({ deliveryStep: 2 });
    channel = await app.admin.createChannel({
      connector: 'phone',
      name: 'Telephone',
      settings: pbx.settings,
    });
    pbx.setHook(new URL(new URL(channel.hookUrl, app.url).pathname, app.url).href);
  });

  it('an agent logs a call once, however often it is sent, and it is found in the history', async () => {
    const body = log();
    const [first, second] = await Promise.all([post(agent.agent, body), post(agent.agent, body)]);
    expect(second).toEqual(first);
    expect(first).toMatchObject({
      kind: 'call',
      direction: 'in',
      channelId: channel.id,
      authorId: agent.user.id,
      text: body.note,
      attachments: [],
      call: {
        state: 'ended',
        disposition: 'answered',
        talked: 60,
        number: '+982188001122',
        agentId: agent.user.id,
        logged: true,
        recording: null,
      },
    });
    expect(await refusal(post(app.admin, body))).toMatchObject({ reason: 'notTheAuthor' });
    const { header } = await agent.agent.call<{ header: { customerId: string; assigneeId: string } }>(
      'GET',
      `/api/conversations/${first.conversationId}`,
    );
    expect(header.assigneeId).toBe(agent.user.id);
    const again = await post(agent.agent, log({ number: '+98 21 8800 1122', note: 'بار دوم' }));
    expect(again.conversationId).toBe(first.conversationId);
    const history = await agent.agent.call<{ entries: { kind: string; message?: Message }[] }>(
      'GET',
      `/api/customers/${header.customerId}/history`,
    );
    expect(history.entries.filter(({ kind }) => kind === 'call').map(({ message }) => message?.text)).toEqual(
      expect.arrayContaining([body.note, 'بار دوم']),
    );
    const details = await agent.agent.call<{ identities: unknown[] }>(
      'GET',
      `/api/customers/${header.customerId}`,
    );
    expect(details.identities).toMatchObject([{ kind: 'phone', value: '+982188001122', proof: 'agent' }]);
  });

  it('a call that goes on ends by a second word, with its note', async () => {
    const startedAt = new Date(Date.now() - 90_000).toISOString();
    const going = log({
      number: '09901230001',
      ended: false,
      disposition: undefined,
      talked: undefined,
      note: '',
      startedAt,
    });
    const first = await post(agent.agent, going);
    expect(first.call).toMatchObject({ state: 'answered', disposition: null, endedAt: null });
    const change = (body: unknown, by = agent.agent) =>
      by.call<Message>('PATCH', `/api/calls/${first.id}`, body);
    expect(await change({ note: 'در حال گفتگو' })).toMatchObject({ text: 'در حال گفتگو', editedAt: null });
    const ended = await change({ ended: true, note: 'تمام شد' });
    expect(ended).toMatchObject({ text: 'تمام شد', call: { state: 'ended', disposition: 'answered' } });
    expect(ended.call?.talked).toBeGreaterThanOrEqual(90);
    expect(await change({ ended: true, note: 'تمام شد' })).toEqual(ended);
    expect(await change({ disposition: 'missed', talked: 0 })).toMatchObject({
      call: { disposition: 'missed' },
    });
    expect(await refusal(change({ note: 'x' }, stranger.agent))).toMatchObject({ code: 'notFound' });
  });

  it.each([
    ['a number that is none', { number: '12' }, { code: 'invalid' }],
    ['nobody', { number: undefined }, { code: 'invalid' }],
    ['a customer who is not', { number: undefined, customerId: 'C-0' }, { code: 'notFound' }],
    ['tomorrow', { startedAt: new Date(Date.now() + 86_400_000).toISOString() }, { code: 'invalid' }],
    ['a talk of two days', { talked: 172_800 }, { code: 'invalid' }],
  ])('refuses a call with %s', async (_, more, expected) => {
    expect(await refusal(post(agent.agent, log(more)))).toMatchObject(expected);
  });

  it('tells people of a missed call, once, and lets nobody forge one', async () => {
    const socket = await app.admin.socket();
    const told: Notice[] = [];
    const heard = new Promise<void>((resolve) => {
      socket.on('notify', (notice) => {
        told.push(notice);
        resolve();
      });
    });
    pbx.fail('wrongSignature');
    pbx.fail('duplicate', { times: 2 });
    await pbx.act({ do: 'call', peer: '+982188005555', name: 'نرگس', text: 'کسی نبود', backwards: true });
    await heard;
    expect(told).toMatchObject([{ event: 'unassignedNew', customerName: 'نرگس', text: 'کسی نبود' }]);
    const forged = await fetch(new URL(new URL(channel.hookUrl, app.url).pathname, app.url), {
      method: 'POST',
      headers: { 'x-yekja-signature': 'sha256=00' },
      body: '{"callId":"9","event":"ringing","direction":"in","from":"09901234567","to":"1","at":1763800000}',
    });
    expect(forged.status).toBe(403);
  });

  it('an extension is one colleague’s, and names them in their calls', async () => {
    const path = `/api/users/${agent.user.id}`;
    expect(await app.admin.call<UserDetails>('PATCH', path, { extension: '101' })).toMatchObject({
      extension: '101',
    });
    expect(
      await refusal(app.admin.call('PATCH', `/api/users/${stranger.user.id}`, { extension: '101' })),
    ).toMatchObject({ fields: { extension: expect.stringContaining('Agent') } });
    const message = await spokenWith(
      { agent: '101', talked: 30 },
      ({ call }) => call?.state === 'ended' && call.answeredAt !== null,
    );
    expect(message.call).toMatchObject({ agentId: agent.user.id, talked: 30, disposition: 'answered' });
    const word = await refusal(
      agent.agent.call('PATCH', `/api/calls/${message.id}`, { disposition: 'missed' }),
    );
    expect(word).toMatchObject({ reason: 'stateChanged' });
    const noted = await agent.agent.call<Message>('PATCH', `/api/calls/${message.id}`, {
      note: 'خودم نوشتم',
    });
    expect(noted).toMatchObject({ text: 'خودم نوشتم', call: message.call });
    expect(noted.editedAt).not.toBeNull();
  });

  it('a recording is heard by whoever sees the conversation, whole or in parts', async () => {
    const sound = wave(5000);
    const message = await spokenWith(
      { talked: 20, recording: sound },
      ({ call }) => call?.recording === 'ready',
    );
    expect(message.attachments).toEqual([]);
    const path = `/api/conversations/${message.conversationId}/messages/${message.id}/recording`;
    const whole = await agent.agent.answer('GET', path);
    expect(whole.headers.get('content-type')).toMatch(/^audio\//);
    expect(Buffer.from(await whole.arrayBuffer()).equals(sound)).toBe(true);
    const part = await agent.agent.answer('GET', path, undefined, { range: 'bytes=100-199' });
    expect(part.status).toBe(206);
    expect(Buffer.from(await part.arrayBuffer()).equals(sound.subarray(100, 200))).toBe(true);
    expect((await stranger.agent.answer('GET', path)).status).toBe(404);
    expect((await fetch(new URL(path, app.url))).status).toBe(401);
    expect(app.logged()).toContain('a recording is listened to');
  });
});

let callers = 0;
/** A call through the simulator, once it is what the test waits for. */
async function spokenWith(
  action: Record<string, unknown>,
  until: (message: Message) => boolean = (message) => message.call?.state === 'ended',
): Promise<Message> {
  callers += 1;
  const peer = `+98218807${String(callers).padStart(4, '0')}`;
  const socket = await agent.agent.socket();
  const found = new Promise<Message>((resolve) => {
    socket.on('conversation.changed', ({ messages }) => {
      for (const message of messages)
        if ('call' in message && message.call?.number === peer && until(message)) resolve(message);
    });
  });
  await pbx.act({ do: 'call', peer, ...action });
  return found;
}

/** A WAV file of so many bytes of silence. */
function wave(bytes: number): Buffer {
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + bytes, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(8000, 24);
  head.writeUInt32LE(8000, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write('data', 36);
  head.writeUInt32LE(bytes, 40);
  return Buffer.concat([head, Buffer.alloc(bytes, 128)]);
}
