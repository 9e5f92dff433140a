import type { Context } from '../../server/context.ts';
import { putRecords } from '../../server/records/record.service.ts';
import { customersOf, type Known } from './care.ts';
import { between, type Random } from './compose.ts';
import { launch } from './public.words.ts';

const dayMs = 86_400_000;
const many = 24;

/** The new coffee maker was to be ordered in advance: so it is among the goods that people speak of. */
export async function preorders(
  ctx: Context,
  options: { people: readonly Known[]; now: Date; random: Random },
): Promise<void> {
  const { people, now, random } = options;
  const buyers = await customersOf(ctx, people.slice(0, many));
  const amount = 186_000_000;
  await putRecords(ctx, {
    records: buyers.map(({ customerId, who }, nth) => {
      const name = launch.product[who.language];
      return {
        customerId,
        kind: 'purchase' as const,
        externalId: `MH-K30-${String(nth + 1).padStart(3, '0')}`,
        put: {
          at: new Date(now.getTime() - between(random, 2, 50) * dayMs).toISOString(),
          title: name,
          amount,
          currency: 'IRR',
          items: [{ name, code: 'K30', quantity: 1, amount }],
          status: nth % 3 ? ('done' as const) : ('open' as const),
          statusText: '',
          note: '',
          referralCode: '',
        },
      };
    }),
    source: { by: 'api', id: 'shop' },
  });
}
