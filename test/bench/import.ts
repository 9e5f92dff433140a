import type { Import } from '../../shared/import.ts';
import { until } from '../world.ts';
import type { Row } from './main.ts';
import { startTraffic, type Traffic } from './traffic.ts';
import { percentile } from './webhook.ts';

const usual = 100_000;
const idleMs = 30_000;
/** Longer than the slowest machine takes. */
const patienceMs = 3_600_000;
const mostOfIdle = 1.5;

/**
 * A table of 100,000 purchases (`--only N` for fewer) of half as many customers nobody knows yet is tried and brought in, while agents
 * read the inbox and customers write: rows a second, and how long whoever used the inbox waited meanwhile, beside the same without it.
 */
export async function importTable(say: (line: string) => void, only: string): Promise<Row[]> {
  const count = Number(only) || usual;
  const traffic = await startTraffic();
  try {
    const { agent } = traffic.world;
    const uploaded = await agent.answer(
      'POST',
      '/api/imports?kind=purchases&name=orders.csv',
      new Uint8Array(Buffer.from(table(count))),
    );
    if (!uploaded.ok) throw new Error(`The table was refused: ${await uploaded.text()}`);
    const one = (await uploaded.json()) as Import;
    await traffic.during(() => pause(5_000));
    say(`the inbox alone for ${idleMs / 1000} s`);
    const idle = await traffic.during(() => pause(idleMs));

    const state = async () => agent.call<Import>('GET', `/api/imports/${one.id}`);
    const ended = (wanted: Import['state']) => async () => {
      const now = await state();
      if (now.state === 'failed') throw new Error(`The import failed: ${now.error}`);
      return now.state === wanted;
    };
    say(`trying ${count} rows`);
    const columns = one.columns.flatMap(({ suggests }, column) =>
      suggests ? [{ column, target: suggests }] : [],
    );
    let began = performance.now();
    const checking = await traffic.during(async () => {
      await agent.call('POST', `/api/imports/${one.id}/check`, {
        mapping: { columns, dialect: one.dialect },
      });
      await until('every row was tried', ended('checked'), patienceMs, 500);
    });
    const checked = (performance.now() - began) / 1000;
    say(`bringing them in; it would make ${(await state()).check?.made}`);
    began = performance.now();
    const running = await traffic.during(async () => {
      await agent.call('POST', `/api/imports/${one.id}/run`);
      await until('every row was brought in', ended('done'), patienceMs, 500);
    });
    const ran = (performance.now() - began) / 1000;
    const { result } = await state();
    if (result?.made !== count) throw new Error(`Of ${count} rows ${result?.made} were brought in.`);
    return [
      { case: `tried, ${count} rows`, value: count / checked, unit: 'rows/s' },
      ...waits('trying', idle, checking),
      { case: `brought in, ${count} rows`, value: count / ran, unit: 'rows/s' },
      ...waits('bringing in', idle, running),
    ];
  } finally {
    await traffic.close();
  }
}

function waits(doing: string, idle: Traffic, busy: Traffic): Row[] {
  return (['reads', 'intake'] as const).flatMap((what): Row[] => {
    const [least, ours] = [idle[what], busy[what]].map((spread) => [...spread].sort((a, b) => a - b));
    const [floor, value] = [percentile(least ?? [], 0.99), percentile(ours ?? [], 0.99)];
    const p50 = percentile(ours ?? [], 0.5);
    return [
      {
        case: `inbox ${what} while ${doing}`,
        value,
        unit: 'ms',
        floor,
        ratio: value / floor,
        p50,
        p99: value,
      },
      {
        case: `inbox ${what} while ${doing}, p99 to idle`,
        value: value / floor,
        unit: '×',
        aim: { most: mostOfIdle },
      },
    ];
  });
}

function table(count: number): string {
  const rows = Array.from({ length: count }, (_, n) => {
    const mobile = `0912${String(1_000_000 + Math.floor(n / 2))}`;
    const day = String(1 + (n % 28)).padStart(2, '0');
    return `${100_000 + n},${mobile},مشتری ${Math.floor(n / 2)},1403/05/${day},${(n % 900) * 1000 + 50_000},تحویل شده,کالای ${n % 500}`;
  });
  return `شماره سفارش,موبایل,نام مشتری,تاریخ,مبلغ,وضعیت,کالا\n${rows.join('\n')}\n`;
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
