import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import type { Advocate, AdvocatePage, AdvocateStage } from '../../../shared/advocate.ts';

type Pages = InfiniteData<AdvocatePage, string | null>;

/** One column's pages, or the table's (stage null), once a card was changed: it stands where it came to and is counted there. */
export function withCard(
  data: Pages,
  stage: AdvocateStage | null,
  change: { card: Advocate; from: AdvocateStage; before: string | null },
): Pages {
  const { card, from, before } = change;
  const is = (one: Advocate) => one.customerId === card.customerId;
  const counted = ({ counts }: AdvocatePage) =>
    from === card.stage || counts === null
      ? counts
      : { ...counts, [from]: Math.max(0, counts[from] - 1), [card.stage]: counts[card.stage] + 1 };
  const last = data.pages.length - 1;
  const home = data.pages.findIndex(({ advocates }) =>
    advocates.some(({ customerId }) => customerId === before),
  );
  const pages = data.pages.map((page, nth) => {
    if (stage === null)
      return {
        ...page,
        counts: counted(page),
        advocates: page.advocates.map((one) => (is(one) ? card : one)),
      };
    const others = page.advocates.filter((one) => !is(one));
    if (stage !== card.stage || nth !== (home === -1 ? last : home))
      return { ...page, counts: counted(page), advocates: others };
    const found = others.findIndex(({ customerId }) => customerId === before);
    const at = found === -1 ? others.length : found;
    return {
      ...page,
      counts: counted(page),
      advocates: [...others.slice(0, at), card, ...others.slice(at)],
    };
  });
  return { ...data, pages };
}

/** Everything that was fetched of the board, with what the server answered of a card. What was on its way before is of a moment ago. */
export async function keepCard(
  client: QueryClient,
  change: { card: Advocate; from: AdvocateStage; before: string | null },
): Promise<void> {
  const board = { queryKey: ['advocates', 'board'] };
  await client.cancelQueries(board);
  for (const [key, data] of client.getQueriesData<Pages>(board))
    if (data)
      client.setQueryData<Pages>(key, withCard(data, (key[2] ?? null) as AdvocateStage | null, change));
}
