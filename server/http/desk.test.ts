import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CannedReply } from '../../shared/canned.ts';
import type { ChannelDetails } from '../../shared/channel.ts';
import type {
  Bootstrap,
  BulkResult,
  Conversation,
  ConversationPage,
  SplitResult,
} from '../../shared/conversation.ts';
import type { Identity } from '../../shared/customer.ts';
import type { Notice } from '../../shared/events.ts';
import type { Holiday } from '../../shared/hours.ts';
import type { Tag } from '../../shared/tag.ts';
import type { Team } from '../../shared/team.ts';
import type { UserDetails } from '../../shared/user.ts';
import type { SavedView } from '../../shared/view.ts';
import type { Agent, AgentSocket } from '../../test/agent.ts';
import { startTestApp, type TestApp } from '../../test/app.ts';
import { addPlainChannel, arrives } from '../../test/inbox.ts';
import { person, plain, written } from '../../test/provider.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';

/** An administrator, an agent with both channels and one with the first alone. */
let app: TestApp;
let mine: ChannelDoc;
let theirs: ChannelDoc;
let wide: { agent: Agent; user: UserDetails };
let narrow: { agent: Agent; user: UserDetails };

beforeAll(async () => {
  app = await startTestApp({ connectors: { plain } });
  mine = await addPlainChannel(app.context, 'mine');
  theirs = await addPlainChannel(app.context, 'theirs');
  wide = await app.join({ channelIds: 'all', name: 'Wide' });
  narrow = await app.join({ channelIds: [mine._id], name: 'Narrow' });
});
afterAll(() => app.end());

const refusal = (attempt: Promise<unknown>) =>
  attempt.then(
    () => 'done',
    (error: { body?: unknown }) => error.body ?? error,
  );
const heard = <T>(
  socket: AgentSocket,
  event: 'notify' | 'lists.changed',
  fits: (payload: T) => boolean,
): Promise<T> =>
  new Promise((resolve) => {
    const listen = (payload: T) => {
      if (!fits(payload)) return;
      socket.off(event, listen as never);
      resolve(payload);
    };
    socket.on(event, listen as never);
  });

describe('teams', () => {
  it('are an administrator’s to make, with their members, and everybody’s to see', async () => {
    const form = { name: 'Sales', memberIds: [wide.user.id] };
    expect(await refusal(wide.agent.call('POST', '/api/teams', form))).toMatchObject({ code: 'forbidden' });
    const socket = await narrow.agent.socket();
    const told = heard<{ list: string }>(socket, 'lists.changed', (event) => event.list === 'teams');
    const team = await app.admin.call<Team>('POST', '/api/teams', form);
    await told;
    expect(
      await app.admin.call('POST', '/api/teams', { name: ' SALES ', memberIds: [] }).catch((e) => e.body),
    ).toMatchObject({ reason: 'duplicateName', fields: { name: expect.any(String) } });
    expect(await narrow.agent.call<Team[]>('GET', '/api/teams')).toContainEqual(team);
    const users = await narrow.agent.call<UserDetails[]>('GET', '/api/users');
    expect(users.find((user) => user.id === wide.user.id)?.teamIds).toEqual([team.id]);

    const path = `/api/teams/${team.id}`;
    expect(await refusal(wide.agent.call('PATCH', path, { archived: true }))).toMatchObject({
      code: 'forbidden',
    });
    await app.admin.call('PATCH', path, { name: 'Sales and more', memberIds: [narrow.user.id] });
    await app.admin.call('PATCH', `/api/users/${wide.user.id}`, { teamIds: [team.id] });
    const members = (await app.admin.call<UserDetails[]>('GET', '/api/users')).filter((user) =>
      user.teamIds.includes(team.id),
    );
    expect(members.map((user) => user.name).sort()).toEqual(['Narrow', 'Wide']);
    expect(await refusal(app.admin.call('PATCH', path, { memberIds: ['nobody'] }))).toMatchObject({
      code: 'invalid',
    });
    expect(
      await refusal(app.admin.call('PATCH', `/api/users/${wide.user.id}`, { teamIds: ['x'] })),
    ).toMatchObject({ code: 'invalid', fields: { teamIds: expect.any(String) } });
    // The former name is free again.
    await app.admin.call('POST', '/api/teams', { name: 'Sales', memberIds: [] });
    expect(await refusal(app.admin.call('PATCH', path, { name: 'sales' }))).toMatchObject({
      reason: 'duplicateName',
    });
  });
});

describe('tags', () => {
  it('are made while working, one for a name however it is spelt, and managed by administrators', async () => {
    const made = await wide.agent.call<Tag>('POST', '/api/tags', { name: 'كتاب ۱', colour: 'red' });
    expect(await narrow.agent.call<Tag>('POST', '/api/tags', { name: 'کتاب 1' })).toEqual(made);
    const raced = await Promise.all(
      Array.from({ length: 6 }, () => wide.agent.call<Tag>('POST', '/api/tags', { name: 'raced' })),
    );
    expect(new Set(raced.map((tag) => tag.id)).size).toBe(1);
    const path = `/api/tags/${made.id}`;
    expect(await refusal(wide.agent.call('PATCH', path, { archived: true }))).toMatchObject({
      code: 'forbidden',
    });
    await app.admin.call('PATCH', path, { archived: true });
    // Whoever asks for it again has it back.
    expect(await wide.agent.call<Tag>('POST', '/api/tags', { name: 'کتاب ۱' })).toEqual(made);
    expect(await refusal(app.admin.call('PATCH', path, { name: 'RACED' }))).toMatchObject({
      reason: 'duplicateName',
    });
    expect(await refusal(app.admin.call('PATCH', '/api/tags/none', { colour: 'blue' }))).toMatchObject({
      code: 'notFound',
    });
  });
});

describe('saved views', () => {
  const form = { name: 'Urgent', filter: { status: ['open'], priority: ['urgent'] } };

  it('are their owner’s, and a team’s or everyone’s when they are shared', async () => {
    const team = await app.admin.call<Team>('POST', '/api/teams', {
      name: 'Viewers',
      memberIds: [wide.user.id, narrow.user.id],
    });
    const own = await wide.agent.call<SavedView>('POST', '/api/views', { ...form, sharedWith: 'nobody' });
    const list = (who: Agent) =>
      who.call<SavedView[]>('GET', '/api/views').then((all) => all.map((v) => v.id));
    expect(await list(wide.agent)).toContain(own.id);
    expect(await list(narrow.agent)).not.toContain(own.id);
    expect(await list(app.admin)).not.toContain(own.id);
    const path = `/api/views/${own.id}`;
    for (const who of [narrow.agent, app.admin])
      for (const attempt of [
        () => who.call('PATCH', path, { name: 'x' }),
        () => who.call('GET', `/api/conversations?view=saved:${own.id}`),
      ])
        expect(await refusal(attempt())).toMatchObject({ code: 'notFound' });
    const page = await wide.agent.call<ConversationPage>('GET', `/api/conversations?view=saved:${own.id}`);
    expect(page).toMatchObject({ view: `saved:${own.id}`, conversations: [] });

    expect(await refusal(wide.agent.call('PATCH', path, { sharedWith: 'everyone' }))).toMatchObject({
      code: 'forbidden',
    });
    const socket = await narrow.agent.socket();
    const told = heard<{ list: string }>(socket, 'lists.changed', (event) => event.list === 'views');
    await wide.agent.call('PATCH', path, { sharedWith: { teamId: team.id } });
    await told;
    expect(await list(narrow.agent)).toContain(own.id);
    expect(await refusal(narrow.agent.call('DELETE', path))).toMatchObject({ code: 'forbidden' });
    const start = await narrow.agent.call<Bootstrap>('GET', '/api/bootstrap');
    expect(start.counts).toMatchObject({ [`saved:${own.id}`]: 0, [`team:${team.id}`]: 0 });
    expect(start.teams.map((one) => one.id)).toContain(team.id);
    await app.admin.call('PATCH', path, { sharedWith: 'everyone' });
    await wide.agent.call('DELETE', path);
    await wide.agent.call('DELETE', path);
    expect(await list(narrow.agent)).not.toContain(own.id);
  });

  it('take no filter that is none', async () => {
    for (const filter of [
      {},
      { status: [] },
      { status: ['continued'] },
      { status: ['open'], priority: ['x'] },
    ])
      expect(
        await refusal(wide.agent.call('POST', '/api/views', { name: 'x', filter, sharedWith: 'nobody' })),
      ).toMatchObject({ code: 'invalid' });
    expect(await refusal(wide.agent.call('GET', '/api/conversations?view=nothing'))).toMatchObject({
      code: 'invalid',
    });
  });
});

describe('canned replies', () => {
  const form = {
    folder: ['Greetings'],
    title: 'Hello',
    shortcut: 'سلام',
    text: 'سلام {{customer.name|دوست عزیز}}',
    sharedWith: 'nobody',
  };
  const list = (who: Agent) => who.call<CannedReply[]>('GET', '/api/canned');

  it('are one’s own, a team’s or everyone’s, with a shortcut that stands for one of what one sees', async () => {
    const own = await wide.agent.call<CannedReply>('POST', '/api/canned', form);
    expect(await list(narrow.agent)).toEqual([]);
    // Another person's private shortcut may be the same.
    const other = await narrow.agent.call<CannedReply>('POST', '/api/canned', form);
    expect(
      await refusal(wide.agent.call('POST', '/api/canned', { ...form, shortcut: 'سَلام' })),
    ).toMatchObject({
      reason: 'duplicateName',
      fields: { shortcut: expect.any(String) },
    });
    const raced = await Promise.allSettled(
      [1, 2, 3].map(() => wide.agent.call('POST', '/api/canned', { ...form, shortcut: 'raced' })),
    );
    expect(raced.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
    expect(
      await refusal(
        wide.agent.call('POST', '/api/canned', { ...form, shortcut: 'x', sharedWith: 'everyone' }),
      ),
    ).toMatchObject({ code: 'forbidden' });
    expect(
      await refusal(
        wide.agent.call('POST', '/api/canned', { ...form, shortcut: 'y', text: '{{customer.age}}' }),
      ),
    ).toMatchObject({ code: 'invalid', fields: { text: expect.stringContaining('customer.age') } });
    const path = `/api/canned/${own.id}`;
    for (const attempt of [
      () => narrow.agent.call('PATCH', path, { title: 'x' }),
      () => app.admin.call('PATCH', path, { title: 'x' }),
      () => narrow.agent.call('POST', `${path}/used`),
    ])
      expect(await refusal(attempt())).toMatchObject({ code: 'notFound' });
    await wide.agent.call('POST', `${path}/used`);
    await wide.agent.call('POST', `${path}/used`);
    expect((await list(wide.agent)).find((one) => one.id === own.id)).toMatchObject({
      used: 2,
      usedAt: expect.any(String),
    });
    const everyone = await app.admin.call<CannedReply>('POST', '/api/canned', {
      ...form,
      shortcut: 'rules',
      sharedWith: 'everyone',
    });
    expect((await list(narrow.agent)).map((one) => one.id)).toEqual([other.id, everyone.id]);
    expect(
      await refusal(narrow.agent.call('PATCH', `/api/canned/${everyone.id}`, { title: 'x' })),
    ).toMatchObject({
      code: 'forbidden',
    });
    await wide.agent.call('PATCH', path, { shortcut: 'other', text: 'ok' });
    await wide.agent.call('POST', '/api/canned', form);
    await wide.agent.call('DELETE', path);
    await wide.agent.call('DELETE', path);
    await wide.agent.call('POST', '/api/canned', { ...form, shortcut: 'other' });
  });
});

describe('deeds over the wire', () => {
  it('are for who sees the conversation: bulk names the others, split, bringing back and blocking do not know them', async () => {
    const { context } = app;
    const hidden = await arrives(context, theirs, [written(person('hidden'), 'hello')]);
    const open = await arrives(context, mine, [written(person('open'), 'hello')]);
    const result = await narrow.agent.call<BulkResult>('POST', '/api/conversations/bulk', {
      ids: [open._id, hidden._id],
      update: { deed: 'priority', priority: 'high' },
    });
    expect(result.done).toMatchObject([{ id: open._id, before: { deed: 'priority', priority: 'normal' } }]);
    expect(result.failed).toMatchObject([{ id: hidden._id }]);
    const thread = { channelId: theirs._id, identityId: 'telegramUser:hidden', threadKey: 'hidden' };
    for (const attempt of [
      () => narrow.agent.call('POST', `/api/conversations/${hidden._id}/split`, thread),
      () => narrow.agent.call('POST', `/api/conversations/${hidden._id}/bring-back`),
      () => narrow.agent.call('PUT', '/api/identities/telegramUser%3Ahidden/block', { blocked: true }),
      () => narrow.agent.call('PATCH', `/api/conversations/${hidden._id}`, { deed: 'spam', block: [] }),
      () =>
        narrow.agent.call('PATCH', `/api/conversations/${hidden._id}`, { deed: 'tag', add: [], remove: [] }),
    ])
      expect(await refusal(attempt())).toMatchObject({ code: 'notFound' });
    const blocked = await narrow.agent.call<Identity>('PUT', '/api/identities/telegramUser%3Aopen/block', {
      blocked: true,
    });
    expect(blocked).toMatchObject({ id: 'telegramUser:open', blocked: true });
  });

  it('split a thread for those who have its channel, who alone see it then', async () => {
    const { context } = app;
    const dora = person('dora');
    await arrives(context, mine, [written(dora, 'on mine')]);
    const both = await arrives(context, theirs, [written(dora, 'on theirs')]);
    const thread = { channelId: theirs._id, identityId: 'telegramUser:dora', threadKey: 'dora' };
    const path = `/api/conversations/${both._id}/split`;
    expect(await refusal(narrow.agent.call('POST', path, thread))).toMatchObject({
      code: expect.stringMatching(/forbidden|notFound|invalid/),
    });
    const { from, to } = await wide.agent.call<SplitResult>('POST', path, thread);
    expect([from.channelIds, to.channelIds]).toEqual([[mine._id], [theirs._id]]);
    expect(await refusal(narrow.agent.call('GET', `/api/conversations/${to.id}`))).toMatchObject({
      code: 'notFound',
    });
    const back = await wide.agent.call<SplitResult>('POST', `/api/conversations/${to.id}/bring-back`);
    expect(back.to).toMatchObject({ id: to.id, status: 'continued', successorId: from.id });
  });

  it('know Iran’s holidays, and what failed on a channel, for who may', async () => {
    const days = await narrow.agent.call<Holiday[]>('GET', '/api/holidays?year=1404');
    expect(days[0]).toMatchObject({ date: '2025-03-21', name: { en: 'Nowruz' } });
    expect((await narrow.agent.call<Holiday[]>('GET', '/api/holidays')).length).toBeGreaterThan(20);
    expect(await refusal(narrow.agent.call('GET', '/api/holidays?year=12'))).toMatchObject({
      code: 'invalid',
    });
    const path = `/api/channels/${mine._id}`;
    for (const attempt of [
      () => wide.agent.call('GET', `${path}/failures?direction=in`),
      () => wide.agent.call('POST', `${path}/replay`, { direction: 'in' }),
      () => wide.agent.call('PATCH', path, { name: 'x' }),
    ])
      expect(await refusal(attempt())).toMatchObject({ code: 'forbidden' });
    expect(await app.admin.call('GET', `${path}/failures?direction=out`)).toEqual({
      failures: [],
      next: null,
    });
    expect(await app.admin.call('POST', `${path}/replay`, { direction: 'in' })).toEqual({
      replayed: 0,
      refused: [],
    });
    const changed = await app.admin.call<ChannelDetails>('PATCH', path, {
      routing: { teamId: null, hours: null, autoReply: { open: '', closed: '' }, silentAfter: 5 },
    });
    expect(changed).toMatchObject({ routing: { silentAfter: 5 }, health: { silentSince: null } });
  });
});

describe('notices', () => {
  it('reach whom a message concerns, once, and nobody who may not see it', async () => {
    const { context } = app;
    const team = await app.admin.call<Team>('POST', '/api/teams', {
      name: 'Ringers',
      memberIds: [wide.user.id, narrow.user.id],
    });
    const sockets = { wide: await wide.agent.socket(), narrow: await narrow.agent.socket() };
    const all: [string, Notice][] = [];
    for (const [who, socket] of Object.entries(sockets))
      socket.on('notify', (notice) => all.push([who, notice]));
    const next = (who: keyof typeof sockets, event: Notice['event']) =>
      heard<Notice>(sockets[who], 'notify', (notice) => notice.event === event);

    const unassigned = [next('wide', 'unassignedNew'), next('narrow', 'unassignedNew')];
    const first = await arrives(context, mine, [written(person('n1', { name: 'Nina' }), 'hello there')]);
    const [notice] = await Promise.all(unassigned);
    expect(notice).toMatchObject({
      conversationId: first._id,
      customerName: 'Nina',
      text: 'hello there',
      byUserId: null,
    });
    const assigned = next('wide', 'assignedToMe');
    const patch = (body: unknown, who = app.admin) =>
      who.call<Conversation>('PATCH', `/api/conversations/${first._id}`, body);
    await patch({ deed: 'assign', assigneeId: wide.user.id });
    expect((await assigned).byUserId).not.toBeNull();
    const replied = next('wide', 'mineReplied');
    await arrives(context, mine, [written(person('n1'), 'are you there?')]);
    await replied;
    const mentioned = next('narrow', 'mentioned');
    await wide.agent.call('POST', `/api/conversations/${first._id}/messages`, {
      id: crypto.randomUUID(),
      kind: 'note',
      text: 'look',
      fileIds: [],
      lastSeenSeq: 99,
      mentions: [narrow.user.id, wide.user.id],
    });
    await mentioned;

    await context.models.channels.updateOne(
      { _id: theirs._id },
      {
        $set: {
          routing: { teamId: team.id, hours: null, autoReply: { open: '', closed: '' }, silentAfter: null },
        },
      },
    );
    const archive = app.admin.call('PATCH', `/api/teams/${team.id}`, { archived: true });
    expect(await refusal(archive)).toMatchObject({ code: 'conflict', reason: 'inUse' });
    const teamNew = next('wide', 'teamNew');
    await arrives(context, theirs, [written(person('n2'), 'for the team')]);
    await teamNew;
    // One's own deed rings for nobody: what comes after it on the same socket says that nothing was on its way.
    await patch({ deed: 'assign', assigneeId: null });
    await wide.agent.call('PATCH', `/api/conversations/${first._id}`, {
      deed: 'assign',
      assigneeId: wide.user.id,
    });
    const last = next('wide', 'mineReplied');
    await arrives(context, mine, [written(person('n1'), 'bye')]);
    await last;
    expect(all.map(([who, one]) => [who, one.event])).toEqual([
      ['wide', 'unassignedNew'],
      ['narrow', 'unassignedNew'],
      ['wide', 'assignedToMe'],
      ['wide', 'mineReplied'],
      ['narrow', 'mentioned'],
      ['wide', 'teamNew'],
      ['wide', 'mineReplied'],
    ]);
    const ids = all.map(([who, one]) => `${who} ${one.id}`);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
