import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { email } from '../../connectors/email/index.ts';
import { sms } from '../../connectors/sms/index.ts';
import type { Viewer } from '../../shared/access.ts';
import { type VerificationStart, verificationLimits } from '../../shared/verification.ts';
import { deliver, drain } from '../../test/intake.ts';
import { agent, laneOf, type Outbound, received, startOutbound, stored } from '../../test/outbound.ts';
import { person, plain, written } from '../../test/provider.ts';
import { simulators } from '../../test/simulators.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import { mergeByAgent } from '../customers/customer.merge.ts';
import { getCustomer } from '../customers/customer.service.ts';
import { addIdentityByAgent } from '../customers/identity.add.ts';
import { checkInvariants } from '../db/invariants.ts';
import { workLane } from '../lanes/lane.worker.ts';
import { Contended } from '../messages/commit.ts';
import { decideDelivery } from '../messages/decision.ts';
import { presentMessage } from '../messages/message.presenter.ts';
import { checkVerification, listVerifications } from './verification.check.ts';
import { startVerification } from './verification.start.ts';

let world: Outbound;
let mail: Awaited<ReturnType<typeof simulators.email>>;
let telegram: ChannelDoc;
const sara = person('1001', { name: 'Sara Example' });
const number = '+989901234567';
const mobile = person(number, { kind: 'mobile', display: number });

beforeAll(async () => {
  mail = await simulators.email();
  world = await startOutbound({ context: { connectors: { sms, plain } } });
  Object.assign(world.ctx.endpoints, { email: mail.endpoint });
});
afterAll(async () => {
  await world?.close();
  await mail?.close();
});
beforeEach(async () => {
  await world.ctx.empty();
  world.channel = await world.ctx.addChannel({
    connector: 'sms',
    accountRef: sms.accountRef(world.simulator.settings),
    settings: world.simulator.settings,
  });
  telegram = await world.ctx.addChannel({ connector: 'plain', accountRef: 'plain' });
});
afterEach(async () => {
  expect(await checkInvariants(world.ctx.models)).toEqual([]);
});

const ownerOf = async (id: string) =>
  (await world.ctx.models.identities.findById(id).lean())?.customerId ?? '';

/** Sara writes on Telegram and says that the number is hers. @returns her CID */
async function claimed(): Promise<string> {
  const claims = [{ kind: 'mobile' as const, value: number, source: 'contact' }];
  await deliver(world.ctx, telegram, [written(sara, 'my number is…', { claims })]);
  return ownerOf('telegramUser:1001');
}

async function start(
  customerId: string,
  what: VerificationStart = { address: { kind: 'mobile', value: number } },
  viewer: Viewer = agent,
) {
  return startVerification(world.ctx, viewer, { customerId, start: what });
}

/** Sends what is queued. @returns the code as it arrived by SMS */
async function sent(verification: { messageId: string }): Promise<string> {
  const before = received(world.simulator).length;
  await workLane(world.ctx, laneOf(await stored(world.ctx, { _id: verification.messageId })));
  const message = received(world.simulator)[before];
  const code = message && /\d{6}/.exec(message.text.replace(number, ''))?.[0];
  if (!code) throw new Error(`No code went out: ${message?.text ?? 'nothing was sent'}`);
  return code;
}

const wrong = (code: string) => (code === '000000' ? '000001' : '000000');
const check = (customerId: string, verificationId: string, code: string, viewer: Viewer = agent) =>
  checkVerification(world.ctx, viewer, { customerId, verificationId, code });
const conversations = () => world.ctx.models.conversations.find({}).lean<ConversationDoc[]>();

describe('a code', () => {
  it('goes out by the lane, and is nowhere to be read by the team', async () => {
    const cid = await claimed();
    const verification = await start(cid, { claimId: `${cid}:mobile:${number}` });
    expect(verification).toMatchObject({ customerId: cid, identityId: `mobile:${number}`, state: 'waiting' });
    const queued = await stored(world.ctx, { _id: verification.messageId });
    expect(queued).toMatchObject({ automatic: true, delivery: { state: 'queued' } });
    const code = await sent(verification);
    const message = await stored(world.ctx, { _id: verification.messageId });
    expect(message.delivery?.state).toBe('sent');
    expect(message.text).toContain('••••••');
    const places = [
      queued,
      message,
      presentMessage(message),
      await conversations(),
      await world.ctx.models.verifications.find({}).lean(),
      await listVerifications(world.ctx, agent, cid),
      await getCustomer(world.ctx, agent, cid),
    ];
    for (const place of places) expect(JSON.stringify(place)).not.toContain(code);
    // Even sealed it is kept only until it left.
    expect(queued.delivery?.pieces[0]?.sealed?.told).toEqual(expect.any(String));
    expect(message.delivery?.pieces[0]?.sealed?.told).toBeNull();
    // It answers nobody: who waits goes on waiting.
    expect((await conversations())[0]?.waitingSince).not.toBeNull();
    expect(await ownerOf(`mobile:${number}`)).toBe('');
  });

  it('typed in by the agent makes the address the customer’s, with proof, source and date', async () => {
    const cid = await claimed();
    const verification = await start(cid);
    const code = await sent(verification);
    const typed = [...code].map((digit) => String.fromCharCode(0x06f0 + Number(digit))).join('');
    const { customer, merged, verification: after } = await check(cid, verification.id, typed);
    expect(merged).toBe(false);
    expect(after).toMatchObject({ state: 'proven', provenBy: 'agent' });
    expect(customer.identities.find((one) => one.id === `mobile:${number}`)).toMatchObject({
      proof: 'code',
      verified: true,
      source: { by: 'channel', id: world.channel._id },
      removable: false,
    });
    expect(customer.claims).toEqual([]);
    // Who writes from it now is she.
    await deliver(world.ctx, telegram, [written(mobile, 'by SMS')]);
    expect(await ownerOf(`mobile:${number}`)).toBe(cid);
    await expect(start(cid)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('that the customer writes where they are is recognised by itself', async () => {
    const cid = await claimed();
    const verification = await start(cid);
    const code = await sent(verification);
    await deliver(world.ctx, telegram, [written(sara, `It says ${code}`)]);
    expect(await ownerOf(`mobile:${number}`)).toBe(cid);
    expect((await listVerifications(world.ctx, agent, cid)).verifications).toMatchObject([
      { state: 'proven', provenBy: 'customer' },
    ]);
    const lines = await world.ctx.models.messages.find({ kind: 'event' }).sort({ seq: 1 }).lean();
    expect(lines.map((line) => line.event?.type)).toEqual(['codeSent', 'verified']);
  });

  it('that stands among other numbers, or is written by somebody else, proves nothing', async () => {
    const cid = await claimed();
    const verification = await start(cid);
    const code = await sent(verification);
    await deliver(world.ctx, telegram, [
      written(sara, `${code} or ${wrong(code)}`),
      written(person('2002'), code),
    ]);
    expect(await ownerOf(`mobile:${number}`)).toBe('');
    expect((await listVerifications(world.ctx, agent, cid)).verifications[0]).toMatchObject({
      state: 'waiting',
      attemptsLeft: 5,
    });
  });

  it('to an address that another customer has makes the two one', async () => {
    await deliver(world.ctx, telegram, [written(mobile, 'I have this number')]);
    const other = await ownerOf(`mobile:${number}`);
    const cid = await claimed();
    expect(cid).not.toBe(other);
    const verification = await start(cid);
    const code = await sent(verification);
    const { customer, merged } = await check(cid, verification.id, code);
    expect(merged).toBe(true);
    expect(await ownerOf(`mobile:${number}`)).toBe(customer.id);
    expect(await ownerOf('telegramUser:1001')).toBe(customer.id);
    expect(await world.ctx.models.links.find({}).lean()).toMatchObject([
      { proof: 'code', identityId: `mobile:${number}` },
    ]);
    expect(customer.identities.find((one) => one.id === `mobile:${number}`)?.proof).toBe('transport');
  });

  it('to an address that an agent had added verifies it where it is', async () => {
    const cid = await claimed();
    await addIdentityByAgent(world.ctx, agent, {
      customerId: cid,
      kind: 'mobile',
      value: number,
      reason: 'She said so',
    });
    const verification = await start(cid, { identityId: `mobile:${number}` });
    await deliver(world.ctx, telegram, [written(sara, await sent(verification))]);
    const identities = (await getCustomer(world.ctx, agent, cid)).identities;
    expect(identities.map((one) => [one.kind, one.proof, one.verified])).toEqual([
      ['telegramUser', 'transport', true],
      ['mobile', 'code', true],
    ]);
  });

  it('goes by letter to an e-mail address, with the code in nothing that is kept', async () => {
    const cid = await claimed();
    const mails = await world.ctx.addChannel({
      connector: 'email',
      accountRef: email.accountRef(mail.settings),
      settings: mail.settings,
    });
    const verification = await start(cid, { address: { kind: 'emailAddress', value: 'Sara@Example.com' } });
    expect(verification.channelId).toBe(mails._id);
    await workLane(world.ctx, laneOf(await stored(world.ctx, { _id: verification.messageId })));
    const [letter] = received(mail);
    const code = /\b\d{6}\b/.exec(letter?.text ?? '')?.[0] ?? '';
    expect([letter?.peer, code]).toEqual(['sara@example.com', expect.stringMatching(/^\d{6}$/)]);
    const message = await stored(world.ctx, { _id: verification.messageId });
    expect(message.delivery?.state).toBe('sent');
    expect(message.letter?.subject).toBeTruthy();
    expect(JSON.stringify(message)).not.toContain(code);
    await check(cid, verification.id, code);
    expect(await ownerOf('emailAddress:sara@example.com')).toBe(cid);
  });

  it('is in the customer’s language where it is known', async () => {
    const cid = await claimed();
    await world.ctx.models.customers.updateOne({ _id: cid }, { $set: { 'profile.language': 'en' } });
    await sent(await start(cid));
    expect(received(world.simulator).at(-1)?.text).toContain('code: ');
  });

  it('begins a conversation of the agent’s for a customer who has none', async () => {
    const cid = await claimed();
    await world.ctx.models.conversations.deleteMany({});
    await world.ctx.models.messages.deleteMany({});
    await world.ctx.models.parts.deleteMany({});
    await world.ctx.models.customers.updateOne({ _id: cid }, { $set: { 'active.main': null } });
    const verification = await start(cid);
    expect(await conversations()).toMatchObject([
      { _id: verification.conversationId, status: 'open', assigneeId: agent.id, messageCount: 2 },
    ]);
    await check(cid, verification.id, await sent(verification));
    expect(await ownerOf(`mobile:${number}`)).toBe(cid);
  });
});

describe('guessing', () => {
  it('ends after five attempts, by whatever road, and then the right code is too late', async () => {
    const cid = await claimed();
    const verification = await start(cid);
    const code = await sent(verification);
    for (const attemptsLeft of [4, 3])
      await expect(check(cid, verification.id, wrong(code))).rejects.toMatchObject({
        reason: 'wrongCode',
        body: { data: { attemptsLeft } },
      });
    // A number that is about something else is no answer, and no guess.
    await deliver(
      world.ctx,
      telegram,
      [1, 2, 3, 4, 5].map((n) => written(sara, `سفارش ${wrong(code)} من کجاست؟ ${n}`)),
    );
    await deliver(world.ctx, telegram, [written(sara, wrong(code)), written(sara, `کدم ${wrong(code)} است`)]);
    await expect(check(cid, verification.id, '12')).rejects.toMatchObject({ code: 'invalid' });
    await expect(check(cid, verification.id, wrong(code))).rejects.toMatchObject({
      body: { data: { attemptsLeft: 0 } },
    });
    await expect(check(cid, verification.id, code)).rejects.toMatchObject({
      reason: 'codeOver',
      body: { data: { state: 'spent' } },
    });
    await deliver(world.ctx, telegram, [written(sara, code)]);
    expect(await ownerOf(`mobile:${number}`)).toBe('');
  });

  it('side by side gets no more attempts than one after another', async () => {
    const cid = await claimed();
    const verification = await start(cid);
    const code = await sent(verification);
    const guesses = Array.from({ length: 20 }, () => check(cid, verification.id, wrong(code)));
    const outcomes = await Promise.all(guesses.map((guess) => guess.catch((error) => error.reason)));
    expect(outcomes.filter((one) => one === 'wrongCode')).toHaveLength(5);
    expect(outcomes.filter((one) => one === 'codeOver')).toHaveLength(15);
  });

  it('is over after ten minutes, and an unsent code does not leave then', async () => {
    const cid = await claimed();
    const verification = await start(cid);
    const code = await sent(verification);
    const late = await start(cid);
    world.pass(verificationLimits.lifeMs + 1_000);
    await expect(check(cid, verification.id, code)).rejects.toMatchObject({
      body: { data: { state: 'superseded' } },
    });
    await expect(check(cid, late.id, code)).rejects.toMatchObject({ body: { data: { state: 'expired' } } });
    const before = received(world.simulator).length;
    await workLane(world.ctx, laneOf(await stored(world.ctx, { _id: late.messageId })));
    expect(received(world.simulator)).toHaveLength(before);
    expect((await stored(world.ctx, { _id: late.messageId })).delivery).toMatchObject({
      state: 'failed',
      error: { code: 'expired' },
    });
    // Nor when somebody tries once more: what would go out has no code in it.
    await decideDelivery(world.ctx, agent, {
      conversationId: late.conversationId,
      messageId: late.messageId,
      decision: 'resend',
      attempt: 1,
    });
    await workLane(world.ctx, laneOf(await stored(world.ctx, { _id: late.messageId })));
    expect(received(world.simulator)).toHaveLength(before);
    const { delivery } = await stored(world.ctx, { _id: late.messageId });
    expect(delivery).toMatchObject({ state: 'failed', attempt: 2, pieces: [{ sealed: { told: null } }] });
  });

  it('a code that was used is used up', async () => {
    const cid = await claimed();
    const verification = await start(cid);
    const code = await sent(verification);
    await check(cid, verification.id, code);
    await expect(check(cid, verification.id, code)).rejects.toMatchObject({
      reason: 'codeOver',
      body: { data: { state: 'proven' } },
    });
  });

  it('is limited in codes an hour for a customer and to an address', async () => {
    const cid = await claimed();
    for (let n = 0; n < verificationLimits.customerAnHour; n += 1) await start(cid);
    await expect(start(cid)).rejects.toMatchObject({
      code: 'tooMany',
      body: { message: expect.stringContaining('this customer'), retryAfter: expect.any(Number) },
    });
    await deliver(world.ctx, telegram, [written(person('2002'), 'me too')]);
    await expect(start(await ownerOf('telegramUser:2002'))).rejects.toMatchObject({
      body: { message: expect.stringContaining('this address') },
    });
    world.pass(3_600_000);
    await start(cid);
  });

  it('is limited as strictly when many ask at once', async () => {
    const cids = [await claimed()];
    for (let n = 0; n < 7; n += 1) {
      await deliver(world.ctx, telegram, [written(person(`300${n}`), 'me too')]);
      cids.push(await ownerOf(`telegramUser:300${n}`));
    }
    // Who is told that others change the same thing tries again, as people do.
    const insisting = async (cid: string): Promise<unknown> =>
      start(cid).catch((error: unknown) => {
        if (error instanceof Contended) return insisting(cid);
        throw error;
      });
    const outcomes = await Promise.allSettled(cids.map(insisting));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(
      verificationLimits.targetAnHour,
    );
    expect(await world.ctx.models.verifications.countDocuments({})).toBe(verificationLimits.targetAnHour);
  });

  it('whose first sending failed leaves again, and is the same', async () => {
    const cid = await claimed();
    const verification = await start(cid);
    world.simulator.fail('serverError');
    await workLane(world.ctx, laneOf(await stored(world.ctx, { _id: verification.messageId })));
    const message = await stored(world.ctx, { _id: verification.messageId });
    expect(message.delivery?.pieces[0]?.sealed?.told).toEqual(expect.any(String));
    world.pass(60_000);
    await check(cid, verification.id, await sent(verification));
    expect(await ownerOf(`mobile:${number}`)).toBe(cid);
  });
});

describe('at the same moment', () => {
  it('the customer writes the code and an agent types it, on two servers, while the two are merged by hand: it is proven once', async () => {
    await deliver(world.ctx, telegram, [written(mobile, 'I have this number')]);
    const other = await ownerOf(`mobile:${number}`);
    const cid = await claimed();
    const verification = await start(cid);
    const code = await sent(verification);
    const sibling = await world.ctx.sibling();
    try {
      const [typed] = await Promise.allSettled([
        check(cid, verification.id, code),
        deliver(sibling, telegram, [written(sara, code)]),
        mergeByAgent(sibling, agent, { intoId: cid, otherId: other, reason: 'the same' }),
      ]);
      // Whoever came second is told that it is proven, or that the code was used.
      if (typed.status === 'rejected')
        expect(typed.reason).toMatchObject({ body: { data: { state: 'proven' } } });
      await expect
        .poll(async () => {
          await drain(world.ctx);
          return world.ctx.models.inbound.countDocuments({ state: { $ne: 'done' } });
        })
        .toBe(0);
    } finally {
      await sibling.close();
    }
    expect(await ownerOf(`mobile:${number}`)).toBe(await ownerOf('telegramUser:1001'));
    expect(await world.ctx.models.links.countDocuments({})).toBe(1);
    const { verifications } = await listVerifications(world.ctx, agent, cid);
    expect(verifications.map(({ state }) => state)).toEqual(['proven']);
  });
});

describe('who may', () => {
  it('is who sees the customer and has a channel that can write there', async () => {
    const cid = await claimed();
    const narrow: Viewer = { ...agent, channelIds: [telegram._id] };
    await expect(start(cid, undefined, narrow)).rejects.toMatchObject({ reason: 'badTarget' });
    const verification = await start(cid);
    const stranger: Viewer = { ...agent, channelIds: [] };
    await expect(check(cid, verification.id, '000000', stranger)).rejects.toMatchObject({ code: 'notFound' });
    await expect(
      start(cid, { channelId: telegram._id, address: { kind: 'mobile', value: number } }),
    ).rejects.toMatchObject({ reason: 'badTarget' });
    await expect(start(cid, {})).rejects.toMatchObject({ code: 'invalid' });
    await expect(
      start(cid, { address: { kind: 'nationalCode', value: '0123456789' } }),
    ).rejects.toMatchObject({ code: 'invalid' });
    await expect(start(cid, { identityId: 'telegramUser:1001' })).rejects.toMatchObject({ code: 'invalid' });
  });

  it('a code of one customer is not another’s, until the two are one', async () => {
    const cid = await claimed();
    await deliver(world.ctx, telegram, [written(person('2002'), 'hello')]);
    const other = await ownerOf('telegramUser:2002');
    const verification = await start(cid);
    const code = await sent(verification);
    await expect(check(other, verification.id, code)).rejects.toMatchObject({ code: 'notFound' });
    await mergeByAgent(world.ctx, agent, { intoId: other, otherId: cid, reason: 'the same' });
    expect((await check(other, verification.id, code)).customer.id).toBe(other);
    // Whose it is when they come apart again.
    expect((await world.ctx.models.identities.findById(`mobile:${number}`).lean())?.homeCustomerId).toBe(cid);
  });
});
