import type { UseQueryResult } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { TopAuthors } from '../../../shared/listening.ts';
import { Avatar } from '../../components/avatar.tsx';
import { UserCheck } from '../../components/icons.ts';
import { useListeningWords } from '../../i18n/listening-words.ts';
import { useFmt, useT } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import { useNow } from '../../lib/time.ts';
import { useManifests } from '../directory.ts';
import { Card, Loaded } from '../settings/page.tsx';
import { addressOf, type ListenFilter } from './address.ts';
import { Feelings } from './words.table.tsx';

/** Those who spoke most, or reach furthest; each leads to what they said. */
export function Authors({ query, filter }: { query: UseQueryResult<TopAuthors>; filter: ListenFilter }) {
  const t = useT();
  const words = useListeningWords();
  const w = words.overview;
  const fmt = useFmt();
  const now = useNow();
  const manifests = useManifests();
  return (
    <Card title={w.authors} text={w.authorsText}>
      <Loaded query={query} failed={w.loadFailed}>
        {({ authors }) => {
          if (authors.length === 0) return <p className="text-sm text-ink-muted">{w.authorsNone}</p>;
          const most = Math.max(1, ...authors.map(({ count }) => count));
          return (
            <table className="w-full text-sm">
              <caption className="sr-only">{w.authors}</caption>
              <thead>
                <tr className="text-xs text-ink-muted">
                  <th scope="col" className="pb-1.5 text-start font-semibold">
                    {w.author}
                  </th>
                  <th scope="col" className="pb-1.5 ps-2 text-end font-semibold">
                    {w.followers}
                  </th>
                  <th scope="col" className="pb-1.5 ps-2 text-end font-semibold">
                    {w.count}
                  </th>
                  <th scope="col" className="w-1/5 pb-1.5 ps-4 text-start font-semibold max-sm:hidden">
                    {w.feeling}
                  </th>
                  <th scope="col" className="pb-1.5 ps-2 text-end font-semibold max-sm:hidden">
                    {w.last}
                  </th>
                </tr>
              </thead>
              <tbody>
                {authors.map(({ author, count, positive, negative, lastAt }) => {
                  const name = plainName(author.name) || plainName(author.handle) || t.customer.unnamed;
                  const handle = plainName(author.handle).replace(/^@/, '');
                  return (
                    <tr key={author.id} className="border-t border-line">
                      <th scope="row" className="max-w-0 py-1.5 text-start font-normal">
                        <span className="flex items-center gap-2.5">
                          <Avatar
                            name={name}
                            seed={author.id}
                            size="sm"
                            glyph={manifests.get(author.connector)?.glyph ?? author.connector}
                          />
                          <span className="min-w-0">
                            <Link
                              href={addressOf('/listening', {
                                ...filter,
                                range: filter.from ? null : (filter.range ?? 'week'),
                                author: author.id,
                              })}
                              aria-label={w.see(name)}
                              className="flex min-h-6 items-center gap-1 font-medium underline-offset-3 hover:underline"
                            >
                              <bdi className="truncate">{name}</bdi>
                              {author.customerId && (
                                <UserCheck size={13} aria-hidden className="shrink-0 text-ok-ink" />
                              )}
                            </Link>
                            {handle !== '' && handle !== name && (
                              <bdi dir="ltr" className="ui-start block truncate text-xs text-ink-faint">
                                @{handle}
                              </bdi>
                            )}
                          </span>
                        </span>
                      </th>
                      <td className="py-1.5 ps-2 text-end">
                        {author.reach === null ? '—' : fmt.number(author.reach)}
                      </td>
                      <td className="py-1.5 ps-2 text-end font-semibold">{fmt.number(count)}</td>
                      <td className="py-1.5 ps-4 max-sm:hidden">
                        <Feelings count={count} positive={positive} negative={negative} most={most} />
                      </td>
                      <td className="py-1.5 ps-2 text-end text-xs whitespace-nowrap text-ink-muted max-sm:hidden">
                        <time dateTime={lastAt} title={fmt.both(lastAt)}>
                          {fmt.relative(lastAt, now)}
                        </time>
                      </td>
                    </tr>
                  );
                })}
              </tbody>
            </table>
          );
        }}
      </Loaded>
    </Card>
  );
}
