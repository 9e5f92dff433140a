import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { useListeningWords } from '../../i18n/listening-words.ts';
import { useFmt } from '../../i18n/locale.tsx';
import { Card } from '../settings/page.tsx';

/** How often, and with what feeling. */
export interface WordCount {
  name: string;
  /** Where what was said stands. */
  href?: string;
  count: number;
  positive: number;
  negative: number;
}

export interface WordsProps {
  title: string;
  text?: string;
  /** What the first column is of. */
  column: string;
  none: string;
  rows: readonly WordCount[];
}

/** Words or hashtags, the commonest first. */
export function Words({ title, text, column, none, rows }: WordsProps): ReactNode {
  const w = useListeningWords().overview;
  const fmt = useFmt();
  const most = Math.max(1, ...rows.map(({ count }) => count));
  return (
    <Card title={title} text={text}>
      {rows.length === 0 ? (
        <p className="text-sm text-ink-muted">{none}</p>
      ) : (
        <table className="w-full text-sm">
          <caption className="sr-only">{title}</caption>
          <thead>
            <tr className="text-xs text-ink-muted">
              <th scope="col" className="pb-1.5 text-start font-semibold">
                {column}
              </th>
              <th scope="col" className="pb-1.5 text-end font-semibold">
                {w.count}
              </th>
              <th scope="col" className="w-2/5 pb-1.5 ps-4 text-start font-semibold">
                {w.feeling}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, href, count, positive, negative }) => (
              <tr key={name} className="border-t border-line">
                <th scope="row" className="py-1.5 text-start font-medium wrap-anywhere">
                  {href ? (
                    <Link
                      href={href}
                      aria-label={w.see(name)}
                      className="inline-flex min-h-6 items-center text-accent-ink underline-offset-3 hover:underline"
                    >
                      <bdi>{name}</bdi>
                    </Link>
                  ) : (
                    <bdi>{name}</bdi>
                  )}
                </th>
                <td className="py-1.5 text-end">{fmt.number(count)}</td>
                <td className="py-1.5 ps-4">
                  <Feelings count={count} positive={positive} negative={negative} most={most} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Card>
  );
}

/** A bar as long as the count, cut by feeling; in words for who does not see it. */
export function Feelings(props: { count: number; positive: number; negative: number; most: number }) {
  const { count, positive, negative, most } = props;
  const w = useListeningWords().overview;
  const fmt = useFmt();
  const said = w.shares(fmt.number(positive), fmt.number(negative));
  const part = (n: number, colour: string) =>
    n > 0 && <span style={{ width: `${(n / count) * 100}%`, background: `var(--chart-${colour})` }} />;
  return (
    <span role="img" aria-label={said} title={said} className="block">
      <span
        className="flex h-2 gap-px overflow-hidden rounded-full"
        style={{ width: `max(0.5rem, ${(count / most) * 100}%)` }}
      >
        {part(negative, 'negative')}
        {part(count - positive - negative, 'neutral')}
        {part(positive, 'positive')}
      </span>
    </span>
  );
}
