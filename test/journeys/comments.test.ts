import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Conversation } from '../../shared/conversation.ts';
import type { Customer } from '../../shared/customer.ts';
import type { DuplicatePage } from '../../shared/duplicate.ts';
import type { Message } from '../../shared/message.ts';
import { type Line, startWorld, until, type World } from '../world.ts';

/** Comments under a post and private messages of one person, over the platforms that have both, from their simulators to the API. */

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.close());

function lineOf(id: string): Line {
  const line = world.lines.find(({ connector }) => connector.manifest.id === id);
  if (!line) throw new Error(`There is no line ${id}.`);
  return line;
}

async function conversationWith(text: string): Promise<Conversation> {
  return until(`the conversation with “${text}”`, async () => {
    const { conversations } = await world.agent.conversations();
    for (const conversation of conversations)
      if ((await messagesOf(conversation)).some((message) => message.text === text)) return conversation;
    return null;
  });
}

async function messagesOf({ customerId, id }: Conversation): Promise<Message[]> {
  const { messages: entries } = await world.agent.timeline(customerId);
  return entries.filter((entry): entry is Message => entry.conversationId === id && entry.kind === 'message');
}

const customerOf = ({ customerId }: Conversation): Promise<Customer> =>
  world.agent.call('GET', `/api/customers/${customerId}`);

async function messageWith(
  conversation: Conversation,
  text: string,
  fits: (message: Message) => boolean = () => true,
) {
  return until(`“${text}”`, async () =>
    (await messagesOf(conversation)).find((message) => message.text === text && fits(message)),
  );
}

describe.each(['messenger', 'instagram'])('%s', (id) => {
  it('answers a comment before all, takes it over into private, and knows its own words when they come back', async () => {
    const { simulator, channelId } = lineOf(id);
    const peer = simulator.peer(40);
    const question = `قیمت این چند است؟ ${id}`;
    await simulator.act({ do: 'public', peer, text: question });
    const conversation = await conversationWith(question);
    const asked = await messageWith(conversation, question);
    expect(asked).toMatchObject({ visibility: 'public', postId: expect.any(String), channelId });
    expect(conversation.replyTarget).toMatchObject({ visibility: 'public' });

    const target = conversation.replyTarget;
    if (!target) throw new Error('There is nowhere to answer.');
    const answer = `دو میلیون تومان ${id}`;
    await world.agent.reply(conversation, answer, { target: { ...target, inReplyTo: asked.id } });
    const open = await messageWith(conversation, answer, (message) => message.delivery?.state === 'sent');
    expect(open.visibility).toBe('public');
    const record = simulator.messages().find((message) => message.text === answer);
    expect(record).toMatchObject({ visibility: 'public', peer });

    const inPrivate = { ...target, visibility: 'private' as const, threadKey: '', inReplyTo: asked.id };
    const closer = `شمارهٔ سفارش‌تان؟ ${id}`;
    await world.agent.reply(conversation, closer, { target: inPrivate });
    await messageWith(conversation, closer, ({ delivery }) => delivery?.state === 'read');
    expect(simulator.messages().filter((message) => message.text === closer)).toMatchObject([{ peer }]);

    const number = `۱۲۳۴ ${id}`;
    const mid = await simulator.customerWrites({ peer, text: number });
    expect(await messageWith(conversation, number)).toMatchObject({ visibility: 'private' });
    const elsewhere = `از تلفن همراه ${id}`;
    await simulator.act({ do: 'echo', peer, text: elsewhere });
    expect(await messageWith(conversation, elsewhere)).toMatchObject({
      sentElsewhere: true,
      direction: 'out',
    });
    const comment = simulator.messages().find((message) => message.text === question)?.externalId;
    const written = `از برنامهٔ خودشان ${id}`;
    await simulator.act({ do: 'ownComment', peer, parent: comment, text: written });
    expect(await messageWith(conversation, written)).toMatchObject({
      sentElsewhere: true,
      visibility: 'public',
      postId: asked.postId,
      inReplyTo: asked.id,
    });
    await simulator.act({ do: 'unsend', peer, externalId: mid });
    await until('the message taken back', async () =>
      (await messagesOf(conversation)).find((message) => message.deletedAt !== null),
    );

    const said = (await messagesOf(conversation)).map(({ text, direction }) => `${direction} ${text}`);
    expect(said.sort()).toEqual(
      [
        `in ${question}`,
        `out ${answer}`,
        `out ${closer}`,
        'in ',
        `out ${elsewhere}`,
        `out ${written}`,
      ].sort(),
    );
  });
});

it('brings the words of a mention that Instagram only points to, with who wrote them', async () => {
  const { simulator } = lineOf('instagram');
  const text = 'از @example.shop خریدم و راضی‌ام';
  await simulator.act({ do: 'mention', peer: simulator.peer(41), text, comment: true });
  const conversation = await conversationWith(text);
  const [message] = await messagesOf(conversation);
  expect(message).toMatchObject({ visibility: 'public', direction: 'in' });
  expect((await customerOf(conversation)).name).toBe('@user.0041');
});

it('answers whoever is known by a user name alone in public, and finds them again by it', async () => {
  const { simulator } = lineOf('instagram');
  const peer = simulator.peer(44);
  const named = 'این را از @example.shop دارم';
  await simulator.act({ do: 'mention', peer, text: named, comment: true });
  const mention = await conversationWith(named);
  const target = mention.replyTarget;
  if (!target) throw new Error('There is nowhere to answer.');
  const [asked] = await messagesOf(mention);
  const alone = { ...target, visibility: 'private' as const, threadKey: '', inReplyTo: asked?.id };
  await expect(world.agent.reply(mention, 'در خصوصی', { target: alone })).rejects.toThrow(/user name/);
  const thanks = 'خوشحالیم که راضی هستید';
  await world.agent.reply(mention, thanks, { target });
  await messageWith(mention, thanks, ({ delivery }) => delivery?.state === 'sent');

  const comment = 'باز هم از همین می‌خواهم';
  await simulator.act({ do: 'public', peer, text: comment });
  const under = await conversationWith(comment);
  expect(under.customerId).not.toBe(mention.customerId);
  const pair = await until('the pair in the queue', async () => {
    const { duplicates } = await world.agent.call<DuplicatePage>(
      'GET',
      '/api/duplicates?state=open&limit=50',
    );
    return duplicates.find(({ customers }) => customers.some(({ id }) => id === mention.customerId));
  });
  expect(pair.customers.map(({ id }) => id).sort()).toEqual([mention.customerId, under.customerId].sort());
  expect(pair.reasons[0]).toMatchObject({ kind: 'sameHandle', what: '@user.0044' });
});

it('names whoever writes to a page, although the event does not', async () => {
  const { simulator } = lineOf('messenger');
  const text = 'سلام، نامم را ننوشته‌ام';
  await simulator.customerWrites({ peer: simulator.peer(42), name: 'نرگس محمدی', text });
  expect((await customerOf(await conversationWith(text))).name).toBe('نرگس محمدی');
});

it('knows by its echo that a message left whose answer never came', async () => {
  const { simulator } = lineOf('messenger');
  const text = 'سلام، پاسخ گم می‌شود؟';
  await simulator.customerWrites({ peer: simulator.peer(43), text });
  const conversation = await conversationWith(text);
  simulator.fail('resetAfterAccept');
  const answer = 'نه، رسیده است';
  await world.agent.reply(conversation, answer);
  await messageWith(conversation, answer, ({ delivery }) => delivery?.state === 'read');
  expect(simulator.messages().filter((message) => message.text === answer)).toHaveLength(1);
  expect((await messagesOf(conversation)).filter((message) => message.text === answer)).toHaveLength(1);
});
