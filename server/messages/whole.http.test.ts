import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ErrorBody } from '../../shared/errors.ts';
import type { Attachment, Message } from '../../shared/message.ts';
import type { Agent } from '../../test/agent.ts';
import { startTestApp, type TestApp } from '../../test/app.ts';
import { addPlainChannel, arrives } from '../../test/inbox.ts';
import { person, plain, written } from '../../test/provider.ts';

let app: TestApp;
let agent: Agent;
let stranger: Agent;
let place: string;

beforeAll(async () => {
  app = await startTestApp({ connectors: { plain } });
  const channel = await addPlainChannel(app.context, 'mine');
  ({ agent } = await app.join({ channelIds: [channel._id] }));
  ({ agent: stranger } = await app.join({ channelIds: [] }));
  const conversation = await arrives(app.context, channel, [
    written(person('anna'), 'hello', {
      whole: {
        text: 'hello\n> before',
        html: '<p onclick="x()">hello</p><script>x()</script><img data-remote-src="https://shop.example/a.png">',
      },
    }),
  ]);
  const message = await app.context.models.messages.findOne({ kind: 'message' }).lean();
  place = `/api/conversations/${conversation._id}/messages/${message?._id}`;
});
afterAll(() => app?.end());

describe('the whole of a message over HTTP', () => {
  it('is text for everybody who may, and says what its layout would fetch', async () => {
    expect(await agent.call('GET', `${place}/whole`)).toEqual({
      text: 'hello\n> before',
      hasHtml: true,
      remoteImages: 1,
    });
    expect((await stranger.answer('GET', `${place}/whole`)).status).toBe(404);
    expect((await stranger.answer('GET', `${place}/whole.html`)).status).toBe(404);
    expect((await agent.answer('GET', `${place}/whole.html?images=all`)).status).toBe(422);
  });

  it('is a document that may only show itself, within our own pages', async () => {
    const response = await agent.answer('GET', `${place}/whole.html`);
    const html = await response.text();
    expect(html).toContain('<p>hello</p>');
    expect(html).not.toMatch(/script|onclick|shop\.example/);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy':
        "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
      'x-frame-options': 'SAMEORIGIN',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    });
    const asked = await agent.answer('GET', `${place}/whole.html?images=remote`);
    expect(await asked.text()).toContain('src="https://shop.example/a.png"');
    expect(asked.headers.get('content-security-policy')).toContain('img-src data: https: http:;');
    // Only our pages may hold it, and they may hold nothing else.
    const page = await agent.answer('GET', '/healthz');
    expect(page.headers.get('content-security-policy')).toMatch(/frame-src 'self'/);
  });

  it('is announced as being there, and never with the message itself', async () => {
    const { conversations } = await agent.conversations();
    const { messages } = await agent.timeline(conversations[0]?.customerId ?? '');
    const message = messages.find(({ kind }) => kind === 'message') as Message;
    expect(message).toMatchObject({ text: 'hello', hasWhole: true, letter: null, relatedId: null });
    expect(JSON.stringify(message)).not.toContain('before');
  });
});

describe('a file that may do harm', () => {
  const upload = (name: string, bytes: string) =>
    agent.answer('POST', `/api/files?name=${encodeURIComponent(name)}`, Buffer.from(bytes));

  it('is not taken from an agent, whatever it is called', async () => {
    const response = await upload('catalogue.pdf', 'MZ\x90\0 this is a program');
    expect(response.status).toBe(422);
    expect((await response.json()) as ErrorBody).toMatchObject({
      reason: 'harmfulFile',
      data: { danger: 'program' },
    });
    expect(await app.context.models.files.countDocuments({})).toBe(0);
    expect(await app.context.db.collection('fs.chunks').countDocuments({})).toBe(0);
  });

  it('is marked where offices live by it, and leaves only for who insists', async () => {
    const response = await upload('table.rtf', '{\\rtf1 {\\object \\objdata 0105}}');
    const file = (await response.json()) as Attachment;
    expect(file).toMatchObject({ danger: 'embedded', inline: false });
    for (const query of ['', '?download=1', '?sure=1']) {
      const refused = await agent.answer('GET', `/api/files/${file.id}${query}`);
      expect(refused.status).toBe(403);
      expect((await refused.json()) as ErrorBody).toMatchObject({ reason: 'harmfulFile' });
    }
    const given = await agent.answer('GET', `/api/files/${file.id}?download=1&sure=1`);
    expect(given.status).toBe(200);
    expect(given.headers.get('content-disposition')).toMatch(/^attachment/);
    expect(given.headers.get('content-type')).toBe('application/octet-stream');
  });
});
