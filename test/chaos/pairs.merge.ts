import { ok, threeCustomers, twoCustomers, twoThreads } from './scenes.ts';
import type { Pair } from './stage.ts';

/** A merge and its undo, against whatever else decides where messages go, and each other. */
export const merges: Pair[] = [
  {
    name: 'a merge and a reply',
    set: async (stage) => {
      const { older, younger, texts, identities } = await twoCustomers(stage);
      return {
        identities,
        texts,
        a: () => stage.merge(0, older, younger),
        b: () => stage.reply(1, younger, texts.one),
      };
    },
  },
  {
    name: 'a merge and the same the other way round',
    set: async (stage) => {
      const { older, younger, texts, identities } = await twoCustomers(stage);
      return {
        identities,
        texts,
        a: () => stage.merge(0, older, younger),
        b: () => stage.merge(1, younger, older),
      };
    },
  },
  {
    name: 'a merge and a split',
    set: async (stage) => {
      const { mixed, thread, third, texts, identities } = await threeCustomers(stage);
      return {
        identities,
        texts,
        a: () => stage.merge(0, third, mixed),
        b: () => stage.split(1, mixed, thread),
      };
    },
  },
  {
    name: 'a split and a merge',
    set: async (stage) => {
      const { mixed, thread, third, texts, identities } = await threeCustomers(stage);
      return {
        identities,
        texts,
        a: () => stage.split(0, mixed, thread),
        b: () => stage.merge(1, mixed, third),
      };
    },
  },
  {
    name: 'an un-merge and a message',
    set: async (stage) => {
      const { sms, mixed, linkId, texts, identities } = await twoThreads(stage);
      return {
        identities,
        texts,
        a: () => stage.unmerge(0, mixed, linkId),
        b: () => ok(stage.write(sms, texts.one)),
      };
    },
  },
  {
    name: 'a message and an un-merge',
    set: async (stage) => {
      const { sms, mixed, linkId, texts, identities } = await twoThreads(stage);
      return {
        identities,
        texts,
        a: () => ok(stage.write(sms, texts.one)),
        b: () => stage.unmerge(1, mixed, linkId),
      };
    },
  },
  {
    name: 'an un-merge and a reply',
    set: async (stage) => {
      const { mixed, linkId, texts, identities } = await twoThreads(stage);
      return {
        identities,
        texts,
        a: () => stage.unmerge(0, mixed, linkId),
        b: () => stage.reply(1, mixed, texts.one),
      };
    },
  },
  {
    name: 'a reply and an un-merge',
    set: async (stage) => {
      const { mixed, linkId, texts, identities } = await twoThreads(stage);
      return {
        identities,
        texts,
        a: () => stage.reply(0, mixed, texts.one),
        b: () => stage.unmerge(1, mixed, linkId),
      };
    },
  },
  {
    name: 'an un-merge and a split',
    set: async (stage) => {
      const { mixed, thread, linkId, texts, identities } = await twoThreads(stage);
      return {
        identities,
        texts,
        a: () => stage.unmerge(0, mixed, linkId),
        b: () => stage.split(1, mixed, thread),
      };
    },
  },
  {
    name: 'a split and an un-merge',
    set: async (stage) => {
      const { mixed, thread, linkId, texts, identities } = await twoThreads(stage);
      return {
        identities,
        texts,
        a: () => stage.split(0, mixed, thread),
        b: () => stage.unmerge(1, mixed, linkId),
      };
    },
  },
  {
    name: 'an un-merge and a merge with a third',
    set: async (stage) => {
      const { mixed, third, linkId, texts, identities } = await threeCustomers(stage);
      return {
        identities,
        texts,
        a: () => stage.unmerge(0, mixed, linkId),
        b: () => stage.merge(1, third, mixed),
      };
    },
  },
  {
    name: 'a merge with a third and an un-merge',
    set: async (stage) => {
      const { mixed, third, linkId, texts, identities } = await threeCustomers(stage);
      return {
        identities,
        texts,
        a: () => stage.merge(0, mixed, third),
        b: () => stage.unmerge(1, mixed, linkId),
      };
    },
  },
  {
    name: 'an un-merge and the same again',
    set: async (stage) => {
      const { mixed, linkId, texts, identities } = await twoThreads(stage);
      return {
        identities,
        texts,
        a: () => stage.unmerge(0, mixed, linkId),
        b: () => stage.unmerge(1, mixed, linkId),
      };
    },
  },
];
