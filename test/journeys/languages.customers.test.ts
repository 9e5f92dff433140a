import { afterAll, beforeAll, describe, it } from 'vitest';
import { furnish, seedAdvocates } from './advocate.looks.ts';
import { careLooks, seedCare } from './care.looks.ts';
import { seedCustomer } from './customer.looks.ts';
import { Desk, expect, lineOf, type Stage, setStage } from './desk.ts';
import { expected, foreign, worlds } from './foreign.ts';
import { importLooks } from './import.looks.ts';
import { seedListening } from './listening.looks.ts';
import { seedSegments } from './segment.looks.ts';

const minute = 60_000;

describe.each(['fa', 'en'] as const)('the customers in %s', (language) => {
  const words = worlds[language];
  let stage: Stage;
  let desk: Desk;
  const check = async () => {
    const strange = await foreign(desk, language);
    expect(strange.filter((each) => !expected(language).has(each))).toEqual([]);
  };

  beforeAll(async () => {
    stage = await setStage();
    const { agent, lines } = stage.world;
    await agent.call('PATCH', '/api/profile', { name: words.admin });
    for (const { connector, channelId } of lines)
      await agent.call('PATCH', `/api/channels/${channelId}`, {
        name: words.channels[connector.manifest.id],
      });
    const { simulator } = lineOf(stage, 'telegram');
    await simulator.customerWrites({ peer: simulator.peer(1), name: words.customer, text: words.question });
    desk = await Desk.open({
      stage,
      preferences: { language, calendar: language === 'fa' ? 'jalali' : 'gregorian' },
    });
    await expect(desk.row(words.question)).toBeVisible();
  }, minute);
  afterAll(async () => {
    await desk?.close();
    await stage?.close();
  });

  it(
    'speaks one language on the pages of clean data',
    async () => {
      const tidy = await seedCare(stage, language);
      for (const { show, leave } of careLooks) {
        await show(desk);
        await check();
        await leave(desk);
      }
      await tidy();
    },
    minute,
  );

  it(
    'speaks one language while a table is brought in',
    async () => {
      for (const { show, leave } of importLooks) {
        await show(desk);
        await check();
        await leave(desk);
      }
    },
    minute,
  );

  it(
    'speaks one language on the pages of a customer',
    async () => {
      const seeded = await seedCustomer(stage, language);
      for (const { show, leave } of seeded.looks) {
        await show(desk);
        await check();
        await leave(desk);
      }
      await seeded.tidy();
    },
    minute,
  );

  it(
    'speaks one language on the pages of segments, companies, fields and keys',
    async () => {
      const seeded = await seedSegments(stage, language);
      for (const { show, leave } of seeded.looks) {
        await show(desk);
        await check();
        await leave(desk);
      }
      await seeded.tidy();
    },
    minute,
  );

  it(
    'speaks one language on the pages of advocates and rewards',
    async () => {
      const { advocates, looks } = await seedAdvocates(stage, language);
      for (const first of advocates.slice(0, 1)) await furnish(stage, language, first);
      for (const { show, leave } of looks) {
        await show(desk);
        await check();
        await leave(desk);
      }
    },
    minute,
  );

  it(
    'speaks one language on the pages of what is said in public',
    async () => {
      const seeded = await seedListening(stage, language);
      for (const { show, leave } of seeded.looks) {
        await show(desk);
        await check();
        await leave(desk);
      }
      await seeded.tidy();
    },
    2 * minute,
  );
});
