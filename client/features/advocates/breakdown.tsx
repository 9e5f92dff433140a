import type { AdvocateDetail } from '../../../shared/advocate.ts';
import { useAdvocateWords } from '../../i18n/advocate-words.ts';
import { useFmt } from '../../i18n/locale.tsx';
import { Change, Trend } from './score.tsx';

/** The score, its thirty days, and what each part with its weight adds to it. */
export function Breakdown({ detail }: { detail: AdvocateDetail }) {
  const w = useAdvocateWords();
  const fmt = useFmt();
  const { advocate, breakdown } = detail;
  const rows = [...breakdown].sort((a, b) => b.points - a.points);
  const most = Math.max(1, ...rows.map(({ points }) => points));
  return (
    <section aria-label={w.score.breakdown} className="rounded-xl border border-line p-3">
      <div className="mb-2 flex items-center gap-3">
        <p className="text-2xl font-bold">
          <span className="sr-only">{w.score.of(fmt.number(advocate.score))}</span>
          <span aria-hidden>{fmt.number(advocate.score)}</span>
        </p>
        <div>
          <h3 className="text-sm font-bold">{w.score.title}</h3>
          <Change change={advocate.change} />
        </div>
        <span className="flex-1" />
        <Trend trend={advocate.trend} change={advocate.change} width={160} height={36} />
      </div>
      <table className="w-full text-xs">
        <caption className="sr-only">{w.score.breakdown}</caption>
        <thead className="text-2xs text-ink-muted">
          <tr>
            <th scope="col" className="py-1 text-start font-medium">
              {w.score.part}
            </th>
            <th scope="col" className="w-14 py-1 text-end font-medium">
              {w.score.value}
            </th>
            <th scope="col" className="w-12 py-1 text-end font-medium">
              {w.score.weight}
            </th>
            <th scope="col" className="w-28 py-1 ps-3 text-start font-medium">
              {w.score.points}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ part, value, weight, points }) => (
            <tr key={part} className="border-t border-line">
              <th scope="row" className="py-1 text-start font-normal">
                {w.part[part]}
              </th>
              <td className="text-end">{fmt.number(Math.round(value))}</td>
              <td className="text-end text-ink-muted">{fmt.number(weight)}</td>
              <td className="ps-3">
                <span className="flex items-center gap-2">
                  <span className="w-8 shrink-0 font-semibold">
                    {fmt.number(Math.round(points * 10) / 10)}
                  </span>
                  <span aria-hidden className="h-1.5 flex-1 overflow-hidden rounded-full bg-sunken">
                    <span
                      className="block h-full rounded-full bg-accent"
                      style={{ width: `${(points / most) * 100}%` }}
                    />
                  </span>
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
