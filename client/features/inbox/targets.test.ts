import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../../shared/connector.ts';
import type { Conversation } from '../../../shared/conversation.ts';
import type { Identity } from '../../../shared/customer.ts';
import type { Message, Target } from '../../../shared/message.ts';
import type { ChannelLook } from '../directory.ts';
import { firstOpen, type Route, routesTo, targetOf, type Visibility, wayOf } from './targets.ts';

const header = (replyTarget: Target | null) => ({ id: 'now', replyTarget }) as Conversation;
const identity = (id: string, channelIds: string[]) =>
  ({ id, channelIds, kind: 'telegramUser', display: id, unreachable: false }) as unknown as Identity;
const look = (id: string, visibility: Visibility[], more: Partial<Manifest['capabilities']> = {}) =>
  ({
    channel: { id, state: 'connected' },
    manifest: { capabilities: { visibility, canStart: 'known', kinds: [], handOver: false, ...more } },
    name: id,
    glyph: id,
  }) as unknown as ChannelLook;
const said = (id: string, more: Partial<Message> = {}) =>
  ({
    id,
    conversationId: 'now',
    kind: 'message',
    direction: 'in',
    visibility: 'private',
    channelId: 'social',
    identityId: 'sara',
    threadKey: 'dm',
    ...more,
  }) as Message;
const open = (id: string, more: Partial<Message> = {}) =>
  said(id, { visibility: 'public', threadKey: 'post:1', ...more });

const sara = identity('sara', ['social']);
const social = look('social', ['private', 'public'], { handOver: true });
const byPost: Target = {
  channelId: 'social',
  identityId: 'sara',
  threadKey: 'post:1',
  visibility: 'public',
  inReplyTo: 'b',
};

function only(replyTarget: Target | null, messages: Message[], looks = [social]): Route {
  const customer = { identities: [sara] } as never;
  const [route] = routesTo({ header: header(replyTarget), customer, messages, looks });
  if (!route) throw new Error('There is no route.');
  return route;
}

describe('where a reply goes', () => {
  it('is as the customer wrote last, and both ways are open to who spoke both ways', () => {
    const messages = [said('a'), open('b')];
    const route = only(byPost, messages);
    expect(route.ways).toEqual(['public', 'private']);
    expect(wayOf(route, null)).toBe('public');
    expect(targetOf(route, 'public', undefined)).toEqual(byPost);
    // In private it is the thread they had there, and nothing public comes along.
    expect(targetOf(route, 'private', undefined)).toEqual({
      channelId: 'social',
      identityId: 'sara',
      threadKey: 'dm',
    });
  });

  it('is public before the message itself is loaded', () => {
    const route = only(byPost, []);
    expect(wayOf(route, null)).toBe('public');
    expect(targetOf(route, 'public', undefined)).toEqual(byPost);
    expect(targetOf(route, 'private', undefined)).toMatchObject({ threadKey: '' });
  });

  it('is never public where nothing was said in public, whatever was chosen', () => {
    const target = { channelId: 'social', identityId: 'sara', threadKey: 'dm' };
    const route = only(target, [said('a')]);
    expect(route.ways).toEqual(['private']);
    expect(wayOf(route, { ...target, visibility: 'public' })).toBe('private');
    // What they said before all in an earlier conversation is none of this one's.
    expect(only(target, [open('b', { conversationId: 'then' }), said('a')]).ways).toEqual(['private']);
  });

  it('is the choice of the agent, on the route that they chose it for', () => {
    const route = only(byPost, [said('a'), open('b')]);
    expect(wayOf(route, { ...byPost, visibility: 'private' })).toBe('private');
    expect(wayOf(route, { ...byPost, channelId: 'other', visibility: 'private' })).toBe('public');
  });

  it('answers in public what is quoted, and hands over what is quoted in private', () => {
    const earlier = open('a', { threadKey: 'post:0' });
    const route = only(byPost, [earlier, open('b')]);
    expect(targetOf(route, 'public', earlier)).toMatchObject({ threadKey: 'post:0', inReplyTo: 'a' });
    expect(targetOf(route, 'private', earlier)).toEqual({
      channelId: 'social',
      identityId: 'sara',
      threadKey: '',
      inReplyTo: 'a',
    });
    const deaf = only(byPost, [earlier], [look('social', ['private', 'public'])]);
    expect(targetOf(deaf, 'private', earlier)).not.toHaveProperty('inReplyTo');
  });

  it('is no telephone, and no channel that speaks in public alone of who never did', () => {
    const routes = (visibility: Visibility[]) =>
      routesTo({
        header: header(null),
        customer: { identities: [sara] } as never,
        messages: [],
        looks: [look('social', visibility)],
      });
    expect(routes([])).toEqual([]);
    expect(routes(['public'])).toEqual([]);
    expect(routes(['private'])).toHaveLength(1);
  });
});

describe('where private words do not arrive', () => {
  const gone = { ...sara, unreachable: true };
  const other = identity('mobile', ['sms']);
  const sms = look('sms', ['private']);
  const to = (
    replyTarget: Target | null,
    messages: Message[],
    { identities = [gone], looks = [social] }: { identities?: Identity[]; looks?: ChannelLook[] } = {},
  ) => routesTo({ header: header(replyTarget), customer: { identities } as never, messages, looks });
  const one = (...about: Parameters<typeof to>) => to(...about)[0] as Route;
  const inPrivate: Target = { channelId: 'social', identityId: 'sara', threadKey: 'dm' };

  it('a public word is answered in public all the same, also beside another address', () => {
    const routes = to(byPost, [open('b')], { identities: [gone, other], looks: [social, sms] });
    const [route] = routes as [Route];
    expect(route).toMatchObject({ barred: null, noPrivate: 'unreachable', ways: ['public'] });
    expect(firstOpen(routes)).toBe(route);
    expect(wayOf(route, null)).toBe('public');
    expect(targetOf(route, 'public', undefined)).toEqual(byPost);
    // The post alone is enough, before what was said under it is loaded.
    expect(one(byPost, [])).toMatchObject({ barred: null, ways: ['public'] });
  });

  it('what was meant for one alone never goes before all: nothing leaves until the agent says how', () => {
    const route = one(byPost, [open('b')]);
    const way = wayOf(route, { ...byPost, visibility: 'private' });
    expect(way).toBe('private');
    expect(route.ways).not.toContain(way);
    expect(wayOf(route, byPost)).toBe('public');
    // Neither does the answer to what they wrote in private last.
    const asked = one(inPrivate, [open('b'), said('a')]);
    expect(asked).toMatchObject({ barred: null, ways: ['public'], usual: 'private' });
    expect(wayOf(asked, null)).toBe('private');
  });

  it('an answer to a private word goes to another address first', () => {
    const routes = to(inPrivate, [open('b'), said('a')], {
      identities: [gone, other],
      looks: [social, sms],
    });
    expect(firstOpen(routes)?.identity?.id).toBe('mobile');
  });

  it('there is no way at all where nothing was said in public', () => {
    expect(one(inPrivate, [said('a')])).toMatchObject({ barred: 'unreachable', ways: [] });
  });

  it('a paused channel is told before that: nothing leaves on it, in whatever way', () => {
    const paused = { ...social, channel: { ...social.channel, state: 'paused' } } as ChannelLook;
    expect(one(byPost, [open('b')], { looks: [paused] })).toMatchObject({
      barred: 'paused',
      ways: ['public'],
    });
  });

  it('whoever is known by a name alone is answered in public, and whoever is known by an id in both ways', () => {
    const named = look('social', ['private', 'public'], { handOver: true, nameOnly: '^\\d+:@' });
    const known = (value: string) =>
      one(byPost, [open('b')], { identities: [{ ...sara, value }], looks: [named] });
    expect(known('17:@sara')).toMatchObject({ barred: null, noPrivate: 'nameOnly', ways: ['public'] });
    expect(known('17:44')).toMatchObject({ barred: null, noPrivate: null, ways: ['public', 'private'] });
    // Merged into somebody who wrote elsewhere last, they never were written to in private.
    const [route] = to(null, [open('b')], { identities: [{ ...sara, value: '17:@sara' }], looks: [named] });
    expect(wayOf(route, null)).toBe('public');
  });
});
