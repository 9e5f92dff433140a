import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Company } from '../../shared/company.ts';
import type { ContactPoints } from '../../shared/contact-point.ts';
import type { Conversation } from '../../shared/conversation.ts';
import type { Customer } from '../../shared/customer.ts';
import type { CustomerPage } from '../../shared/customer-list.ts';
import type { Field } from '../../shared/field.ts';
import type { ProfileEdit, ProfileEdits } from '../../shared/profile.ts';
import type { Segment, SegmentCount, SegmentRule } from '../../shared/segment.ts';
import type { Team } from '../../shared/team.ts';
import type { Me } from '../../shared/user.ts';
import type { Agent, AgentSocket } from '../../test/agent.ts';
import { startTestApp, type TestApp } from '../../test/app.ts';
import { addPlainChannel, arrives } from '../../test/inbox.ts';
import { person, plain, written } from '../../test/provider.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import { forgetProducts } from '../sentiment/products.ts';

/** An administrator, an agent with both channels and one with the first alone. */
let app: TestApp;
let theirs: ChannelDoc;
let wide: Agent;
let narrow: Agent;

beforeAll(async () => {
  app = await startTestApp({ connectors: { plain } });
  const mine = await addPlainChannel(app.context, 'mine');
  theirs = await addPlainChannel(app.context, 'theirs');
  wide = (await app.join({ channelIds: 'all', name: 'Wide' })).agent;
  narrow = (await app.join({ channelIds: [mine._id], name: 'Narrow' })).agent;
});
afterAll(() => app?.end());

type Event = 'facts.changed' | 'lists.changed' | 'customer.changed';
const heard = <T>(socket: AgentSocket, event: Event, fits: (payload: T) => boolean): Promise<T> =>
  new Promise((resolve) => {
    const listen = (payload: T) => {
      if (!fits(payload)) return;
      socket.off(event, listen as never);
      resolve(payload);
    };
    socket.on(event, listen as never);
  });
const refusal = (attempt: Promise<unknown>) =>
  attempt.then(
    () => 'done',
    (error: { body?: unknown }) => error.body ?? error,
  );

describe('a customer', () => {
  it('made by hand is everybody’s to see, and whoever looks hears what is derived of them', async () => {
    const socket = await narrow.socket();
    const changed = heard<{ customer: { name: string } }>(
      socket,
      'customer.changed',
      ({ customer }) => customer.name === 'Mina',
    );
    const derived = heard<{ customerId: string }>(socket, 'facts.changed', () => true);
    const made = await wide.call<Customer>('POST', '/api/customers', {
      name: 'Mina',
      change: { city: 'قم' },
    });
    await changed;
    expect((await derived).customerId).toBe(made.id);
    const seen = await narrow.call<Customer>('GET', `/api/customers/${made.id}`);
    expect(seen).toMatchObject({
      name: 'Mina',
      profile: { city: 'قم' },
      facts: { values: { spent: 0 } },
      members: [made.id],
    });
    const { customers } = await narrow.call<CustomerPage>(
      'GET',
      '/api/customers/list?sort=createdAt&limit=1',
    );
    expect(customers).toMatchObject([{ id: made.id, name: 'Mina', city: 'قم', contacts: [] }]);
  });

  it('is changed, undone and told of to those alone who may see them', async () => {
    await arrives(app.context, theirs, [written(person('77', { name: 'Sara' }), 'hello')]);
    const owner = await app.context.models.identities.findById('telegramUser:77').lean();
    const at = `/api/customers/${owner?.customerId}`;
    expect(await refusal(narrow.call('PATCH', at, { city: 'x' }))).toMatchObject({ code: 'notFound' });
    expect(await refusal(wide.call('PATCH', at, { city: 'x', birthday: 'soon' }))).toMatchObject({
      code: 'invalid',
      fields: { birthday: expect.stringMatching(/YYYY-MM-DD/) },
    });
    const { edits } = await wide.call<{ edits: ProfileEdit[] }>('PATCH', at, { city: 'تبریز' });
    const undone = await wide.call<{ customer: Customer }>(
      'POST',
      `${at}/edits/${encodeURIComponent(edits[0]?.id ?? '')}/undo`,
    );
    expect(undone.customer.profile.city).toBe('');
    const journal = await wide.call<ProfileEdits>('GET', `${at}/edits?limit=1`);
    expect(journal.edits).toMatchObject([{ field: 'city', undoes: edits[0]?.id }]);
    const older = await wide.call<ProfileEdits>('GET', `${at}/edits?limit=1&after=${journal.next}`);
    expect(older).toMatchObject({ edits: [{ id: edits[0]?.id }], next: null });
    expect(await refusal(wide.call('PUT', `${at}/consents/pigeon`, { state: 'withdrawn' }))).toMatchObject({
      fields: { kind: expect.stringMatching(/mobile/) },
    });
    expect(await refusal(wide.call('PUT', `${at}/consents/mobile`, { state: 'granted' }))).toMatchObject({
      fields: { evidence: expect.any(String) },
    });
    const consenting = await wide.call<Customer>('PUT', `${at}/consents/mobile`, {
      state: 'granted',
      evidence: 'said so',
    });
    expect(consenting.consents).toMatchObject([{ kind: 'mobile', state: 'granted', source: 'told' }]);
  });
});

describe('writing first', () => {
  const ways = (agent: Agent, id: string) => agent.call<ContactPoints>('GET', `/api/customers/${id}/ways`);
  const begin = (agent: Agent, customerId: string) =>
    agent.call<{ header: Conversation }>('POST', '/api/conversations', { customerId });

  it('goes to the contact point that was shown, and the hours they wish are told when it is not then', async () => {
    const { _id, customerId } = await arrives(app.context, theirs, [
      written(person('81', { name: 'Tara' }), 'hello'),
    ]);
    const preferred = { identityId: 'telegramUser:81', channelId: theirs._id };
    expect(await ways(wide, customerId)).toMatchObject({
      points: [{ ...preferred, display: expect.any(String), says: 'words', optedOut: false }],
      preferred,
      outside: null,
    });
    expect(await refusal(ways(narrow, customerId))).toMatchObject({ code: 'notFound' });
    const inThreeDays = (new Date().getUTCDay() + 3) % 7;
    const hours = { from: '09:00', to: '17:00', days: [inThreeDays] };
    await wide.call('PATCH', `/api/customers/${customerId}`, { hours });
    expect((await ways(wide, customerId)).outside).toEqual(hours);

    expect(await refusal(begin(wide, customerId))).toMatchObject({
      reason: 'anotherActive',
      data: { conversationId: _id },
    });
    await wide.call('PATCH', `/api/conversations/${_id}`, { deed: 'resolve' });
    const { header } = await begin(wide, customerId);
    expect(header).toMatchObject({ customerId, status: 'open', replyTarget: preferred });
  });

  it('is refused to who cannot be reached, and where they opted out', async () => {
    const made = await wide.call<Customer>('POST', '/api/customers', {
      name: 'Omid',
      identities: [{ kind: 'mobile', value: '09121234599', reason: 'from a card' }],
    });
    // The plain provider writes to those alone who wrote to it.
    expect(await ways(wide, made.id)).toEqual({ points: [], preferred: null, outside: null });
    expect(await refusal(begin(wide, made.id))).toMatchObject({ code: 'invalid', reason: 'badTarget' });
    await wide.call('PUT', `/api/customers/${made.id}/consents/mobile`, { state: 'withdrawn' });
    expect(await refusal(begin(wide, made.id))).toMatchObject({ code: 'conflict', reason: 'optedOut' });
  });
});

describe('fields, companies and segments', () => {
  it('are announced as lists, and segments are told again when what they hold may be other', async () => {
    const socket = await narrow.socket();
    const fields = heard<{ list: string }>(socket, 'lists.changed', ({ list }) => list === 'fields');
    expect(await refusal(wide.call('POST', '/api/fields', { name: 'Size', type: 'text' }))).toMatchObject({
      code: 'forbidden',
    });
    const field = await app.admin.call<Field>('POST', '/api/fields', { name: 'Size', type: 'number' });
    await fields;
    expect(field.id).toMatch(/^f[0-9a-f]{8}$/);
    const companies = heard<{ list: string }>(socket, 'lists.changed', ({ list }) => list === 'companies');
    const company = await wide.call<Company>('POST', '/api/companies', {
      name: 'Example',
      nationalId: '۱۰۳۸۰۲۸۴۷۹۰',
    });
    await companies;
    expect(company.nationalId).toBe('10380284790');

    const rule: SegmentRule = {
      match: 'all',
      conditions: [{ attribute: `field:${field.id}`, operator: 'moreThan', value: 40 }],
    };
    expect(await wide.call('POST', '/api/segments/count', { rule })).toEqual({ count: 0, about: false });
    const segment = await app.admin.call<Segment>('POST', '/api/segments', {
      name: 'Large',
      rule,
      sharedWith: 'everyone',
    });
    // Told of every change at most once in some seconds: the word that tells of this one comes, after others perhaps.
    const grown = new Promise<Segment>((resolve, reject) => {
      socket.on('lists.changed', ({ list }) => {
        if (list !== 'segments') return;
        narrow
          .call<Segment>('GET', `/api/segments/${segment.id}`)
          .then((now) => now.size.count && resolve(now), reject);
      });
    });
    const made = await wide.call<Customer>('POST', '/api/customers', {
      name: 'Big',
      change: { fields: { [field.id]: 44 }, companies: { add: [company.id] } },
    });
    expect((await grown).size).toEqual({ count: 1, about: false });
    const list = await narrow.call<CustomerPage>('GET', `/api/customers/list?segmentId=${segment.id}`);
    expect(list.customers).toMatchObject([{ id: made.id, companies: [{ id: company.id, name: 'Example' }] }]);
    const filter = encodeURIComponent(
      JSON.stringify({
        match: 'all',
        conditions: [{ attribute: 'companies', operator: 'noneOf', value: [company.id] }],
      }),
    );
    expect(
      (await narrow.call<CustomerPage>('GET', `/api/customers/list?segmentId=${segment.id}&filter=${filter}`))
        .customers,
    ).toEqual([]);
  }, 30_000);
});

it('a segment of what was bought is counted and listed alike, of what is sold is suggested', async () => {
  const socket = await wide.socket();
  const made = await wide.call<Customer>('POST', '/api/customers', { name: 'Buyer', change: {} });
  const rule: SegmentRule = {
    match: 'all',
    conditions: [
      { attribute: 'boughtItems', operator: 'anyOf', value: ['گوشی همراه'] },
      { attribute: 'boughtCodes', operator: 'anyOf', value: ['p-7'] },
      { attribute: 'spent90', operator: 'moreThan', value: 50_000_000 },
    ],
  };
  const counted = new Promise((resolve, reject) => {
    socket.on('facts.changed', () => {
      wide
        .call<SegmentCount>('POST', '/api/segments/count', { rule })
        .then((size) => size.count && resolve(size), reject);
    });
  });
  await wide.call('POST', `/api/customers/${made.id}/records`, {
    kind: 'purchase',
    at: new Date().toISOString(),
    title: 'Order',
    amount: 70_000_000,
    items: [{ name: 'گوشي همراه', code: 'P-۷' }],
  });
  expect(await counted).toEqual({ count: 1, about: false });
  const filter = encodeURIComponent(JSON.stringify(rule));
  expect(
    (await wide.call<CustomerPage>('GET', `/api/customers/list?filter=${filter}`)).customers,
  ).toMatchObject([{ id: made.id }]);
  forgetProducts(app.context);
  expect(await wide.call('GET', '/api/segments/products')).toEqual({ names: ['گوشي همراه'] });
  expect(
    await refusal(
      wide.call('POST', '/api/segments/count', {
        rule: { match: 'all', conditions: [{ attribute: 'boughtItems', operator: 'is', value: 'x' }] },
      }),
    ),
  ).toMatchObject({ code: 'invalid' });
}, 30_000);

it('panels of a customer’s page are arranged by a team and by oneself', async () => {
  const team = await app.admin.call<Team>('POST', '/api/teams', { name: 'Care', memberIds: [] });
  expect(team.panels).toBeNull();
  const panels = { order: ['value', 'tags'], hidden: ['merges'] };
  expect(await app.admin.call<Team>('PATCH', `/api/teams/${team.id}`, { panels })).toMatchObject({ panels });
  expect(await wide.call<Team[]>('GET', '/api/teams')).toContainEqual(
    expect.objectContaining({ id: team.id, panels }),
  );
  expect(await refusal(wide.call('PATCH', `/api/teams/${team.id}`, { panels: null }))).toMatchObject({
    code: 'forbidden',
  });
  expect((await wide.call<Me>('GET', '/api/session')).preferences.panels).toBeNull();
  const own = { order: ['edits'], hidden: [] };
  expect(
    (await wide.call<Me>('PATCH', '/api/profile', { preferences: { panels: own } })).preferences.panels,
  ).toEqual(own);
  expect(
    await refusal(
      wide.call('PATCH', '/api/profile', { preferences: { panels: { order: ['sofa'], hidden: [] } } }),
    ),
  ).toMatchObject({ code: 'invalid' });
  expect(
    (await wide.call<Me>('PATCH', '/api/profile', { preferences: { panels: null } })).preferences.panels,
  ).toBeNull();
});
