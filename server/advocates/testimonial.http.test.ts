import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AdvocateDetail, Testimonial } from '../../shared/advocate.ts';
import { settled } from '../../test/advocates.ts';
import type { Agent } from '../../test/agent.ts';
import { startTestApp, type TestApp } from '../../test/app.ts';
import { addPlainChannel, arrives } from '../../test/inbox.ts';
import { person, plain, written } from '../../test/provider.ts';
import type { MessageDoc } from '../messages/message.model.ts';

let app: TestApp;
let marketer: Agent;
let sara: string;
let nima: string;
const quote = 'I recommend this kettle to everyone, it is quiet and quick.';

beforeAll(async () => {
  app = await startTestApp({ connectors: { plain }, publicUrl: 'https://desk.example' });
  const channel = await addPlainChannel(app.context, 'plain');
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

  it('escapes what is quoted', async () => {
    await app.context.models.testimonials.updateOne(
      { _id: asked.id },
      { $set: { quote: '<img src=x onerror=alert(1)> & "me"' } },
    );
    const html = await (await page(path)).text();
    expect(html).toContain('&lt;img src=x onerror=alert(1)&gt; &amp; &quot;me&quot;');
    expect(html).not.toContain('<img');
  });
});
