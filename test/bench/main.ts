import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { client } from './client.ts';
import { duplicates } from './duplicates.ts';
import { engine } from './engine.ts';
import { importTable } from './import.ts';
import { ingest } from './ingest.ts';
import { latency } from './latency.ts';
import { report } from './report.ts';
import { search } from './search.ts';
import { sentiment } from './sentiment.ts';
import { timeline } from './timeline.ts';

/** One measured case. With a floor, `ratio` is value to floor of the same run: machines differ, ratios less so. */
export interface Row {
  case: string;
  value: number;
  unit: string;
  floor?: number;
  ratio?: number;
  /** What the ratio is to reach at the least, or the value at the most. */
  aim?: { least?: number; most?: number };
  p50?: number;
  p99?: number;
}

export interface Report {
  name: string;
  at: string;
  machine: string;
  rows: Row[];
}

const benches: Record<string, (say: (line: string) => void, only: string) => Promise<Row[]>> = {
  client,
  duplicates,
  engine,
  import: importTable,
  ingest,
  latency,
  report,
  search,
  sentiment,
  timeline,
};

async function main(): Promise<number> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'string' }, only: { type: 'string' } },
  });
  const [name = ''] = positionals;
  const bench = benches[name];
  if (!bench) {
    console.error(
      `Which bench? One of: ${Object.keys(benches).join(', ')}. With --json FILE the figures are written there too.`,
    );
    return 2;
  }
  const rows = await bench((line) => console.error(line), values.only ?? '');
  const written: Report = {
    name,
    at: new Date().toISOString(),
    machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`,
    rows,
  };
  for (const row of rows) {
    const beside =
      row.floor === undefined
        ? ''
        : `, floor ${round(row.floor)} ${row.unit}, ratio ${row.ratio?.toFixed(2)}`;
    const spread = row.p50 === undefined ? '' : `, p50 ${round(row.p50)} ms, p99 ${round(row.p99 ?? 0)} ms`;
    console.log(`${row.case}: ${round(row.value)} ${row.unit}${beside}${spread}${aimed(row)}`);
  }
  if (values.json) writeFileSync(values.json, `${JSON.stringify(written, null, 2)}\n`);
  return 0;
}

/** Whether a case came to what it is to come to. */
function aimed({ value, ratio = 0, aim }: Row): string {
  if (aim?.least !== undefined)
    return `, at least ${aim.least.toFixed(2)}: ${ratio >= aim.least ? 'met' : 'MISSED'}`;
  if (aim?.most !== undefined) return `, at most ${aim.most}: ${value <= aim.most ? 'met' : 'MISSED'}`;
  return '';
}

const round = (value: number) => (value < 10 ? value.toFixed(2) : String(Math.round(value)));

main().then(
  (code) => process.exit(code),
  (error) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
