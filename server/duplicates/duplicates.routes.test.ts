import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DuplicatePage } from '../../shared/duplicate.ts';
import { defaultQualitySettings, type QualityBoard, type QualityRows } from '../../shared/quality.ts';
import { startTestApp, type TestApp } from '../../test/app.ts';
import { until } from '../../test/world.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app?.end());

describe('duplicates and the quality of data over HTTP', () => {
  it('are worked through: found, dismissed, brought back, and gone with their problem', async () => {
    const { admin } = app;
    const known = (name: string, change: object) =>
      admin.call<{ id: string }>('POST', '/api/customers', { name, change });
    const birthday = '1980-01-01';
    const a = await known('مهرانگیز پارسا', { birthday });
    await known('Mehrangiz Parsa', { birthday });
    const queue = (query = '') => admin.call<DuplicatePage>('GET', `/api/duplicates${query}`);
    const [pair] = await until('the pair is found', async () => {
      const { duplicates } = await queue();
      return duplicates.length ? duplicates : null;
    });
    const path = `/api/duplicates/${encodeURIComponent(pair?.id ?? '')}`;
    expect(await admin.call('GET', '/api/duplicates/count')).toEqual({ count: 1 });
    expect(await admin.call('GET', `/api/customers/${a.id}/duplicates`)).toEqual([pair]);
    expect(await admin.call('POST', `${path}/dismiss`, {})).toMatchObject({ state: 'dismissed' });
    expect(await queue('?state=dismissed')).toMatchObject({ count: 1, duplicates: [{ id: pair?.id }] });
    expect(await admin.call('POST', `${path}/restore`, {})).toMatchObject({ state: 'open' });

    const board = await admin.call<QualityBoard>('GET', '/api/quality');
    expect(board.problems.find((one) => one.problem === 'noWayToReach')?.count).toBe(2);
    const rows = () => admin.call<QualityRows>('GET', '/api/quality/noWayToReach?limit=10');
    expect((await rows()).rows).toHaveLength(2);
    await admin.call('PUT', `/api/customers/${a.id}/problems/noWayToReach`, { ignored: true });
    await until('one is left', async () => (await rows()).rows.length === 1);
  });

  it('lists who lacks a field, until it is filled in and again when that is taken back', async () => {
    const { admin } = app;
    const lacking = async (query = '') => admin.call<QualityRows>('GET', `/api/quality/missing/city${query}`);
    const has = async (id: string) => (await lacking()).rows.some((row) => row.customerId === id);
    const { id } = await admin.call<{ id: string }>('POST', '/api/customers', { name: 'Roya Amini' });
    await until('they are listed', () => has(id));
    const first = await lacking('?limit=1');
    expect(first.rows).toHaveLength(1);
    expect(first.next).toBe(first.rows[0]?.customerId);
    const rest = await lacking(`?after=${first.next}`);
    expect([...first.rows, ...rest.rows]).toEqual((await lacking()).rows);
    const { edits } = await admin.call<{ edits: { id: string }[] }>('PATCH', `/api/customers/${id}`, {
      city: 'تبریز',
    });
    await until('they are gone', async () => !(await has(id)));
    await admin.call('POST', `/api/customers/${id}/edits/${edits[0]?.id}/undo`);
    await until('they are back', () => has(id));
    await expect(admin.call('GET', '/api/quality/missing/shoeSize')).rejects.toMatchObject({
      code: 'invalid',
    });
  });

  it('are refused to whoever may not, and for a problem there is none of', async () => {
    const { agent } = await app.join({ channelIds: 'all' });
    await expect(agent.call('PUT', '/api/quality/settings', defaultQualitySettings)).rejects.toMatchObject({
      code: 'forbidden',
    });
    expect(await agent.call('GET', '/api/quality/settings')).toEqual(defaultQualitySettings);
    await expect(agent.call('GET', '/api/quality/nonsense')).rejects.toMatchObject({ code: 'invalid' });
    await expect(
      app.admin.call('PUT', '/api/quality/settings', {
        ...defaultQualitySettings,
        staleMonths: { ...defaultQualitySettings.staleMonths, city: -1 },
      }),
    ).rejects.toMatchObject({ code: 'invalid' });
  });
});
