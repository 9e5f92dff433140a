import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RawRequest } from '../../connectors/connector.ts';
import { listConnectors } from '../../connectors/index.ts';
import { inAnyOrder, type Samples, sampleScenarios } from '../../connectors/scenario.samples.ts';
import { loadScenarios, providerOf, type ScenarioEnd } from '../../connectors/scenarios.ts';
import { createTestContext, type TestContext } from '../../test/context.ts';
import { drain } from '../../test/intake.ts';
import { seeded, shuffled } from '../../test/random.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import { checkInvariants } from '../db/invariants.ts';
import { storeEvents } from '../inbound/inbound.store.ts';
import { processEvent } from '../inbound/inbound.worker.ts';
import type { MentionDoc } from '../listening/mention.model.ts';
import type { PostDoc } from '../posts/post.model.ts';
import { importConversations } from './import.ts';
import type { MessageDoc } from './message.model.ts';

/** Other orders of arrival for each run: SEED repeats a failed one, SHUFFLES=N plays more of them. */
const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
const shuffles = Number(process.env.SHUFFLES ?? 4);
const races = Math.ceil(shuffles / 4);

let ctx: TestContext;
let other: TestContext;
/** What the provider of the scenario answers. */
let provider = providerOf();
beforeAll(async () => {
  // Nobody listens there: what a library of its own asks is not answered.
  const endpoints = { x: 'http://127.0.0.1:9' };
  ctx = await createTestContext({ fetch: (...asked) => provider(...asked), endpoints });
  other = await ctx.sibling();
});
afterAll(async () => {
  await other?.close();
  await ctx?.close();
});

/**
 * Requests through `split`, the store and intake, on an empty database; sometimes several before anything is worked on.
 * @param run.atOnce all of it at the same time, on two servers
 * @param run.samples what they are about may be missing, and some mean nothing
 */
async function play(
  scenario: Samples,
  connectorId: string,
  run: { requests: RawRequest[]; random: () => number; atOnce?: boolean; samples?: boolean },
): Promise<ScenarioEnd> {
  const { requests, random, atOnce } = run;
  const connector = ctx.connectors[connectorId];
  if (!connector) throw new Error(`There is no connector ${connectorId}.`);
  provider = providerOf(scenario.answers);
  await ctx.empty();
  const channel = await ctx.addChannel({
    connector: connectorId,
    accountRef: connector.accountRef(scenario.settings),
    settings: { ...scenario.settings },
  });
  await sendBefore(scenario, channel);
  const ids: string[] = [];
  for (const request of requests) {
    const { events } = connector.split(request, scenario.settings);
    const stored = await storeEvents(ctx, { hookId: channel.hookId, channel, connectorId, events });
    ids.push(...stored.ids);
    if (!atOnce && random() < 0.7) await drain(ctx);
  }
  if (atOnce) await Promise.all(ids.map((one, index) => processEvent(index % 2 ? ctx : other, one)));
  await drain(ctx);
  expect(await checkInvariants(ctx.models)).toEqual([]);
  const open = await ctx.models.inbound
    .find({ state: { $nin: ['done', 'ignored', 'failed', 'parked'] } })
    .lean();
  expect(open.map(({ state, reason }) => ({ state, reason }))).toEqual([]);
  return endOf(scenario, channel);
}

/** What our side had sent before the first request. */
async function sendBefore(scenario: Samples, channel: ChannelDoc): Promise<void> {
  await importConversations(ctx, {
    customers: scenario.sent.map(({ externalId, scope, text, to, at }, index) => ({
      identities: [{ ...to, display: to.value, channelId: channel._id, threadKey: to.value }],
      conversations: [
        {
          messages: [
            {
              direction: 'out' as const,
              identity: 0,
              text,
              at: at ? new Date(at) : new Date(),
              providerOrder: String(index).padStart(6, '0'),
              externalId,
              ...(scope ? { scope } : {}),
            },
          ],
        },
      ],
    })),
  });
}

async function endOf(scenario: Samples, channel: ChannelDoc): Promise<ScenarioEnd> {
  const identities = await ctx.models.identities.find({}).lean();
  const people = new Map(identities.map((identity) => [identity._id, `${identity.kind}:${identity.value}`]));
  // Of several ids of one message its first is its own.
  const parts = await ctx.models.parts.find({}).sort({ _id: -1 }).lean();
  const named = new Map(
    parts.flatMap(({ _id, messageId }) => (messageId ? [[messageId, externalIdOf(_id)] as const] : [])),
  );
  const sent = new Set(scenario.sent.map((message) => message.externalId));
  const messages = await ctx.models.messages
    .find({ kind: { $in: ['message', 'call'] } })
    .lean<MessageDoc[]>();
  const lines = messages.map((message) => {
    const externalId = named.get(message._id) ?? '';
    const at = message.atEstimated || sent.has(externalId) ? null : message.at.toISOString();
    const inPublic = message.visibility === 'public';
    const quoted = inPublic
      ? message.answers && externalIdOf(message.answers)
      : message.inReplyTo && named.get(message.inReplyTo);
    const reactions = message.reactions.flatMap(({ by, emoji }) =>
      emoji.map((one) => ({ by: people.get(by) ?? by, emoji: one })),
    );
    expect(message.channelId).toBe(channel._id);
    const line: ScenarioEnd['messages'][number] = {
      externalId,
      direction: message.direction === 'in' ? 'in' : 'out',
      person: people.get(message.identityId ?? '') ?? '',
      text: message.text,
      at,
      ...(message.editedAt ? { edited: true as const } : {}),
      ...(message.deletedAt ? { deleted: true as const } : {}),
      ...(message.attachments.length ? { attachments: message.attachments.length } : {}),
      ...(message.groupKey ? { groupKey: message.groupKey } : {}),
      ...(quoted ? { inReplyTo: quoted } : {}),
      ...(reactions.length ? { reactions } : {}),
      ...(message.delivery ? { state: message.delivery.state } : {}),
      ...(message.call ? { call: spokenOf(message.call) } : {}),
      ...(inPublic ? { visibility: 'public' as const } : {}),
      ...(message.postId ? { post: externalIdOf(message.postId) } : {}),
      ...(message.url && !message.deletedAt ? { url: message.url } : {}),
    };
    return { line, place: `${at ?? ''} ${message.providerOrder}` };
  });
  const byCustomer = new Map<string, string[]>();
  for (const { customerId, kind, value } of identities)
    byCustomer.set(customerId, [...(byCustomer.get(customerId) ?? []), `${kind}:${value}`]);
  const ignored = await ctx.models.inbound.find({ state: 'ignored' }).lean();
  const failed = await ctx.models.inbound.find({ state: 'failed' }).lean();
  const posts = await postsEnd();
  const mentions = await mentionsEnd();
  return {
    messages: lines
      .sort((a, b) => (a.place < b.place ? -1 : a.place > b.place ? 1 : 0))
      .map(({ line }) => line),
    ...(posts.length ? { posts } : {}),
    ...(mentions.length ? { mentions } : {}),
    customers: [...byCustomer.values()]
      .map((group) => group.sort())
      .sort((a, b) => ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1)),
    unreachable: identities
      .filter((identity) => identity.unreachable)
      .map((identity) => `${identity.kind}:${identity.value}`)
      .sort(),
    ignored: [...new Set(ignored.flatMap((event) => event.reason ?? []))].sort(),
    ...(failed.length ? { failed: failed.map((event) => event.eventKey).sort() } : {}),
  };
}

async function postsEnd(): Promise<NonNullable<ScenarioEnd['posts']>> {
  const posts = await ctx.models.posts.find({}).lean<PostDoc[]>();
  return posts
    .map(({ _id, text, author, deletedAt }) => ({
      externalId: externalIdOf(_id),
      text,
      ...(author?.handle ? { author: author.handle } : {}),
      ...(author?.ours ? { ours: true as const } : {}),
      ...(deletedAt ? { deleted: true as const } : {}),
    }))
    .sort((a, b) => (a.externalId < b.externalId ? -1 : 1));
}

async function mentionsEnd(): Promise<NonNullable<ScenarioEnd['mentions']>> {
  const mentions = await ctx.models.mentions.find({ messageId: null }).lean<MentionDoc[]>();
  const place = (mention: { at: string | null; externalId: string }) =>
    `${mention.at ?? ''} ${mention.externalId}`;
  return mentions
    .map((mention) => ({
      externalId: mention.externalId,
      author: `${mention.sender.kind}:${mention.sender.value}`,
      text: mention.text,
      at: mention.atEstimated ? null : mention.at.toISOString(),
      ...(mention.post ? { post: mention.post.externalId } : {}),
      ...(mention.editedAt && !mention.deletedAt ? { edited: true as const } : {}),
      ...(mention.deletedAt ? { deleted: true as const } : {}),
    }))
    .sort((a, b) => (place(a) < place(b) ? -1 : 1));
}

const spokenOf = ({ state, disposition, talked, extension }: NonNullable<MessageDoc['call']>) => ({
  state,
  disposition,
  talked,
  extension,
});

function externalIdOf(partId: string): string {
  return (partId.split(':').at(-1) ?? '').replaceAll('%3A', ':').replaceAll('%25', '%');
}

describe.each(listConnectors().map((connector) => connector.manifest.id))('what comes in over %s', (id) => {
  it.each(loadScenarios(id).map((scenario) => [scenario.name, scenario] as const))(
    'ends alike in every order and however often: %s',
    async (_name, scenario) => {
      const random = seeded(seed);
      const twice = [...scenario.requests, ...scenario.requests];
      expect(await play(scenario, id, { requests: scenario.requests, random })).toEqual(scenario.expected);
      for (let run = 1; run <= shuffles; run += 1) {
        const end = await play(scenario, id, { requests: shuffled(twice, random), random });
        expect(end, `shuffle ${run} of SEED=${seed}`).toEqual(scenario.expected);
      }
      for (let run = 1; run <= races; run += 1) {
        const end = await play(scenario, id, { requests: shuffled(twice, random), random, atOnce: true });
        expect(end, `race ${run} of SEED=${seed}`).toEqual(scenario.expected);
      }
    },
    180_000,
  );

  it('ends alike with all its samples together, in order and all at once, each twice', async () => {
    const random = seeded(seed);
    for (const samples of await sampleScenarios(id)) {
      const { requests } = samples;
      const usual = await play(samples, id, { requests, random, samples: true });
      const twice = shuffled([...requests, ...requests], random);
      const end = await play(samples, id, { requests: twice, random, atOnce: true, samples: true });
      expect(inAnyOrder(end), `${samples.name}, SEED=${seed}`).toEqual(inAnyOrder(usual));
    }
  }, 60_000);
});
