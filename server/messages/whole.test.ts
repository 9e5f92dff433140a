import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { InboundMessage } from '../../connectors/connector.ts';
import { createTestContext, type TestContext } from '../../test/context.ts';
import { deliver } from '../../test/intake.ts';
import { agent } from '../../test/outbound.ts';
import { person, plain, written } from '../../test/provider.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import { checkInvariants } from '../db/invariants.ts';
import { fetchAttachments } from '../files/attachments.ts';
import type { MessageDoc } from './message.model.ts';
import { frameHeaders, wholeDocument } from './whole.html.ts';
import { wholeHtml, wholeMessage } from './whole.ts';

const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);
let ctx: TestContext;
let channel: ChannelDoc;
beforeAll(async () => {
  const download = async ({ source }: Record<string, unknown>) => ({
    body: (async function* () {
      yield source === 'program' ? Buffer.from('MZ\x90\0 a program') : pixel;
    })(),
  });
  ctx = await createTestContext({ connectors: { plain: { ...plain, download } } });
});
afterAll(() => ctx?.close());
beforeEach(async () => {
  await ctx.empty();
  channel = await ctx.addChannel({ connector: 'plain', accountRef: 'plain' });
});
afterEach(async () => {
  expect(await checkInvariants(ctx.models)).toEqual([]);
});

async function arrive(options: Partial<InboundMessage>): Promise<MessageDoc> {
  await deliver(ctx, channel, [written(person('1'), 'new words', options)]);
  const message = await ctx.models.messages.findOne({ kind: 'message' }).sort({ seq: -1 }).lean<MessageDoc>();
  if (!message) throw new Error('There is no message.');
  return message;
}
const place = (message: MessageDoc) => ({ conversationId: message.conversationId, messageId: message._id });

describe('the whole of a message', () => {
  it('is what its text leaves out, kept apart from it', async () => {
    const message = await arrive({
      whole: {
        text: 'new words\n> old words',
        html: '<p>new words</p><img data-remote-src="https://x.example/a">',
      },
    });
    expect(message).toMatchObject({ text: 'new words', hasWhole: true });
    expect(await wholeMessage(ctx, agent, place(message))).toEqual({
      text: 'new words\n> old words',
      hasHtml: true,
      remoteImages: 1,
    });
  });

  it('is its text, when that is all', async () => {
    const message = await arrive({ whole: { text: 'new words\n', html: null } });
    expect(message.hasWhole).toBe(false);
    expect(await ctx.models.bodies.countDocuments({})).toBe(0);
    expect(await wholeMessage(ctx, agent, place(message))).toMatchObject({
      text: 'new words',
      hasHtml: false,
    });
    await expect(wholeHtml(ctx, agent, { ...place(message), images: 'none' })).rejects.toMatchObject({
      code: 'notFound',
    });
  });

  it('has no limit but that of a raw event: what is large is a file, and a copy leaves none behind', async () => {
    const html = `<p>${'بلند '.repeat(600_000)}</p>`;
    const message = await arrive({ externalIds: ['m'], whole: { text: 'long', html } });
    expect(await ctx.models.files.countDocuments({ name: 'whole-message' })).toBe(1);
    expect((await wholeHtml(ctx, agent, { ...place(message), images: 'none' })).length).toBeGreaterThan(
      html.length - 10,
    );
    await arrive({ externalIds: ['m'], whole: { text: 'long', html } });
    expect(await ctx.models.files.countDocuments({ name: 'whole-message' })).toBe(1);
    await deliver(ctx, channel, [{ type: 'delete', externalId: 'm', at: null }]);
    expect(await ctx.models.files.countDocuments({ name: 'whole-message' })).toBe(0);
    expect(await ctx.models.bodies.countDocuments({})).toBe(0);
  });

  it('keeps what a text too long for a bubble goes on with', async () => {
    const text = 'x'.repeat(150_000);
    await deliver(ctx, channel, [written(person('1'), text)]);
    const message = await ctx.models.messages.findOne({ kind: 'message' }).lean<MessageDoc>();
    expect(message?.text.length).toBe(100_000);
    expect((await wholeMessage(ctx, agent, place(message as MessageDoc))).text).toBe(text);
  });

  it('is for those who may see its conversation', async () => {
    const message = await arrive({ whole: { text: 'a\n> b', html: '<p>a</p>' } });
    const stranger = { ...agent, channelIds: ['another'] };
    await expect(wholeMessage(ctx, stranger, place(message))).rejects.toMatchObject({ code: 'notFound' });
    await expect(wholeHtml(ctx, stranger, { ...place(message), images: 'none' })).rejects.toMatchObject({
      code: 'notFound',
    });
    await expect(
      wholeMessage(ctx, agent, { ...place(message), conversationId: 'another' }),
    ).rejects.toMatchObject({ code: 'notFound' });
  });

  it('draws its own pictures into itself, and only pictures', async () => {
    const attachment = (contentId: string, source: string) => ({
      ref: { source },
      contentId,
      name: 'a.png',
      type: 'image/png',
    });
    const message = await arrive({
      whole: {
        text: 'a',
        html: '<img src="cid:logo&amp;1@x" alt="logo"><img src="cid:bad" alt="bad"><img src="cid:none">',
      },
      attachments: [
        attachment('logo&1@x', 'pixel'),
        attachment('bad', 'program'),
        attachment('unused', 'pixel'),
      ],
    });
    expect(message.attachments.map(({ inline }) => inline)).toEqual([true, true, false]);
    await fetchAttachments(ctx, message._id);
    const html = await wholeHtml(ctx, agent, { ...place(message), images: 'none' });
    expect(html).toContain(`<img alt="logo" src="data:image/png;base64,${pixel.toString('base64')}" />`);
    expect(html).toContain('<img alt="bad" />');
    expect(html).not.toContain('cid:');
  });
});

const none = { images: 'none' as const, inline: new Map<string, string>() };
const drawn = (html: string, images: 'none' | 'remote' = 'none') =>
  wholeDocument({ ...none, images, html }).split('<body>')[1] ?? '';

describe('a layout in its frame', () => {
  it('fetches nothing unless somebody asks for it', () => {
    const html = '<p>a<img data-remote-src="https://shop.example/a.png"></p>';
    expect(drawn(html)).not.toContain('shop.example');
    expect(drawn(html, 'remote')).toContain('src="https://shop.example/a.png"');
    expect(frameHeaders('none')['Content-Security-Policy']).toContain('img-src data:;');
    expect(frameHeaders('remote')['Content-Security-Policy']).toContain('img-src data: https: http:;');
  });

  it('may do nothing at all, whatever it holds', () => {
    for (const images of ['none', 'remote'] as const) {
      const policy = frameHeaders(images)['Content-Security-Policy'] ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).toMatch(/sandbox allow-popups allow-popups-to-escape-sandbox;/);
      expect(policy).not.toMatch(
        /allow-scripts|allow-same-origin|allow-forms|script-src|connect-src|'self' /,
      );
    }
  });

  it('opens links in a window that knows nothing of ours', () => {
    expect(drawn('<a href="https://a.example/" target="_top" rel="opener">x</a>')).toContain(
      '<a href="https://a.example/" target="_blank" rel="noopener noreferrer nofollow">x</a>',
    );
  });

  it('runs in the direction of what it says', () => {
    expect(wholeDocument({ ...none, html: '<p>سلام، سفارش من order 12 نرسیده</p>' })).toContain(
      '<html dir="rtl">',
    );
    expect(wholeDocument({ ...none, html: '<p>Hello سلام and more</p>' })).toContain('<html dir="ltr">');
  });

  it.each([
    '<script>alert(1)</script>',
    '<scr<script>ipt>alert(1)</scr</script>ipt>',
    '<img src=x onerror=alert(1)>',
    '<img src="https://evil.example/pixel">',
    '<img srcset="https://evil.example/pixel 1x">',
    '<svg onload=alert(1)><script>alert(1)</script></svg>',
    '<svg><style><img src=x onerror=alert(1)></style></svg>',
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    '<iframe src="https://evil.example"></iframe>',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    '<object data="https://evil.example"></object>',
    '<embed src="https://evil.example">',
    '<form action="https://evil.example"><input name=a><button>b</button></form>',
    '<meta http-equiv="refresh" content="0;url=https://evil.example">',
    '<base href="https://evil.example/">',
    '<link rel="stylesheet" href="https://evil.example/a.css">',
    '<style>@import "https://evil.example/a.css";</style>',
    '<p style="background:url(https://evil.example/a)">x</p>',
    '<p style="background:\\75rl(https://evil.example/a)">x</p>',
    '<p style="background:u/**/rl(https://evil.example/a)">x</p>',
    '<p style="background:image-set(\'https://evil.example/a\' 1x)">x</p>',
    '<p style="width:expression(alert(1))">x</p>',
    '<p style="position:fixed;top:0">x</p>',
    '<p style="-moz-binding:none">x</p>',
    '<table background="https://evil.example/a"><tr><td>x</td></tr></table>',
    '<a href="javascript:alert(1)">x</a>',
    '<a href="JaVa&#10;Script:alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<a href="vbscript:x">x</a>',
    '<video src="https://evil.example/a" poster="https://evil.example/b"></video>',
    '<audio src="https://evil.example/a"></audio>',
    '<input type="image" src="https://evil.example/a">',
    '<body onload=alert(1) background="https://evil.example/a">x</body>',
    '<template><img src=x onerror=alert(1)></template>',
    '<xmp><img src=x onerror=alert(1)></xmp>',
    '<textarea><img src=x onerror=alert(1)></textarea>',
    '<title><img src=x onerror=alert(1)></title>',
    '</body></html><script>alert(1)</script>',
    '<!--[if IE]><script>alert(1)</script><![endif]-->',
    '<img data-remote-src="javascript:alert(1)">',
    '<p data-remote-src="https://evil.example">x</p>',
    '<details open ontoggle=alert(1)>x</details>',
    '<marquee onstart=alert(1)>x</marquee>',
    '<frameset><frame src="https://evil.example"></frameset>',
    '<portal src="https://evil.example"></portal>',
    '<dialog open><form method=dialog></form></dialog>',
    '<a href="https://a.example" ping="https://evil.example">x</a>',
    '<img src="data:image/svg+xml,<svg onload=alert(1)>">',
    '<img usemap="#m"><map name="m"><area href="javascript:alert(1)"></map>',
  ])('lets nothing through that acts or reaches out: %s', (html) => {
    for (const images of ['none', 'remote'] as const) {
      const body = drawn(html, images);
      expect(body).not.toMatch(/<[^>]*(\son\w+\s*=|javascript:|vbscript:|expression\(|srcset|srcdoc)/i);
      expect(body).not.toMatch(
        /<(script|style|iframe|object|embed|form|input|button|meta|base|link|svg|math|video|audio|template|portal|frame|dialog|area|details|marquee)\b/i,
      );
      expect(body).not.toMatch(/<[^>]*evil\.example/);
      expect(body).not.toMatch(/<[^>]*\ssrc=/);
      expect(body).not.toMatch(/<[^>]*position/);
    }
  });
});
