import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Agent } from '../../test/agent.ts';
import { startTestApp, type TestApp } from '../../test/app.ts';
import { addPlainChannel, arrives } from '../../test/inbox.ts';
import { person, plain, written } from '../../test/provider.ts';
import { mergeByAgent } from '../customers/customer.merge.ts';
import { factsDueNow } from '../customers/facts.due.ts';
import { workFacts } from '../customers/facts.worker.ts';
import { createCustomer } from '../customers/profile.service.ts';
import { workCompare } from '../duplicates/compare.worker.ts';
import { putRecord } from '../records/record.service.ts';
import { workSearch } from '../search/search.worker.ts';

let app: TestApp;
let outsider: Agent;
let insider: Agent;
/** Spoke on a channel that the outsider lacks, as did their double and the one who was merged into them. */
let hidden: string;
let double: string;
let recordId: string;
let linkId: string;

const admin = { id: 'admin', role: 'administrator', channelIds: 'all', teamIds: [] } as const;
const name = 'Zarrinkolah Hidden';

beforeAll(async () => {
  app = await startTestApp({ connectors: { plain } });
  const ctx = app.context;
  const theirs = await addPlainChannel(ctx, 'theirs');
  const other = await addPlainChannel(ctx, 'other');
  ({ agent: outsider } = await app.join({ channelIds: [other._id] }));
  ({ agent: insider } = await app.join({ channelIds: [theirs._id] }));
  const mobile = { kind: 'mobile' as const, value: '+989121234567', source: 'contact' };
  const come = (who: string) =>
    arrives(ctx, theirs, [written(person(who, { name }), 'zarrinword in a message', { claims: [mobile] })]);
  hidden = (await come('1001')).customerId;
  double = (await come('1002')).customerId;
  const third = (await come('1003')).customerId;
  linkId = (await mergeByAgent(ctx, admin, { intoId: hidden, otherId: third, reason: 'x' })).linkId ?? '';
  const put = {
    at: '2024-01-01T00:00:00Z',
    title: 'zarrinthing',
    amount: 10,
    currency: 'IRR',
    items: [],
    status: 'done' as const,
    statusText: '',
    note: '',
    referralCode: '',
  };
  const source = { by: 'api' as const, id: 'k' };
  const said = { customerId: hidden, kind: 'purchase' as const, externalId: 'ZARRIN-778811', put, source };
  recordId = (await putRecord(ctx, said)).record.id;
  const open = await createCustomer(ctx, admin, { name: 'Everybodys Customer', change: {}, identities: [] });
  await factsDueNow(ctx, [hidden, double, open.id]);
  await settled();
});
afterAll(() => app?.end());

/** The server's own workers are at it too: whoever has the lease does it. */
async function settled(): Promise<void> {
  const { models } = app.context;
  const owed = { todo: 'search' };
  const { signal } = new AbortController();
  while ((await models.messages.exists(owed)) || (await models.records.exists(owed)))
    await workSearch(app.context, signal, { pace: 0 });
  while (await models.factsDue.exists({})) await workFacts(app.context, signal);
  while (await models.comparesDue.exists({})) await workCompare(app.context, signal);
}

const outcomeOf = (agent: Agent, [method, path, body]: [string, string, unknown?]) =>
  agent.call(method, path, body).then(
    () => 'let in',
    (error) => error.code,
  );

describe('whoever may not see a customer', () => {
  it('gets nothing of them by any road', async () => {
    const change = { ifVersion: 1, change: { title: 'mine' } };
    const record = { kind: 'purchase', at: '2024-01-01T00:00:00Z', title: 'x' };
    const pair = (await insider.call<{ duplicates: { id: string }[] }>('GET', '/api/duplicates'))
      .duplicates[0];
    expect(pair).toBeDefined();
    const roads: [string, string, unknown?][] = [
      ['GET', `/api/customers/${hidden}`],
      ['PATCH', `/api/customers/${hidden}`, { name: 'mine' }],
      ['GET', `/api/customers/${hidden}/edits`],
      ['POST', `/api/customers/${hidden}/edits/x/undo`],
      ['PUT', `/api/customers/${hidden}/consents/telegramUser`, { state: 'granted', evidence: 'said so' }],
      ['GET', `/api/customers/${hidden}/merge?with=${double}`],
      ['POST', `/api/customers/${hidden}/merge`, { otherId: double, reason: 'x', winners: {} }],
      ['GET', `/api/customers/${hidden}/merges`],
      ['POST', `/api/customers/${hidden}/unmerge`, { linkId }],
      ['GET', `/api/customers/${hidden}/history`],
      ['GET', `/api/customers/${hidden}/history?q=zarrinword`],
      ['GET', `/api/customers/${hidden}/timeline`],
      ['GET', `/api/customers/${hidden}/records`],
      ['POST', `/api/customers/${hidden}/records`, record],
      ['PATCH', `/api/records/${encodeURIComponent(recordId)}`, change],
      ['DELETE', `/api/records/${encodeURIComponent(recordId)}`],
      ['GET', `/api/customers/${hidden}/duplicates`],
      ['PUT', `/api/customers/${hidden}/problems/noWayToReach`, { ignored: true }],
      ['POST', `/api/duplicates/${encodeURIComponent(pair?.id ?? '')}/dismiss`],
      ['POST', `/api/duplicates/${encodeURIComponent(pair?.id ?? '')}/restore`],
    ];
    const outcomes = [];
    for (const road of roads) outcomes.push([road[0], road[1], await outcomeOf(outsider, road)]);
    expect(outcomes.filter(([, , outcome]) => outcome !== 'notFound')).toEqual([]);
  });

  it('sees nothing of them in lists, counts, search, duplicates, the board and what is refused', async () => {
    const rule = (attribute: string, operator: string, value: unknown) =>
      encodeURIComponent(JSON.stringify({ match: 'all', conditions: [{ attribute, operator, value }] }));
    const asked = [
      '/api/customers?q=zarrin',
      '/api/customers?q=0912123',
      `/api/customers?q=${hidden}`,
      '/api/customers?q=ZARRIN-778811',
      '/api/customers/list',
      `/api/customers/list?filter=${rule('name', 'contains', 'zarrin')}`,
      '/api/search?q=zarrin&spam=1',
      '/api/search?q=zarrinword',
      '/api/search?q=778811',
      '/api/duplicates',
      '/api/duplicates?state=dismissed',
      '/api/quality',
      '/api/quality/noWayToReach',
      '/api/quality/missing/city',
      '/api/segments',
      '/api/bootstrap',
    ];
    for (const path of asked) {
      const answer = JSON.stringify(await outsider.call('GET', path));
      expect([path, answer.toLowerCase().includes('zarrin'.concat('kolah'))]).toEqual([path, false]);
      for (const secret of [double, 'zarrinword in', 'zarrinthing'])
        expect([path, answer.includes(secret)]).toEqual([path, false]);
    }
    for (const [path, found] of [
      ['/api/customers?q=zarrin', double],
      ['/api/search?q=zarrinword', 'zarrinword in'],
      ['/api/search?q=778811', 'zarrinthing'],
      ['/api/duplicates', double],
      ['/api/quality/missing/city', double],
    ])
      expect([path, JSON.stringify(await insider.call('GET', path ?? ''))]).toEqual([
        path,
        expect.stringContaining(found ?? ''),
      ]);
    const count = await outsider.call<{ count: number }>('POST', '/api/segments/count', {
      rule: { match: 'all', conditions: [{ attribute: 'purchases', operator: 'atLeast', value: 1 }] },
    });
    expect(count.count).toBe(0);
    expect(
      await insider.call('POST', '/api/segments/count', {
        rule: { match: 'all', conditions: [{ attribute: 'purchases', operator: 'atLeast', value: 1 }] },
      }),
    ).toMatchObject({ count: 1 });
  });
});

describe('what no client sends', () => {
  it('is refused with what would be right, and never fails', async () => {
    const cursor = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const odd = [
      [1e300, 'x'],
      [-1e300, 'x'],
      [0, 0],
      [0, 0, 1, 2, 3],
      [0, 0, 'a', 'b', 'c'],
      [8.64e15, 1, 'x'],
      [0, 99, 5],
      [0, 4],
      ['x', 'y'],
      [{ $gt: 1 }, 'x'],
      [0, { $gt: '' }],
      null,
    ].map(cursor);
    const raw = ['%00', 'a%00b', '$where', '%F0%9F%98%80', '....', '999:x'];
    const cursors = [
      ...odd,
      ...raw,
      Buffer.from('1:\u0000').toString('base64url'),
      Buffer.from('9999999999999999:x').toString('base64url'),
    ];
    const lists = [
      ...['name', 'lastAt', 'createdAt'].map((sort) => `/api/customers/list?sort=${sort}&after=`),
      `/api/customers/${hidden}/history?before=`,
      `/api/customers/${hidden}/history?after=`,
      `/api/customers/${hidden}/history?around=`,
      `/api/customers/${hidden}/edits?after=`,
      `/api/customers/${hidden}/records?after=`,
      '/api/duplicates?after=',
      '/api/quality/noWayToReach?after=',
      '/api/quality/missing/city?after=',
      '/api/companies?after=',
      '/api/search?q=a&kinds=messages&after=',
    ];
    const failed: string[] = [];
    for (const list of lists)
      for (const one of cursors) {
        const response = await insider.answer('GET', `${list}${one}`);
        if (response.status >= 500) failed.push(`${response.status} ${list}${one}`);
        await response.arrayBuffer();
      }
    expect(failed).toEqual([]);
  });

  it('finds nothing in a search, and makes no pattern', async () => {
    const texts = [
      '\u0000',
      'a\u0000b',
      '(a+)+$',
      '.*',
      '[',
      '\\',
      '/-/',
      '^',
      '$ne',
      '\uD800',
      '\u200C',
      'ي'.repeat(200),
      '0'.repeat(200),
      '٪',
      '+',
      '@',
      '#',
      '@kind:message',
      '-'.repeat(150),
      'a '.repeat(99),
      '1 '.repeat(99),
      '\u202E',
      'İ',
      '{"$gt":""}',
    ];
    const failed: string[] = [];
    const ask = async (what: string, deed: Promise<unknown>) => {
      await deed.catch((error: { code: string }) => {
        if (error.code === 'internal' || error.code === 'unavailable') failed.push(`${what}: ${error.code}`);
      });
    };
    for (const text of texts) {
      const q = encodeURIComponent(text === '\uD800' ? '\uFFFD' : text);
      await ask(`customers ${JSON.stringify(text)}`, insider.call('GET', `/api/customers?q=${q}`));
      await ask(`search ${JSON.stringify(text)}`, insider.call('GET', `/api/search?q=${q}`));
      await ask(
        `history ${JSON.stringify(text)}`,
        insider.call('GET', `/api/customers/${hidden}/history?q=${q}`),
      );
      await ask(`companies ${JSON.stringify(text)}`, insider.call('GET', `/api/companies?q=${q}`));
      for (const operator of ['is', 'isNot', 'contains', 'startsWith'])
        await ask(
          `${operator} ${JSON.stringify(text)}`,
          insider.call('POST', '/api/segments/count', {
            rule: { match: 'all', conditions: [{ attribute: 'name', operator, value: text }] },
          }),
        );
    }
    const conditions = [
      { attribute: 'birthday', operator: 'before', value: '+275760-09-13' },
      { attribute: 'createdAt', operator: 'since', value: '-271821-04-20' },
      { attribute: 'createdAt', operator: 'inLast', value: 36500 },
      { attribute: 'spent', operator: 'equals', value: 1e308 },
      { attribute: 'spent', operator: 'moreThan', value: 2 ** 60 },
      { attribute: 'tags', operator: 'anyOf', value: ['\u0000', '$ne'] },
      { attribute: 'boughtItems', operator: 'noneOf', value: ['\u0000', '$ne', '\u200C', 'x'.repeat(300)] },
      { attribute: 'boughtItems', operator: 'contains', value: '(a+)+$' },
      { attribute: 'constructor', operator: 'isSet' },
      { attribute: 'field:__proto__', operator: 'isSet' },
      { attribute: 'field:constructor', operator: 'isSet' },
    ];
    for (const condition of conditions)
      await ask(
        JSON.stringify(condition),
        insider.call('POST', '/api/segments/count', { rule: { match: 'all', conditions: [condition] } }),
      );
    expect(failed).toEqual([]);
  });

  it('is no word, field, date or number that is kept', async () => {
    const failed: string[] = [];
    const bodies: [string, string, string][] = [
      ['PATCH', `/api/customers/${hidden}`, '{"fields":{"__proto__":"x"}}'],
      ['PATCH', `/api/customers/${hidden}`, '{"fields":{"constructor":"x"}}'],
      ['PATCH', `/api/customers/${hidden}`, '{"fields":{"a.b":"x","$set":"y"}}'],
      ['PATCH', `/api/customers/${hidden}`, '{"city":"a\\u0000b","job":"\\ud800"}'],
      ['PATCH', `/api/customers/${hidden}`, '{"birthday":"9999-12-31"}'],
      ['PATCH', `/api/customers/${hidden}`, '{"name":"\\u202e\\u0000"}'],
      [
        'POST',
        `/api/customers/${hidden}/merge`,
        `{"otherId":"${double}","reason":"x","winners":{"__proto__":"other","constructor":"other"}}`,
      ],
      [
        'POST',
        `/api/customers/${hidden}/records`,
        '{"kind":"purchase","at":"9999-12-31T23:59:59Z","title":"x","amount":9007199254740993}',
      ],
      [
        'POST',
        `/api/customers/${hidden}/records`,
        '{"kind":"purchase","at":"9999-12-31T23:59:59Z","title":"x","amount":9e15,"externalId":"a:b\\u0000/..%2f"}',
      ],
      [
        'POST',
        `/api/customers/${hidden}/records`,
        '{"kind":"purchase","at":"0000-01-01T00:00:00+14:00","title":"x"}',
      ],
      ['POST', `/api/customers/${hidden}/identities`, '{"kind":"username","value":"__proto__","reason":"x"}'],
      [
        'POST',
        `/api/customers/${hidden}/identities`,
        '{"kind":"customerNumber","value":"a\\u0000b:%2f","reason":"x"}',
      ],
      ['POST', `/api/customers/${hidden}/identities`, '{"kind":"constructor","value":"x","reason":"x"}'],
      ['PUT', `/api/customers/${hidden}/consents/constructor`, '{"state":"granted","evidence":"x"}'],
      ['PUT', `/api/customers/${hidden}/problems/constructor`, '{"ignored":true}'],
      ['POST', '/api/companies', '{"name":"\\u0000"}'],
      ['POST', '/api/companies', '{"name":"constructor"}'],
    ];
    for (const [method, path, body] of bodies)
      await insider.call(method, path, JSON.parse(body)).catch((error: { code: string; message: string }) => {
        if (error.code === 'internal' || error.code === 'unavailable')
          failed.push(`${path} ${body}: ${error.message}`);
      });
    expect(failed).toEqual([]);
    const customer = await insider.call<{ name: string }>('GET', `/api/customers/${hidden}`);
    expect(customer.name).toBeTruthy();
    await settled();
    await insider.call('GET', `/api/customers/${hidden}/history`);
    await insider.call('GET', '/api/customers/list');
  });
});
