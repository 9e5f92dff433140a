import { until } from '../world.ts';
import { merges } from './pairs.merge.ts';
import { apart, fresh, ok, twoCustomers, twoThreads } from './scenes.ts';
import type { Pair } from './stage.ts';

const messages: Pair[] = [
  {
    name: 'two first messages of one new customer',
    set: async (stage) => {
      const sms = stage.stranger('sms');
      const texts = { one: fresh('one'), two: fresh('two') };
      return {
        identities: [sms.identity],
        texts,
        a: () => ok(stage.write(sms, texts.one)),
        b: () => ok(stage.write(sms, texts.two)),
      };
    },
  },
  {
    name: 'a first message delivered twice',
    onlyAfterFirst: true,
    set: async (stage) => {
      const sms = stage.stranger('sms');
      const texts = { one: fresh('one') };
      return {
        identities: [sms.identity],
        texts,
        a: () => ok(stage.write(sms, texts.one)),
        b: () => stage.pushAgain(1, texts.one),
      };
    },
  },
  {
    name: 'two identities of one customer with no active conversation',
    set: async (stage) => {
      const { sms, telegram, older, younger, texts, identities } = await twoCustomers(stage);
      await stage.merge(0, older, younger);
      await stage.resolve(0, younger.id);
      // Too long ago to be reopened: a new one must begin, and only one.
      await stage.books
        .collection('conversations')
        .updateOne({ _id: younger.id }, { $set: { resolvedAt: new Date(Date.now() - 100 * 3_600_000) } });
      return {
        identities,
        texts,
        a: () => ok(stage.write(sms, texts.one)),
        b: () => ok(stage.write(telegram, texts.two)),
      };
    },
  },
];

/** What speaks about a message, against the record of that message. An echo of our own message would belong here: no channel has them yet. */
const aboutMessages: Pair[] = [
  {
    name: 'a message and its edit',
    onlyAfterFirst: true,
    set: async (stage) => {
      const telegram = stage.stranger('telegram');
      const { simulator } = stage.line('telegram');
      const texts = { original: fresh('original'), edited: fresh('edited') };
      let written: (externalId: string) => void = () => undefined;
      const externalId = new Promise<string>((resolve) => {
        written = resolve;
      });
      return {
        identities: [telegram.identity],
        texts,
        a: async () => {
          written(
            await simulator.customerWrites({ peer: telegram.peer, name: 'Race', text: texts.original }),
          );
          // Edited before it was announced, it is heard with its new words.
          return ok(Promise.any([stage.arrived(texts.original), stage.arrived(texts.edited)]));
        },
        b: async () => {
          await simulator.act({
            do: 'edit',
            peer: telegram.peer,
            externalId: await externalId,
            text: texts.edited,
          });
          return ok(stage.arrived(texts.edited));
        },
      };
    },
  },
  {
    name: 'a reply and its statuses',
    onlyAfterFirst: true,
    set: async (stage) => {
      const sms = stage.stranger('sms');
      const texts = { question: fresh('question'), answer: fresh('answer') };
      const header = await stage.header(await stage.write(sms, texts.question));
      const { simulator } = stage.line('sms');
      return {
        identities: [sms.identity],
        texts,
        a: () => stage.reply(0, header, texts.answer),
        // They come by themselves once the provider has the message.
        b: () =>
          ok(
            until(
              'the provider to deliver it',
              () =>
                simulator
                  .messages()
                  .some((message) => message.text === texts.answer && message.state === 'delivered'),
              20_000,
              10,
            ).then(() => stage.traffic.quiet(100)),
          ),
      };
    },
  },
];

const intake: Pair[] = [
  {
    name: 'a message and a resolve',
    set: async (stage) => {
      const { sms, older, texts, identities } = await twoCustomers(stage);
      return {
        identities,
        texts,
        a: () => ok(stage.write(sms, texts.one)),
        b: () => stage.resolve(1, older.id),
      };
    },
  },
  {
    name: 'a resolve and a message',
    set: async (stage) => {
      const { telegram, younger, texts, identities } = await twoCustomers(stage);
      return {
        identities,
        texts,
        a: () => stage.resolve(0, younger.id),
        b: () => ok(stage.write(telegram, texts.one)),
      };
    },
  },
  {
    name: 'a message and a merge',
    set: async (stage) => {
      const { sms, older, younger, texts, identities } = await twoCustomers(stage);
      return {
        identities,
        texts,
        a: () => ok(stage.write(sms, texts.one)),
        b: () => stage.merge(1, older, younger),
      };
    },
  },
  {
    name: 'a merge and a message',
    set: async (stage) => {
      const { sms, older, younger, texts, identities } = await twoCustomers(stage);
      return {
        identities,
        texts,
        a: () => stage.merge(0, older, younger),
        b: () => ok(stage.write(sms, texts.one)),
      };
    },
  },
  {
    name: 'a shared contact that merges and a message',
    set: async (stage) => {
      const { sms, telegram, texts, identities } = await twoCustomers(stage);
      const { simulator } = stage.line('telegram');
      return {
        identities,
        texts,
        a: () =>
          ok(
            simulator
              .act({ do: 'contact', peer: telegram.peer, phone: sms.peer })
              .then(() => stage.oneCustomer(identities)),
          ),
        b: () => ok(stage.write(sms, texts.one)),
      };
    },
  },
];

const replies: Pair[] = [
  {
    name: 'a reply and a colleague’s reply',
    set: async (stage) => {
      const { older, texts, identities } = await twoCustomers(stage);
      return {
        identities,
        texts,
        a: () => stage.reply(0, older, texts.one),
        b: () => stage.reply(1, older, texts.two),
      };
    },
  },
  {
    name: 'a reply and a resolve',
    set: async (stage) => {
      const { older, texts, identities } = await twoCustomers(stage);
      return {
        identities,
        texts,
        a: () => stage.reply(0, older, texts.one),
        b: () => stage.resolve(1, older.id),
      };
    },
  },
  {
    name: 'a reply and a merge',
    set: async (stage) => {
      const { older, younger, texts, identities } = await twoCustomers(stage);
      return {
        identities,
        texts,
        a: () => stage.reply(0, older, texts.one),
        b: () => stage.merge(1, older, younger),
      };
    },
  },
  {
    name: 'a lane and a stalled holder',
    onlyAfterFirst: true,
    stalls: true,
    from: ({ name, collection }) => name === 'findAndModify' && collection === 'lanes',
    set: async (stage) => {
      const { older, texts, identities } = await twoCustomers(stage);
      return {
        identities,
        texts,
        a: () => stage.reply(0, older, texts.one),
        // It leaves in the same lane, after the first: whoever takes the lane over must see to both.
        b: async () => stage.reply(1, { ...older, seq: older.seq + 1 }, texts.two),
      };
    },
  },
];

const splits: Pair[] = [
  {
    name: 'a split and a message',
    set: async (stage) => {
      const { sms, mixed, thread, texts, identities } = await twoThreads(stage);
      return {
        identities,
        texts,
        a: () => stage.split(0, mixed, thread),
        b: () => ok(stage.write(sms, texts.one)),
      };
    },
  },
  {
    name: 'a message and a split',
    set: async (stage) => {
      const { sms, mixed, thread, texts, identities } = await twoThreads(stage);
      return {
        identities,
        texts,
        a: () => ok(stage.write(sms, texts.one)),
        b: () => stage.split(1, mixed, thread),
      };
    },
  },
  {
    name: 'a split and a reply',
    set: async (stage) => {
      const { mixed, thread, texts, identities } = await twoThreads(stage);
      return {
        identities,
        texts,
        a: () => stage.split(0, mixed, thread),
        b: () => stage.reply(1, mixed, texts.one),
      };
    },
  },
  {
    name: 'a reply and a split',
    set: async (stage) => {
      const { mixed, thread, texts, identities } = await twoThreads(stage);
      return {
        identities,
        texts,
        a: () => stage.reply(0, mixed, texts.one),
        b: () => stage.split(1, mixed, thread),
      };
    },
  },
  {
    name: 'bringing back and a message',
    set: async (stage) => {
      const { sms, split, texts, identities } = await apart(stage);
      return {
        identities,
        texts,
        a: () => stage.bringBack(0, split.id),
        b: () => ok(stage.write(sms, texts.one)),
      };
    },
  },
  {
    name: 'a message and bringing back',
    set: async (stage) => {
      const { sms, split, texts, identities } = await apart(stage);
      return {
        identities,
        texts,
        a: () => ok(stage.write(sms, texts.one)),
        b: () => stage.bringBack(1, split.id),
      };
    },
  },
  {
    name: 'bringing back and a reply',
    set: async (stage) => {
      const { split, texts, identities } = await apart(stage);
      return {
        identities,
        texts,
        a: () => stage.bringBack(0, split.id),
        b: () => stage.reply(1, split, texts.one),
      };
    },
  },
  {
    name: 'a reply and bringing back',
    set: async (stage) => {
      const { split, texts, identities } = await apart(stage);
      return {
        identities,
        texts,
        a: () => stage.reply(0, split, texts.one),
        b: () => stage.bringBack(1, split.id),
      };
    },
  },
];

const blocks: Pair[] = [
  {
    name: 'a block and a message',
    set: async (stage) => {
      const { sms, older, texts, identities } = await twoCustomers(stage);
      return {
        identities,
        texts,
        a: () => stage.spam(0, older.id, sms.identity),
        b: () => ok(stage.writeInVain(sms, texts.one)),
      };
    },
  },
  {
    name: 'a message and a block',
    set: async (stage) => {
      const { sms, older, texts, identities } = await twoCustomers(stage);
      return {
        identities,
        texts,
        a: () => ok(stage.writeInVain(sms, texts.one)),
        b: () => stage.spam(1, older.id, sms.identity),
      };
    },
  },
];

/** Every pair of deeds that must leave what one of their two orders leaves. */
export const pairs: readonly Pair[] = [
  ...messages,
  ...aboutMessages,
  ...intake,
  ...replies,
  ...splits,
  ...blocks,
  ...merges,
];
