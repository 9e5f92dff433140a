import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AdvocateDetail, Testimonial } from '../../shared/advocate.ts';
import { settled } from '../../test/advocates.ts';
import type { Agent } from '../../test/agent.ts';
import { startTestApp, type TestApp } from '../../test/app.ts';
import { addPlainChannel, arrives } from '../../test/inbox.ts';
import { commented, greeting, person, plain, windowed, written } from '../../test/provider.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import type { MessageDoc } from '../messages/message.model.ts';

let app: TestApp;
let channel: ChannelDoc;
let marketer: Agent;
let sara: string;
let nima: string;
const quote = 'I recommend this kettle to everyone, it is quiet and quick.';

beforeAll(async () => {
  app = await startTestApp({ connectors: { plain, windowed }, publicUrl: 'https://desk.example' });
  channel = await addPlainChannel(app.context, 'plain');
  ({ agent: marketer } = await app.join({ role: 'marketer', channelIds: 'all' }));
  const says = async (value: string, text: string) =>
    (await arrives(app.context, channel, [written(person(value), text)])).customerId;
  sara = await says('sara', quote);
  nima = await says('nima', 'Hello');
}, 60_000);
afterAll(() => app?.end());

/** Workers run by themselves; this waits until nothing is left of this customer. */
async function still(): Promise<void> {
  const due = () => app.context.models.advocatesDue.exists({ _id: sara });
  do {
    await settled(app.context);
    await new Promise((resolve) => setImmediate(resolve));
  } while (await due());
}

describe('a testimonial', () => {
  const page = (path: string, init: RequestInit = {}) =>
    fetch(`${app.url}${path}`, { redirect: 'manual', ...init });
  const answer = (path: string, said: string) =>
    page(path, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `answer=${said}`,
    });
  let path = '';
  let asked: Testimonial;

  it('is asked for once, by a link in a message of theirs', async () => {
    const message = await app.context.models.messages.findOne({ text: quote }).lean<MessageDoc>();
    const ask = (more: object = {}) =>
      marketer.call<Testimonial>('POST', '/api/advocates/testimonials', {
        customerId: sara,
        sourceId: message?._id,
        text: 'May we? {link}',
        ...more,
      });
    await expect(ask({ text: 'May we?' })).rejects.toMatchObject({ code: 'invalid' });
    await expect(ask({ customerId: nima })).rejects.toMatchObject({ code: 'invalid' });
    asked = await ask();
    expect(asked).toMatchObject({ state: 'asked', quote, answeredAt: null });
    const sent = await app.context.models.messages
      .findOne({ direction: 'out', text: /May we/ })
      .lean<MessageDoc>();
    path = /https:\/\/desk\.example(\/testimonial\/[\w-]{32})$/.exec(sent?.text ?? '')?.[1] ?? '';
    expect(path).not.toBe('');
    await expect(ask()).rejects.toMatchObject({ body: { reason: 'inUse' } });
    const kept = JSON.stringify(await app.context.models.testimonials.find({}).lean());
    expect(kept).not.toContain(path.slice(-32));
  });

  it('is a page without a script, in both languages, that changes nothing by being looked at', async () => {
    const shown = await page(path);
    const html = await shown.text();
    expect(shown.status).toBe(200);
    expect(html).toContain(quote);
    expect(html).toContain('Example Shop');
    expect(html).not.toMatch(/<script|onclick|javascript:/i);
    expect(shown.headers.get('referrer-policy')).toBe('no-referrer');
    expect(await (await page(`${path}?lang=fa`)).text()).toMatch(/lang="fa" dir="rtl"/);
    expect(
      (await marketer.call<{ testimonials: Testimonial[] }>('GET', '/api/advocates/testimonials'))
        .testimonials,
    ).toMatchObject([{ state: 'asked' }]);
    expect((await page(`${path.slice(0, -1)}_`)).status).toBe(404);
    expect((await page('/testimonial/short')).status).toBe(404);
    expect((await answer(path, 'maybe')).status).toBe(422);
  });

  it('is given by its button with what was read, withdrawn by the same, and a colleague says why', async () => {
    const state = async () =>
      (await marketer.call<{ testimonials: Testimonial[] }>('GET', '/api/advocates/testimonials'))
        .testimonials[0];
    expect((await answer(path, 'yes')).status).toBe(200);
    expect(await state()).toMatchObject({ state: 'given', answeredBy: 'link' });
    const [word] = (await app.context.models.testimonials.findById(asked.id).lean())?.words ?? [];
    expect(word).toMatchObject({ by: 'link', shown: expect.stringContaining(quote) });
    await still();
    expect((await marketer.call<AdvocateDetail>('GET', `/api/advocates/${sara}`)).advocate.consent).toBe(
      'given',
    );
    expect(await (await answer(path, 'no')).text()).toMatch(/taken back/);
    expect(await state()).toMatchObject({ state: 'withdrawn' });
    const record = (body: object) =>
      marketer.call<Testimonial>(
        'PATCH',
        `/api/advocates/testimonials/${encodeURIComponent(asked.id)}`,
        body,
      );
    await expect(record({ state: 'given', reason: ' ' })).rejects.toMatchObject({ code: 'invalid' });
    expect(await record({ state: 'refused', reason: 'She said so on the phone' })).toMatchObject({
      state: 'refused',
      answeredBy: 'agent',
      reason: 'She said so on the phone',
    });
    await expect(record({ state: 'withdrawn', reason: 'x' })).rejects.toMatchObject({ code: 'invalid' });
  });

  it('is not asked for where free text may not be sent now, and begins nothing there; by a template it is', async () => {
    const { models } = app.context;
    const closed = await addPlainChannel(app.context, 'closed');
    await models.channels.updateOne({ _id: closed._id }, { $set: { connector: 'windowed' } });
    const post = { externalId: 'p', text: 'Our kettle', author: { handle: 'shop', ours: true } };
    const said = commented(person('omid', { name: 'Omid' }), 'I tell everybody to buy it.', post);
    const { _id, customerId } = await arrives(app.context, closed, [said]);
    await marketer.call('PATCH', `/api/conversations/${_id}`, { deed: 'resolve' });
    const message = await models.messages.findOne({ text: said.text }).lean<MessageDoc>();
    const ask = (more: object) =>
      marketer.call<Testimonial>('POST', '/api/advocates/testimonials', {
        customerId,
        sourceId: message?._id,
        text: '',
        ...more,
      });
    const before = await models.testimonials.countDocuments({});
    await expect(ask({ text: 'May we? {link}' })).rejects.toMatchObject({ body: { reason: 'windowClosed' } });
    const { name, language } = greeting;
    await expect(
      ask({ template: { name, language, values: ['1', '{name}', 'here'] } }),
    ).rejects.toMatchObject({ body: { fields: { 'template.values': expect.any(String) } } });
    await expect(ask({})).rejects.toMatchObject({ code: 'invalid' });
    expect(await models.testimonials.countDocuments({})).toBe(before);
    expect(await models.conversations.countDocuments({ customerId })).toBe(1);
    await ask({ template: { name, language, values: ['1', '{name}', 'at {link}'] } });
    const sent = await models.messages.findOne({ direction: 'out', text: /Dear Omid/ }).lean<MessageDoc>();
    expect(sent).toMatchObject({ channelId: closed._id, template: { name } });
    expect(sent?.text).toMatch(/it comes at https:\/\/desk\.example\/testimonial\/[\w-]{32}\.$/);
  });

  it('escapes what is quoted', async () => {
    await app.context.models.testimonials.updateOne(
      { _id: asked.id },
      { $set: { quote: '<img src=x onerror=alert(1)> & "me"' } },
    );
    const html = await (await page(path)).text();
    expect(html).toContain('&lt;img src=x onerror=alert(1)&gt; &amp; &quot;me&quot;');
    expect(html).not.toContain('<img');
  });

  it('that has no answer yet goes with the words that were taken back; one that has stays', async () => {
    const other = 'I recommend your shop to all my neighbours, really.';
    const said = await arrives(app.context, channel, [
      written(person('sara'), other, { externalIds: ['x'] }),
    ]);
    expect(said.customerId).toBe(sara);
    const message = await app.context.models.messages.findOne({ text: other }).lean<MessageDoc>();
    await marketer.call('POST', '/api/advocates/testimonials', {
      customerId: sara,
      sourceId: message?._id,
      text: 'And these words? {link}',
    });
    const sent = await app.context.models.messages
      .findOne({ direction: 'out', text: /And these words/ })
      .lean<MessageDoc>();
    const link = /\/testimonial\/[\w-]{32}$/.exec(sent?.text ?? '')?.[0] ?? '';
    expect((await page(link)).status).toBe(200);
    const first = await app.context.models.messages.findOne({ text: quote }).lean<MessageDoc>();
    const dropped = new Promise<void>((resolve) => {
      const off = app.context.bus.on('lists.changed', ({ list }) => {
        if (list !== 'testimonials') return;
        off();
        resolve();
      });
    });
    for (const externalId of [first?.externalId ?? '', 'x'])
      await arrives(app.context, channel, [{ type: 'delete', externalId, at: new Date() }]);
    await dropped;
    expect((await page(link)).status).toBe(404);
    expect(JSON.stringify(await app.context.models.testimonials.find({}).lean())).not.toContain(other);
    expect(
      (await marketer.call<{ testimonials: Testimonial[] }>('GET', '/api/advocates/testimonials'))
        .testimonials,
    ).toContainEqual(expect.objectContaining({ id: asked.id, state: 'refused' }));
    await expect(
      marketer.call('POST', '/api/advocates/testimonials', {
        customerId: sara,
        sourceId: message?._id,
        text: 'Once more: {link}',
      }),
    ).rejects.toMatchObject({ code: 'invalid' });
  });
});
