import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SearchPage } from '../../shared/search.ts';
import { startTestApp, type TestApp } from '../../test/app.ts';
import { addPlainChannel, arrives } from '../../test/inbox.ts';
import { person, plain, written } from '../../test/provider.ts';
import { until } from '../../test/world.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ connectors: { plain } });
});
afterAll(() => app.end());

const ask = (query: string) => app.admin.call<SearchPage>('GET', `/api/search?${query}`);

it('what has just come in is found, by whoever may see it', async () => {
  const mine = await addPlainChannel(app.context, 'mine');
  const theirs = await addPlainChannel(app.context, 'theirs');
  const { agent } = await app.join({ channelIds: [mine._id] });
  await arrives(app.context, theirs, [written(person('nika', { name: 'نیکا' }), 'یخچال روشن نمی‌شود')]);
  const page = await until('the message in search', async () => {
    const found = await ask(`q=${encodeURIComponent('يخچال نميشود')}`);
    return found.messages?.found.length ? found : null;
  });
  expect(page.messages?.found[0]).toMatchObject({
    customer: { name: 'نیکا' },
    snippet: {
      text: 'یخچال روشن نمی‌شود',
      highlights: [
        [0, 5],
        [11, 18],
      ],
    },
  });
  expect(page.customers?.found).toEqual([]);
  const hidden = await agent.call<SearchPage>('GET', `/api/search?q=${encodeURIComponent('یخچال')}`);
  expect(hidden.messages?.found).toEqual([]);
  const customers = await agent.call<SearchPage>(
    'GET',
    `/api/search?q=${encodeURIComponent('نیکا')}&kinds=customers`,
  );
  expect(customers).toMatchObject({ customers: { found: [] } });
  expect(customers.messages).toBeUndefined();
  expect(customers.customers?.more).toBe(false);
  await arrives(app.context, theirs, [written(person('nika2', { name: 'نیکا' }), 'سلام')]);
  const one = await ask(`q=${encodeURIComponent('نیکا')}&kinds=customers&limit=1`);
  expect(one.customers).toMatchObject({ found: [{ name: 'نیکا' }], next: null, more: true });
});

it('what is asked wrongly is refused with a sentence', async () => {
  await expect(ask('q=x&kinds=people')).rejects.toMatchObject({ code: 'invalid' });
  await expect(ask('q=x&kinds=messages&after=%20')).rejects.toMatchObject({ code: 'invalid' });
  await expect(ask('q=x&after=1.1')).rejects.toMatchObject({ code: 'invalid' });
  await expect(ask(`q=${'x'.repeat(201)}`)).rejects.toMatchObject({ code: 'invalid' });
  expect((await ask('q=')).messages?.found).toEqual([]);
});
