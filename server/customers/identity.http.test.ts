import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Customer } from '../../shared/customer.ts';
import type { ProfileEdit } from '../../shared/profile.ts';
import { Agent } from '../../test/agent.ts';
import { startTestApp, type TestApp } from '../../test/app.ts';
import { addPlainChannel, arrives } from '../../test/inbox.ts';
import { person, plain, written } from '../../test/provider.ts';

/** An agent who lacks the channel that the customer wrote on, and one who has it. */
let app: TestApp;
let outsider: Agent;
let insider: Agent;
let cid: string;

beforeAll(async () => {
  app = await startTestApp({ connectors: { plain } });
  const channel = await addPlainChannel(app.context, 'theirs');
  const other = await addPlainChannel(app.context, 'other');
  ({ agent: outsider } = await app.join({ channelIds: [other._id] }));
  ({ agent: insider } = await app.join({ channelIds: [channel._id] }));
  const claims = [{ kind: 'mobile' as const, value: '+989121234567', source: 'contact' }];
  cid = (await arrives(app.context, channel, [written(person('1001'), 'hello', { claims })])).customerId;
});
afterAll(() => app?.end());

it('who may not see a customer can do nothing about their identities, by any road', async () => {
  const claim = encodeURIComponent(`${cid}:mobile:+989121234567`);
  const roads: [string, string, unknown?][] = [
    ['POST', `/api/customers/${cid}/identities`, { kind: 'mobile', value: '09121234567', reason: 'x' }],
    ['DELETE', `/api/customers/${cid}/identities/telegramUser:1001`],
    ['POST', `/api/customers/${cid}/identities/telegramUser:1001/verify`, { reason: 'I know her' }],
    ['GET', `/api/customers/${cid}/verifications`],
    ['POST', `/api/customers/${cid}/verifications`, { address: { kind: 'mobile', value: '09121234567' } }],
    ['POST', `/api/customers/${cid}/verifications/x`, { code: '123456' }],
    ['PUT', '/api/identities/telegramUser:1001/reach', { unreachable: true }],
    ['PUT', '/api/identities/telegramUser:1001/block', { blocked: true }],
    ['POST', `/api/claims/${claim}/dismiss`],
    ['POST', `/api/claims/${claim}/restore`],
    ['POST', `/api/claims/${claim}/accept`, { reason: 'x' }],
  ];
  for (const [method, path, body] of roads) {
    const outcome = await outsider.call(method, path, body).then(
      () => 'let in',
      (error) => error.code,
    );
    expect([method, path, outcome]).toEqual([method, path, 'notFound']);
  }
  expect(await app.context.models.identities.countDocuments({ customerId: cid })).toBe(1);
  expect(await app.context.models.claims.countDocuments({ dismissed: null })).toBe(1);
});

it('an identity is added with a reason and taken away by its id, as a browser writes it into an address', async () => {
  const roads = `/api/customers/${cid}/identities`;
  await expect(insider.call('POST', roads, { kind: 'mobile', value: '09121234567' })).rejects.toMatchObject({
    code: 'invalid',
    body: { fields: { reason: expect.any(String) } },
  });
  const values = [
    ['mobile', '09121234567'],
    ['emailAddress', 'sara+shop@example.com'],
    ['customerNumber', 'C/10:01 ۷'],
  ] as const;
  for (const [kind, value] of values) {
    const after = await insider.call<Customer>('POST', roads, { kind, value, reason: 'She said so' });
    const added = after.identities.find((one) => one.kind === kind);
    expect(added?.removable).toBe(true);
    const { customer: left } = await insider.call<{ customer: Customer }>(
      'DELETE',
      `${roads}/${encodeURIComponent(added?.id ?? '')}`,
    );
    expect(left.identities.map((one) => one.kind)).toEqual(['telegramUser']);
  }
});

it('an identity is verified with a reason, by whoever is signed in, once, and that is taken back', async () => {
  const { id } = await app.admin.call<Customer>('POST', '/api/customers', {
    name: 'Reza Rad',
    identities: [{ kind: 'nationalCode', value: '0123456789', reason: 'From a form' }],
  });
  const road = `/api/customers/${id}/identities/${encodeURIComponent('nationalCode:0123456789')}/verify`;
  for (const reason of [undefined, '  ab  ', 'x'.repeat(301)])
    await expect(insider.call('POST', road, { reason })).rejects.toMatchObject({
      code: 'invalid',
      body: { fields: { reason: expect.any(String) } },
    });
  await expect(new Agent(app.url).call('POST', road, { reason: 'I know him' })).rejects.toMatchObject({
    code: 'unauthenticated',
  });
  const { customer, edits } = await insider.call<{ customer: Customer; edits: ProfileEdit[] }>('POST', road, {
    reason: '  کارت ملی را دیدم ',
  });
  expect(customer.identities).toMatchObject([
    { proof: 'agentVerified', verified: true, reason: 'کارت ملی را دیدم', source: { by: 'user' } },
  ]);
  await expect(insider.call('POST', road, { reason: 'Again' })).rejects.toMatchObject({ code: 'conflict' });
  const undone = await insider.call<{ customer: Customer }>(
    'POST',
    `/api/customers/${id}/edits/${edits[0]?.id}/undo`,
  );
  expect(undone.customer.identities).toMatchObject([
    { proof: 'agent', verified: false, reason: 'From a form' },
  ]);
});

it('a customer is made with their addresses or not at all, and who has one already is named', async () => {
  const { models } = app.context;
  const made = await app.admin.call<Customer>('POST', '/api/customers', {
    name: 'Mina Rad',
    identities: [{ kind: 'mobile', value: '۰۹۱۲ ۷۶۵ ۴۳۲۱', reason: 'From a card' }],
  });
  expect(made.identities).toMatchObject([{ kind: 'mobile', value: '+989127654321', verified: false }]);
  const before = await models.customers.countDocuments({});
  const again = (value: string) =>
    app.admin.call('POST', '/api/customers', {
      name: 'Mina Raad',
      identities: [
        { kind: 'customerNumber', value: 'MR-1', reason: 'From a card' },
        { kind: 'mobile', value, reason: 'From a card' },
      ],
    });
  await expect(again('0912 765 4321')).rejects.toMatchObject({
    code: 'conflict',
    reason: 'identityOwned',
    body: { data: { customer: { id: made.id, name: 'Mina Rad' } } },
  });
  await expect(again('12')).rejects.toMatchObject({
    code: 'invalid',
    body: { fields: { value: expect.any(String) } },
  });
  expect(await models.customers.countDocuments({})).toBe(before);
  expect(await models.identities.countDocuments({ _id: /MR-1/ })).toBe(0);
});

it('an identity is marked as out of reach, and blocked, also of a customer nobody has spoken with', async () => {
  const { id } = await app.admin.call<Customer>('POST', '/api/customers', { name: 'Nobody Yet' });
  const added = await app.admin.call<Customer>('POST', `/api/customers/${id}/identities`, {
    kind: 'mobile',
    value: '09351234567',
    reason: 'From a card',
  });
  const identity = `/api/identities/${encodeURIComponent(added.identities[0]?.id ?? '')}`;
  const marked = { unreachable: true, blocked: false };
  expect(await app.admin.call('PUT', `${identity}/reach`, { unreachable: true })).toMatchObject(marked);
  expect(await app.admin.call('PUT', `${identity}/block`, { blocked: true })).toMatchObject({
    blocked: true,
  });
  const after = await app.admin.call<Customer>('GET', `/api/customers/${id}`);
  expect(after.identities).toMatchObject([{ unreachable: true, blocked: true, removable: true }]);
  expect(after.version).toBeGreaterThan(added.version);
  expect(await app.admin.call('PUT', `${identity}/reach`, { unreachable: false })).toMatchObject({
    unreachable: false,
  });
});

it('a claim is dismissed, restored and accepted over HTTP', async () => {
  const claim = `/api/claims/${encodeURIComponent(`${cid}:mobile:+989121234567`)}`;
  expect((await insider.call<Customer>('POST', `${claim}/dismiss`)).claims).toEqual([]);
  expect((await insider.call<Customer>('POST', `${claim}/restore`)).claims).toHaveLength(1);
  const after = await insider.call<Customer>('POST', `${claim}/accept`, { reason: 'Her card says so' });
  expect(after.identities.map((one) => [one.kind, one.proof])).toContainEqual(['mobile', 'agent']);
  expect(after.claims).toEqual([]);
});
