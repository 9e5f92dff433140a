import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Viewer } from '../../shared/access.ts';
import type { Field } from '../../shared/field.ts';
import { CustomerChange } from '../../shared/profile.ts';
import { isCid } from '../../shared/text/cid.ts';
import { createTestContext, type TestContext } from '../../test/context.ts';
import { deliver } from '../../test/intake.ts';
import { person, plain, written } from '../../test/provider.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import { createCompany, listCompanies, updateCompany } from '../companies/company.service.ts';
import { createField, listFields, updateField } from '../fields/field.service.ts';
import { parse } from '../http/validate.ts';
import { createTag, updateTag } from '../tags/tag.service.ts';
import { putConsent } from './consent.ts';
import { mergeByAgent } from './customer.merge.ts';
import { getCustomer } from './customer.service.ts';
import { unmergeByAgent } from './customer.unmerge.ts';
import { workFacts } from './facts.worker.ts';
import { createCustomer, listEdits, undoEdit, updateCustomer } from './profile.service.ts';

let ctx: TestContext;
let channel: ChannelDoc;
const admin: Viewer = { id: 'admin', role: 'administrator', channelIds: 'all', teamIds: [] };
const agent: Viewer = { id: 'agent', role: 'agent', channelIds: 'all', teamIds: [] };
const stranger: Viewer = { id: 'other', role: 'agent', channelIds: ['elsewhere'], teamIds: [] };

beforeAll(async () => {
  ctx = await createTestContext({ connectors: { plain } });
});
afterAll(() => ctx?.close());
beforeEach(async () => {
  await ctx.empty();
  channel = await ctx.addChannel({ connector: 'plain', accountRef: 'plain' });
});

async function sara(): Promise<string> {
  await deliver(ctx, channel, [written(person('1001', { name: 'Sara' }), 'hello')]);
  return (await ctx.models.identities.findById('telegramUser:1001').lean())?.customerId ?? '';
}

async function refused(work: Promise<unknown>): Promise<{ code: string; fields?: unknown; reason?: string }> {
  try {
    await work;
  } catch (error) {
    const { body } = error as { body: { code: string; fields?: unknown; reason?: string } };
    return body;
  }
  throw new Error('It was not refused.');
}

describe('a profile', () => {
  it('is changed in place, who changed what is kept, and each change is undone by its inverse', async () => {
    const id = await sara();
    const { customer, edits } = await updateCustomer(ctx, agent, {
      id,
      change: {
        name: ' Sara  Example ',
        city: 'تهران',
        birthday: '1991-03-21',
        preferredChannels: ['mobile'],
      },
    });
    expect(customer).toMatchObject({
      name: 'Sara Example',
      profile: { city: 'تهران', birthday: '1991-03-21', preferredChannels: ['mobile'], job: '' },
    });
    expect(edits.map(({ field, before, after, byUserId }) => [field, before, after, byUserId])).toEqual([
      ['name', 'Sara', 'Sara Example', 'agent'],
      ['birthday', null, '1991-03-21', 'agent'],
      ['city', null, 'تهران', 'agent'],
      ['preferredChannels', null, ['mobile'], 'agent'],
    ]);
    for (const edit of edits) await undoEdit(ctx, agent, { id, editId: edit.id });
    expect(await getCustomer(ctx, agent, id)).toMatchObject({
      name: 'Sara',
      profile: { city: '', birthday: null, preferredChannels: [] },
    });
    const { edits: all } = await listEdits(ctx, agent, { id, after: null, limit: 50 });
    expect(all).toHaveLength(8);
    expect(all[0]).toMatchObject({
      field: 'preferredChannels',
      before: ['mobile'],
      after: null,
      undoes: edits[3]?.id,
    });
  });

  it('keeps nothing that reorders text or that nobody sees', async () => {
    const id = await sara();
    const note = await createField(ctx, admin, {
      name: 'Note',
      type: 'text',
      group: '',
      hint: '',
      options: [],
      weight: 0,
      staleMonths: 0,
    });
    const { customer } = await updateCustomer(ctx, agent, {
      id,
      change: parse(CustomerChange, {
        name: 'Sara \u202eelpmaxE\u0000',
        city: '\u202eنارهت\u0000',
        address: 'No. 1\r\nFirst\u0007 Street',
        job: '\u200b\u200c',
        fields: { [note.id]: '\u2066a\u0000b\u2069' },
        concerns: { add: [{ text: '\u202dprice' }] },
      }),
    });
    expect(customer).toMatchObject({
      name: 'Sara elpmaxE',
      profile: {
        city: 'نارهت',
        address: 'No. 1\nFirst Street',
        job: '',
        fields: { [note.id]: 'ab' },
        concerns: [{ text: 'price' }],
      },
    });
  });

  it.each(['\u200b\u200c', '\u2060\ufeff\u00ad', '\u202e \u0000', '\u3164'])(
    'has no name of which nothing is seen: %j',
    async (name) => {
      const id = await sara();
      await expect(async () => parse(CustomerChange, { name })).rejects.toMatchObject({
        body: { code: 'invalid', fields: { name: expect.any(String) } },
      });
      for (const made of [
        () => updateCustomer(ctx, agent, { id, change: { name } }),
        () => createCustomer(ctx, agent, { name, change: {}, identities: [] }),
      ])
        expect((await refused(made())).fields).toEqual({ name: 'A name must not be empty.' });
      await deliver(ctx, channel, [written(person('1002', { name }), 'hello')]);
      const { customerId } = (await ctx.models.identities.findById('telegramUser:1002').lean()) ?? {};
      expect(await ctx.models.customers.findById(customerId).lean()).toMatchObject({ nameSource: 'address' });
    },
  );

  it('that is as it was asked to be is no edit and no new version', async () => {
    const id = await sara();
    const { customer } = await updateCustomer(ctx, agent, { id, change: { city: 'قم', job: '' } });
    const again = await updateCustomer(ctx, agent, { id, change: { city: 'قم' } });
    expect(again.edits).toEqual([]);
    expect(again.customer.version).toBe(customer.version);
  });

  it('edited again since is not undone over the later word', async () => {
    const id = await sara();
    const [first] = (await updateCustomer(ctx, agent, { id, change: { city: 'قم' } })).edits;
    await updateCustomer(ctx, admin, { id, change: { city: 'یزد' } });
    expect(await refused(undoEdit(ctx, agent, { id, editId: first?.id ?? '' }))).toMatchObject({
      reason: 'stateChanged',
      data: { field: 'city', now: 'یزد' },
    });
  });

  it('keeps what two people add at once, and an undo takes only what its edit added', async () => {
    const id = await sara();
    const word = (text: string) => ({ concerns: { add: [{ text, messageId: null }], remove: [] } });
    const [mine, theirs] = await Promise.all([
      updateCustomer(ctx, agent, { id, change: word('delivery is late') }),
      updateCustomer(ctx, admin, { id, change: word('the price') }),
    ]);
    const texts = async () =>
      (await getCustomer(ctx, agent, id)).profile.concerns.map((one) => one.text).sort();
    expect(await texts()).toEqual(['delivery is late', 'the price']);
    expect(theirs.customer.profile.concerns.find((one) => one.text === 'the price')?.byUserId).toBe('admin');
    await undoEdit(ctx, agent, { id, editId: mine.edits[0]?.id ?? '' });
    expect(await texts()).toEqual(['the price']);
    const [left] = (await getCustomer(ctx, agent, id)).profile.concerns;
    const removed = await updateCustomer(ctx, agent, {
      id,
      change: { concerns: { add: [], remove: [left?.id ?? ''] } },
    });
    expect(removed.customer.profile.concerns).toEqual([]);
    await undoEdit(ctx, agent, { id, editId: removed.edits[0]?.id ?? '' });
    expect(await texts()).toEqual(['the price']);
  });

  it('is seen and changed by those alone who may see the customer', async () => {
    const id = await sara();
    const change = { city: 'قم' };
    expect(await refused(updateCustomer(ctx, stranger, { id, change }))).toMatchObject({ code: 'notFound' });
    expect(await refused(listEdits(ctx, stranger, { id, after: null, limit: 9 }))).toMatchObject({
      code: 'notFound',
    });
    const made = await createCustomer(ctx, agent, { name: 'By hand', change: {}, identities: [] });
    expect((await updateCustomer(ctx, stranger, { id: made.id, change })).customer.profile.city).toBe('قم');
  });
});

it('a customer made by hand has a CID, a name that no channel overwrites, and facts', async () => {
  const made = await createCustomer(ctx, agent, {
    name: 'Mina Example',
    change: { city: 'شیراز' },
    identities: [],
  });
  expect(isCid(made.id)).toBe(true);
  expect(made).toMatchObject({
    name: 'Mina Example',
    facts: null,
    profile: { city: 'شیراز' },
    identities: [],
  });
  await workFacts(ctx, new AbortController().signal);
  expect(await getCustomer(ctx, agent, made.id)).toMatchObject({
    facts: { activity: { conversations: 0, lastInboundAt: null }, values: { spent: 0 } },
  });
  expect((await ctx.models.customers.findById(made.id).lean())?.nameSource).toBe('agent');
});

it('a name that a channel says is among what was changed', async () => {
  await deliver(ctx, channel, [written(person('1001'), 'hello')]);
  const id = (await ctx.models.identities.findById('telegramUser:1001').lean())?.customerId ?? '';
  await deliver(ctx, channel, [written(person('1001', { name: 'Sara' }), 'hello')]);
  const { edits } = await listEdits(ctx, agent, { id, after: null, limit: 10 });
  expect(edits).toMatchObject([{ field: 'name', after: 'Sara', by: 'channel', byUserId: null }]);
  await undoEdit(ctx, agent, { id, editId: edits[0]?.id ?? '' });
  expect((await getCustomer(ctx, agent, id)).name).not.toBe('Sara');
});

describe('fields that an administrator defines', () => {
  const define = (form: Partial<Parameters<typeof createField>[2]> & Pick<Field, 'name' | 'type'>) =>
    createField(ctx, admin, { group: '', hint: '', options: [], weight: 0, staleMonths: 0, ...form });

  it('take what is of their type and say what would be right of all else', async () => {
    const id = await sara();
    const size = await define({ name: 'Size', type: 'choice', options: [{ name: 'S' }, { name: 'M' }] });
    const likes = await define({
      name: 'Colours',
      type: 'choices',
      options: [{ name: 'red' }, { name: 'blue' }],
    });
    const [text, number, date, yesNo, link] = [
      await define({ name: 'Note', type: 'text' }),
      await define({ name: 'Children', type: 'number' }),
      await define({ name: 'Member since', type: 'date' }),
      await define({ name: 'Newsletter', type: 'yesNo' }),
      await define({ name: 'Site', type: 'link' }),
    ];
    const [small] = size.options;
    const [red, blue] = likes.options;
    const fields = {
      [size.id]: small?.id ?? '',
      [likes.id]: [blue?.id ?? '', red?.id ?? '', blue?.id ?? ''],
      [text.id]: ' hello ',
      [number.id]: 2,
      [date.id]: '2024-02-29',
      [yesNo.id]: false,
      [link.id]: 'https://example.com/a',
    };
    const { customer } = await updateCustomer(ctx, agent, { id, change: { fields } });
    expect(customer.profile.fields).toEqual({
      ...fields,
      [text.id]: 'hello',
      [likes.id]: [blue?.id, red?.id],
    });
    for (const [field, value, sentence] of [
      [size, 'XL', /one of: S, M/],
      [likes, 'red', /list of options/],
      [number, '2', /a number/],
      [date, '2023-02-29', /YYYY-MM-DD/],
      [yesNo, 'yes', /yes or no/],
      [link, 'javascript:alert(1)', /https/],
    ] as const) {
      const answer = await refused(
        updateCustomer(ctx, agent, { id, change: { fields: { [field.id]: value } } }),
      );
      expect(answer.fields, field.type).toMatchObject({
        [`fields.${field.id}`]: expect.stringMatching(sentence),
      });
    }
    const emptied = await updateCustomer(ctx, agent, { id, change: { fields: { [yesNo.id]: null } } });
    expect(emptied.customer.profile.fields).not.toHaveProperty(yesNo.id);
    await undoEdit(ctx, agent, { id, editId: emptied.edits[0]?.id ?? '' });
    expect((await getCustomer(ctx, agent, id)).profile.fields[yesNo.id]).toBe(false);
  });

  it('are archived with their values, are called otherwise, and a name is there once', async () => {
    const id = await sara();
    const note = await define({ name: 'یادداشت', type: 'text' });
    await updateCustomer(ctx, agent, { id, change: { fields: { [note.id]: 'x' } } });
    expect(await refused(define({ name: 'يادداشت', type: 'text' }))).toMatchObject({
      reason: 'duplicateName',
    });
    await updateField(ctx, admin, { id: note.id, change: { archived: true } });
    expect((await listFields(ctx, agent)).map(({ name, archived }) => [name, archived])).toEqual([
      ['یادداشت', true],
    ]);
    expect((await getCustomer(ctx, agent, id)).profile.fields).toEqual({ [note.id]: 'x' });
    const answer = await refused(updateCustomer(ctx, agent, { id, change: { fields: { [note.id]: 'y' } } }));
    expect(answer.fields).toMatchObject({ [`fields.${note.id}`]: expect.stringMatching(/archived/) });
    expect(
      await refused(
        createField(ctx, agent, {
          name: 'N',
          type: 'text',
          group: '',
          hint: '',
          options: [],
          weight: 0,
          staleMonths: 0,
        }),
      ),
    ).toMatchObject({ code: 'forbidden' });
  });

  it('keep an option that was chosen when it is no longer offered', async () => {
    const size = await define({ name: 'Size', type: 'choice', options: [{ name: 'S' }, { name: 'M' }] });
    const [small, medium] = size.options;
    const after = await updateField(ctx, admin, {
      id: size.id,
      change: { options: [{ id: medium?.id ?? '', name: 'Medium' }, { name: 'L' }] },
    });
    expect(after.options.map(({ name, archived }) => [name, archived])).toEqual([
      ['Medium', false],
      ['L', false],
      ['S', true],
    ]);
    expect(after.options[0]?.id).toBe(medium?.id);
    expect(after.options[2]?.id).toBe(small?.id);
    const id = await sara();
    const choose = (option: string) =>
      updateCustomer(ctx, agent, { id, change: { fields: { [size.id]: option } } });
    expect((await refused(choose(small?.id ?? ''))).fields).toMatchObject({
      [`fields.${size.id}`]: expect.stringMatching(/“S” is archived/),
    });
    await choose(medium?.id ?? '');
    await updateField(ctx, admin, { id: size.id, change: { options: [{ name: 'L2' }] } });
    expect((await choose(medium?.id ?? '')).customer.profile.fields).toEqual({ [size.id]: medium?.id });
  });

  it('that weigh in completeness make everybody due', async () => {
    await sara();
    await workFacts(ctx, new AbortController().signal);
    await define({ name: 'Note', type: 'text' });
    expect(await ctx.models.factsDue.countDocuments({})).toBe(0);
    await define({ name: 'Size', type: 'text', weight: 10 });
    expect(await ctx.models.factsDue.countDocuments({})).toBe(1);
  });
});

describe('tags and companies of a customer', () => {
  it('are those that there are, come and go, and are undone', async () => {
    const id = await sara();
    const tag = await createTag(ctx, agent, { name: 'vip' });
    const company = await createCompany(ctx, agent, {
      name: 'شرکت نمونه',
      nationalId: '',
      domains: ['example.com'],
      note: '',
    });
    const { customer, edits } = await updateCustomer(ctx, agent, {
      id,
      change: { tags: { add: [tag.id], remove: [] }, companies: { add: [company.id], remove: [] } },
    });
    expect(customer.profile).toMatchObject({ tagIds: [tag.id], companyIds: [company.id] });
    expect(customer.companies).toEqual([{ id: company.id, name: 'شرکت نمونه' }]);
    await workFacts(ctx, new AbortController().signal);
    const list = { q: 'شركت', archived: false, after: null, limit: 10 };
    expect((await listCompanies(ctx, agent, list)).companies).toMatchObject([{ id: company.id, people: 1 }]);
    expect((await listCompanies(ctx, stranger, list)).companies).toMatchObject([
      { id: company.id, people: 0 },
    ]);
    for (const edit of edits) await undoEdit(ctx, agent, { id, editId: edit.id });
    expect((await getCustomer(ctx, agent, id)).profile).toMatchObject({ tagIds: [], companyIds: [] });
    await updateTag(ctx, admin, { id: tag.id, change: { archived: true } });
    const answer = await refused(
      updateCustomer(ctx, agent, { id, change: { tags: { add: [tag.id, 'none'], remove: [] } } }),
    );
    expect(answer.fields).toHaveProperty('tags');
  });

  it('of one name or one national identifier there is one company', async () => {
    const form = { name: 'Example', nationalId: '14003627795', domains: [], note: '' };
    const first = await createCompany(ctx, agent, form);
    expect(await refused(createCompany(ctx, agent, { ...form, nationalId: '' }))).toMatchObject({
      fields: { name: expect.any(String) },
    });
    expect(await refused(createCompany(ctx, agent, { ...form, name: 'Other' }))).toMatchObject({
      fields: { nationalId: expect.any(String) },
    });
    await updateCompany(ctx, agent, { id: first.id, change: { nationalId: '', name: 'Renamed' } });
    await createCompany(ctx, agent, form);
  });
});

describe('a consent', () => {
  const grant = { state: 'granted', source: 'form', evidence: 'form 12', messageId: null } as const;

  it('is kept with what shows it and with its history, and segments can ask for it', async () => {
    const id = await sara();
    await putConsent(ctx, agent, { id, kind: 'mobile', put: grant });
    await putConsent(ctx, agent, { id, kind: 'mobile', put: grant });
    const customer = await putConsent(ctx, admin, {
      id,
      kind: 'mobile',
      put: { state: 'withdrawn', source: 'call', evidence: '', messageId: null },
    });
    expect(customer.consents).toMatchObject([
      {
        kind: 'mobile',
        state: 'withdrawn',
        byUserId: 'admin',
        history: [{ state: 'withdrawn' }, { state: 'granted', evidence: 'form 12' }],
      },
    ]);
    const { edits } = await listEdits(ctx, agent, { id, after: null, limit: 10 });
    expect(edits.map(({ field, before, after }) => [field, before, after])).toEqual([
      ['consents.mobile', 'granted', 'withdrawn'],
      ['consents.mobile', null, 'granted'],
    ]);
    expect((await refused(undoEdit(ctx, agent, { id, editId: edits[0]?.id ?? '' }))).code).toBe('invalid');
    await workFacts(ctx, new AbortController().signal);
    expect((await ctx.models.facts.findById(id).lean())?.profile).toMatchObject({
      granted: [],
      withdrawn: ['mobile'],
    });
  });

  it('of two who were merged is the newest word of either', async () => {
    const id = await sara();
    await deliver(ctx, channel, [written(person('1002', { name: 'Sara' }), 'hello')]);
    const other = (await ctx.models.identities.findById('telegramUser:1002').lean())?.customerId ?? '';
    await putConsent(ctx, agent, { id, kind: 'mobile', put: grant });
    await putConsent(ctx, agent, { id: other, kind: 'mobile', put: { ...grant, state: 'withdrawn' } });
    await mergeByAgent(ctx, agent, { intoId: id, otherId: other, reason: 'the same', winners: {} });
    const { consents } = await getCustomer(ctx, agent, id);
    expect(consents).toMatchObject([
      { state: 'withdrawn', history: [{ state: 'withdrawn' }, { state: 'granted' }] },
    ]);
  });

  /** Two who wrote on one channel, made one. */
  const pair = async () => {
    const id = await sara();
    await deliver(ctx, channel, [written(person('1002', { name: 'Zari' }), 'no more of this')]);
    const other = (await ctx.models.identities.findById('telegramUser:1002').lean())?.customerId ?? '';
    for (const each of [id, other])
      await putConsent(ctx, agent, { id: each, kind: 'telegramUser', put: grant });
    const { linkId } = await mergeByAgent(ctx, agent, { intoId: id, otherId: other, reason: 'the same' });
    const apart = async () => {
      await unmergeByAgent(ctx, agent, { customerId: id, linkId: linkId ?? '' });
      return Promise.all(
        [id, other].map(async (each) => {
          const { consents } = await getCustomer(ctx, agent, each);
          return consents.map(({ kind, state, history }) => `${kind} ${state} ${history.length}`).sort();
        }),
      );
    };
    return { id, other, apart };
  };
  const stop = { state: 'withdrawn', source: 'message', evidence: 'no more', messageId: null } as const;

  it('that was said in a message while two were one goes back with whoever wrote it', async () => {
    const { id, apart } = await pair();
    const message = await ctx.models.messages.findOne({ identityId: 'telegramUser:1002' }).lean();
    const put = { ...stop, messageId: message?._id ?? '' };
    await putConsent(ctx, agent, { id, kind: 'telegramUser', put });
    expect((await getCustomer(ctx, agent, id)).consents).toMatchObject([{ state: 'withdrawn' }]);
    expect(await apart()).toEqual([['telegramUser granted 1'], ['telegramUser withdrawn 2']]);
  });

  it('that was taken back of two who were one, nobody knows by whom, holds for each who can be written to there; shown as one word', async () => {
    const { id, apart } = await pair();
    await putConsent(ctx, agent, { id, kind: 'telegramUser', put: stop });
    await putConsent(ctx, agent, { id, kind: 'telegramUser', put: stop });
    await putConsent(ctx, agent, { id, kind: 'mobile', put: stop });
    const { consents } = await getCustomer(ctx, agent, id);
    expect(
      Object.fromEntries(consents.map((one) => [one.kind, one.history.map(({ state }) => state)])),
    ).toEqual({
      telegramUser: ['withdrawn', 'granted', 'granted'],
      mobile: ['withdrawn'],
    });
    // The second had no number: of that nothing was taken back.
    expect(await apart()).toEqual([
      ['mobile withdrawn 1', 'telegramUser withdrawn 2'],
      ['telegramUser withdrawn 2'],
    ]);
  });

  it('that was taken back by mistake is given again to all for whom it was', async () => {
    const { id, apart } = await pair();
    await putConsent(ctx, agent, { id, kind: 'telegramUser', put: stop });
    await putConsent(ctx, agent, { id, kind: 'telegramUser', put: { ...grant, evidence: 'a slip' } });
    expect(await apart()).toEqual([['telegramUser granted 3'], ['telegramUser granted 3']]);
  });
});
