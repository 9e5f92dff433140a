import type { Import, ImportProblem } from '../../../shared/import.ts';
import { importProblemWords } from '../../../shared/import-problem.ts';
import { Button } from '../../components/button.tsx';
import { Download } from '../../components/icons.ts';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { useFmt, useLocale, useT } from '../../i18n/locale.tsx';
import { useWorkspace } from '../../state/hooks.tsx';
import { useRoom } from '../media.ts';
import { Loaded } from '../settings/page.tsx';
import { useImportErrors } from './queries.ts';

interface Line {
  row: number;
  /** The row is brought in all the same. */
  noted: boolean;
  problem: ImportProblem;
}

/** The server keeps as many wrong rows as anybody reads. */
const kept = 10_000;

/** Each wrong row, and each that is to be looked at: where, what stands there, what is wrong and what would be right. */
export function Errors({ one, counts }: { one: Import; counts: { failed: number; noted?: number } }) {
  return counts.failed > 0 || counts.noted ? <Listed one={one} failed={counts.failed} /> : null;
}

function Listed({ one, failed }: { one: Import; failed: number }) {
  const t = useT();
  const w = useCustomerWords().imports;
  const { calls } = useWorkspace();
  const room = useRoom();
  const { language } = useLocale();
  const query = useImportErrors(one.id);
  const title = failed > 0 ? w.errors : w.notes;
  return (
    <section className="rounded-xl border border-line bg-surface shadow-soft">
      <div className="flex flex-wrap items-center gap-3 px-4 py-3 sm:px-5">
        <h2 className="flex-1 text-md font-bold">{title}</h2>
        <a
          href={calls.importErrorsHref(one.id, language)}
          download
          className="inline-flex min-h-(--control) items-center gap-1.5 rounded-md border border-line bg-raised px-3 text-sm font-medium shadow-soft hover:bg-hover"
        >
          <Download size={15} aria-hidden />
          {w.errorsCsv}
        </a>
      </div>
      <div className="border-t border-line">
        <Loaded query={query} failed={w.errorsFailed}>
          {({ pages }) => {
            const lines = pages.flatMap(({ rows }) =>
              rows.flatMap(({ row, outcome, problems }) =>
                problems.map((problem) => ({ row, noted: outcome === 'noted', problem })),
              ),
            );
            return room === 'phone' ? (
              <Cards title={title} lines={lines} />
            ) : (
              <Rows title={title} lines={lines} />
            );
          }}
        </Loaded>
        {(query.hasNextPage || failed > kept) && (
          <div className="flex flex-wrap items-center gap-3 border-t border-line px-4 py-3 sm:px-5">
            {query.hasNextPage && (
              <Button
                size="sm"
                isPending={query.isFetchingNextPage}
                onPress={() => void query.fetchNextPage()}
              >
                {t.common.showMore}
              </Button>
            )}
            {failed > kept && <p className="text-xs text-ink-muted">{w.errorsFirst(kept)}</p>}
          </div>
        )}
      </div>
    </section>
  );
}

const tone = ({ noted }: Line) => (noted ? 'text-warn-ink' : 'text-danger-ink');

function Rows({ title, lines }: { title: string; lines: readonly Line[] }) {
  const w = useCustomerWords().imports;
  const words = importProblemWords[useLocale().language];
  const fmt = useFmt();
  const head = 'px-3 py-2 text-start text-xs font-semibold text-ink-muted first:ps-5 last:pe-5';
  const cell = 'px-3 py-2 align-top first:ps-5 last:pe-5';
  return (
    <table aria-label={title} className="w-full text-sm">
      <thead className="border-b border-line bg-sunken">
        <tr>
          <th scope="col" className={head}>
            {w.row}
          </th>
          <th scope="col" className={head}>
            {w.columnHead}
          </th>
          <th scope="col" className={head}>
            {w.value}
          </th>
          <th scope="col" className={head}>
            {w.wrong}
          </th>
          <th scope="col" className={head}>
            {w.right}
          </th>
        </tr>
      </thead>
      <tbody className="divide-y divide-line">
        {lines.map((line) => {
          const { row, problem } = line;
          return (
            <tr key={keyOf(line)}>
              <td className={`${cell} w-16 font-semibold`}>{fmt.number(row)}</td>
              <td className={`${cell} max-w-40 break-words`}>
                <Where problem={problem} />
              </td>
              <td className={cell}>
                <Value text={problem.value} />
              </td>
              <td className={`${cell} text-pretty ${tone(line)}`}>{words.wrong(problem)}</td>
              <td className={`${cell} text-pretty text-ink-muted`}>{words.right(problem)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Cards({ title, lines }: { title: string; lines: readonly Line[] }) {
  const w = useCustomerWords().imports;
  const words = importProblemWords[useLocale().language];
  return (
    <ul aria-label={title} className="divide-y divide-line text-sm">
      {lines.map((line) => {
        const { row, problem } = line;
        return (
          <li key={keyOf(line)} className="px-4 py-3">
            <p className="flex flex-wrap items-center gap-x-2">
              <span className="font-semibold">{w.rowN(row)}</span>
              <span className="text-ink-muted">
                <Where problem={problem} />
              </span>
              <Value text={problem.value} />
            </p>
            <p className={`mt-1 ${tone(line)}`}>{words.wrong(problem)}</p>
            <p className="text-ink-muted">{words.right(problem)}</p>
          </li>
        );
      })}
    </ul>
  );
}

const keyOf = ({ row, problem }: Line) =>
  `${row} ${problem.column ?? ''} ${problem.target ?? ''} ${problem.code} ${problem.value}`;

function Where({ problem: { column, target } }: { problem: ImportProblem }) {
  const w = useCustomerWords().imports;
  // Without a header the server knows a column by its number, in English: then what it is says more.
  const unnamed = column !== null && /^column \d+$/.test(column);
  if (column && !unnamed) return <bdi>{column}</bdi>;
  return <>{(target && w.target[target]) ?? w.wholeRow}</>;
}

function Value({ text }: { text: string }) {
  if (!text) return null;
  return <bdi className="inline-block max-w-44 rounded-sm bg-sunken px-1 break-words">{text}</bdi>;
}
