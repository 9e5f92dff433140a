import { afterAll, beforeAll, expect, it } from 'vitest';
import type { InboundMention, InboundPost } from '../../connectors/connector.ts';
import type { MessageTemplate, MessageWindow, Post, PostThread } from '../../shared/post.ts';
import type { UserDetails } from '../../shared/user.ts';
import type { Agent } from '../../test/agent.ts';
import { startTestApp, type TestApp } from '../../test/app.ts';
import { addPlainChannel, arrives } from '../../test/inbox.ts';
import { deliver } from '../../test/intake.ts';
import { commented, greeting, mentioned, person, rawEvent, windowed, written } from '../../test/provider.ts';
import { until } from '../../test/world.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import { key } from '../db/key.ts';

/** A PNG of one point. */
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

let app: TestApp;
let mine: ChannelDoc;
let theirs: ChannelDoc;
let wide: { agent: Agent; user: UserDetails };
let narrow: { agent: Agent; user: UserDetails };
let listed = 0;
let downloads = 0;

beforeAll(async () => {
  app = await startTestApp({
    connectors: {
      plain: {
        ...windowed,
        templates: () => {
          listed += 1;
          return Promise.resolve([greeting]);
        },
        download: async ({ broken }) => {
          downloads += 1;
          return {
            body: (async function* () {
              yield broken ? Buffer.from('<script>no picture</script>') : png;
            })(),
          };
        },
      },
    },
  });
  mine = await addPlainChannel(app.context, 'mine');
  theirs = await addPlainChannel(app.context, 'theirs');
  wide = await app.join({ channelIds: 'all', name: 'Wide' });
  narrow = await app.join({ channelIds: [mine._id], name: 'Narrow' });
});
afterAll(() => app.end());

const launch: InboundPost = {
  externalId: 'page:1',
  author: { handle: 'shop', ours: true },
  text: 'Our new lamp is here.',
  pictures: [
    { ref: { id: 'lamp' }, name: 'lamp.png', type: 'image/png' },
    { ref: { id: 'x', broken: true }, name: 'x.png', type: 'image/png' },
  ],
};
const sara = person('1001');
const status = (attempt: Promise<unknown>) =>
  attempt.then(
    () => 200,
    (error: { status?: number }) => error.status,
  );
const at = (channel: ChannelDoc) => `/api/posts/${encodeURIComponent(key(channel._id, launch.externalId))}`;

it('a post is read by whoever may use its channel, and its changes are told to them alone', async () => {
  const sockets = await Promise.all([wide.agent.socket(), narrow.agent.socket()]);
  const told: string[][] = [[], []];
  const until = (socket: (typeof sockets)[number], postId: string) =>
    new Promise<void>((resolve) => {
      socket.on('post.changed', (event) => event.postId === postId && resolve());
    });
  for (const [n, socket] of sockets.entries())
    socket.on('post.changed', ({ postId }) => told[n]?.push(postId));
  const seen = sockets.map((socket) => until(socket, key(mine._id, launch.externalId)));
  const [first] = sockets;
  if (!first) throw new Error('There is no socket.');
  const hidden = until(first, key(theirs._id, launch.externalId));
  await arrives(app.context, theirs, [commented(sara, 'On another channel', { ...launch, pictures: [] })]);
  await hidden;
  await arrives(app.context, mine, [commented(sara, 'What does it cost?', launch)]);
  await Promise.all(seen);
  expect(told[1]).not.toContain(key(theirs._id, launch.externalId));

  const thread = await narrow.agent.call<PostThread>('GET', at(mine));
  expect(thread.entries.map(({ text }) => text)).toEqual(['What does it cost?']);
  expect(thread.post).toMatchObject({ channelId: mine._id, text: launch.text, entries: 1 });
  expect(await status(narrow.agent.call('GET', at(theirs)))).toBe(404);
  expect(await status(wide.agent.call('GET', at(theirs)))).toBe(200);
  expect(await status(narrow.agent.call('GET', `${at(mine)}?before=x`))).toBe(422);

  const ids = [mine, theirs].map((channel) => key(channel._id, launch.externalId)).join(',');
  const cards = (agent: Agent) => agent.call<Post[]>('GET', `/api/posts?ids=${encodeURIComponent(ids)}`);
  expect((await cards(narrow.agent)).map((post) => post.channelId)).toEqual([mine._id]);
  expect(await cards(wide.agent)).toHaveLength(2);
  expect(await status(wide.agent.call('GET', '/api/posts'))).toBe(422);
});

it('of a post that somebody makes of us, itself is nothing that was said under it', async () => {
  const of = (externalId: string): InboundPost => ({
    externalId,
    author: { handle: 'sara', ours: false },
    text: 'I love the lamp',
    pictures: [],
  });
  const thread = (externalId: string) =>
    wide.agent.call<PostThread>('GET', `/api/posts/${encodeURIComponent(key(mine._id, externalId))}`);
  const heard = async (event: InboundMention) => {
    await deliver(app.context, mine, [rawEvent([event], { accountRef: mine.accountRef })]);
    const { externalId } = event;
    await until('the mention', () => app.context.models.mentions.exists({ externalId }).exec());
  };
  // Said about us, and said to us.
  await heard(mentioned(sara, 'I love the lamp', { externalId: 's1', post: of('s1') }));
  await arrives(app.context, mine, [
    commented(sara, 'I love the lamp', of('s2'), { externalIds: ['s2'], threadKey: 'post:s2' }),
  ]);
  for (const externalId of ['s1', 's2']) {
    const alone = await thread(externalId);
    expect(alone.entries).toEqual([]);
    expect(alone.post).toMatchObject({ text: 'I love the lamp', entries: 0, people: 0 });
    const reply = mentioned(person('9'), 'So do I', {
      kind: 'comment',
      externalId: `under ${externalId}`,
      post: of(externalId),
      inReplyTo: externalId,
    });
    await heard(reply);
    expect((await thread(externalId)).entries.map(({ text }) => text)).toEqual(['So do I']);
    expect((await thread(externalId)).post).toMatchObject({ entries: 1, people: 1 });
  }
});

it('a picture of it is fetched once, and only shown when it is one', async () => {
  const pictures = (agent: Agent, path: string) => agent.answer('GET', path);
  const { post } = await narrow.agent.call<PostThread>('GET', at(mine));
  const [lamp, broken] = post.pictures;
  const answer = await pictures(narrow.agent, lamp?.url ?? '');
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/png']);
  expect(Buffer.from(await answer.arrayBuffer()).equals(png)).toBe(true);
  expect((await pictures(narrow.agent, broken?.url ?? '')).status).toBe(404);
  const before = downloads;
  await pictures(wide.agent, lamp?.url ?? '');
  await pictures(wide.agent, broken?.url ?? '');
  expect(downloads).toBe(before);
  expect((await pictures(narrow.agent, `${at(theirs)}/pictures/0`)).status).toBe(404);
  expect((await pictures(narrow.agent, `${at(mine)}/pictures/7`)).status).toBe(404);
  expect((await pictures(narrow.agent, `${at(mine)}/pictures/__proto__`)).status).toBe(404);
});

it('windows and templates are for whoever may use the channel; templates are asked for once', async () => {
  const conversation = await arrives(app.context, mine, [written(sara, 'In private')]);
  await arrives(app.context, theirs, [written(sara, 'In private there')]);
  const windows = (agent: Agent) =>
    agent.call<MessageWindow[]>('GET', `/api/conversations/${conversation._id}/windows`);
  expect((await windows(narrow.agent)).map(({ channelId }) => channelId)).toEqual([mine._id]);
  expect((await windows(wide.agent)).map(({ channelId }) => channelId).sort()).toEqual(
    [mine._id, theirs._id].sort(),
  );
  const templates = (agent: Agent, channel: ChannelDoc) =>
    agent.call<MessageTemplate[]>('GET', `/api/channels/${channel._id}/templates`);
  expect(await templates(narrow.agent, mine)).toEqual([greeting]);
  expect(await templates(wide.agent, mine)).toEqual([greeting]);
  expect(listed).toBe(1);
  expect(await status(templates(narrow.agent, theirs))).toBe(404);
});
