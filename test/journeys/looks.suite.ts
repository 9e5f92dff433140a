import { afterAll, beforeAll, describe, it } from 'vitest';
import type { Preferences } from '../../shared/user.ts';
import { furnish, seedAdvocates } from './advocate.looks.ts';
import { axe } from './browser.ts';
import { careLooks, seedCare } from './care.looks.ts';
import { seedCustomer } from './customer.looks.ts';
import { Desk, expect, lineOf, type Stage, setStage } from './desk.ts';
import { expected, foreign, worlds } from './foreign.ts';
import { importLooks } from './import.looks.ts';
import { seedListening } from './listening.looks.ts';
import { seedSegments } from './segment.looks.ts';
import type { Look } from './states.ts';

const minute = 60_000;

type Language = Preferences['language'];
interface Seeded {
  looks: readonly Look[];
  tidy?: () => Promise<void>;
}

/** What is to be seen of one part of the product, in a theme and a width of its own in each language: together they are all four. */
const parts: {
  name: string;
  seed(stage: Stage, language: Language): Promise<Seeded>;
  theme: Record<Language, Preferences['theme']>;
  width: Record<Language, number>;
}[] = [
  {
    name: 'clean data',
    seed: async (stage, language) => ({ looks: careLooks, tidy: await seedCare(stage, language) }),
    theme: { fa: 'light', en: 'dark' },
    width: { fa: 1280, en: 390 },
  },
  {
    name: 'a table on its way in',
    seed: async () => ({ looks: importLooks }),
    theme: { fa: 'dark', en: 'light' },
    width: { fa: 1280, en: 390 },
  },
  {
    name: 'a customer',
    seed: seedCustomer,
    theme: { fa: 'light', en: 'dark' },
    width: { fa: 1280, en: 390 },
  },
  {
    name: 'segments, companies, fields and keys',
    seed: seedSegments,
    theme: { fa: 'light', en: 'dark' },
    width: { fa: 390, en: 1280 },
  },
  {
    name: 'advocates and rewards',
    seed: async (stage, language) => {
      const { advocates, looks } = await seedAdvocates(stage, language);
      for (const first of advocates.slice(0, 1)) await furnish(stage, language, first);
      return { looks };
    },
    theme: { fa: 'dark', en: 'light' },
    width: { fa: 1280, en: 390 },
  },
  {
    name: 'what is said in public',
    seed: seedListening,
    theme: { fa: 'light', en: 'dark' },
    width: { fa: 390, en: 1280 },
  },
];

/** Every page beside the inbox, once: it speaks one language, and axe objects to nothing. */
export function everyPage(language: Language): void {
  describe(`the pages in ${language}`, () => {
    const words = worlds[language];
    let stage: Stage;

    beforeAll(async () => {
      stage = await setStage();
      const { agent, lines } = stage.world;
      await agent.call('PATCH', '/api/profile', { name: words.admin });
      for (const { connector, channelId } of lines)
        await agent.call('PATCH', `/api/channels/${channelId}`, {
          name: words.channels[connector.manifest.id],
        });
      const { simulator } = lineOf(stage, 'telegram');
      await simulator.customerWrites({
        peer: simulator.peer(1),
        name: words.customer,
        text: words.question,
      });
    }, minute);
    afterAll(() => stage?.close());

    it.each(parts)(
      '$name',
      async ({ seed, theme, width }) => {
        const { looks, tidy } = await seed(stage, language);
        const calendar = language === 'fa' ? 'jalali' : 'gregorian';
        const desk = await Desk.open({
          stage,
          preferences: { language, calendar, theme: theme[language] },
          width: width[language],
          height: 844,
        });
        for (const { name, show, leave } of looks) {
          await show(desk);
          const strange = await foreign(desk, language);
          expect(
            strange.filter((each) => !expected(language).has(each)),
            name,
          ).toEqual([]);
          expect(await axe(desk.page), `${name}, ${width[language]} px`).toEqual([]);
          await leave(desk);
        }
        await tidy?.();
        await desk.close();
      },
      4 * minute,
    );
  });
}
