import { may } from '../../shared/access.ts';
import type { AdvocateReport } from '../../shared/reward.ts';
import { openContact } from '../advocates/advocate.contact.ts';
import { advocateReport } from '../reports/advocates.report.ts';
import { periodOf } from '../reports/period.ts';
import { type ReportTable, reportAsCsv } from '../reports/report.csv.ts';
import { mayNot } from '../users/user.create.ts';
import type { Call } from './route.ts';
import type { SignedIn } from './session.ts';
import { invalid } from './validate.ts';

type Asked<Query> = Call<undefined, Query, SignedIn>;

/** The rows of every picture; or one of them as a file for a spreadsheet, for whoever may take it out of the house. */
export async function showAdvocateReport(
  call: Asked<{
    from?: string | undefined;
    to?: string | undefined;
    channelId?: string | undefined;
    product?: string | undefined;
    format?: 'csv' | undefined;
    table?: ReportTable | undefined;
    language?: 'fa' | 'en' | undefined;
  }>,
): Promise<AdvocateReport | undefined> {
  const { ctx, viewer, query, response } = call;
  const period = periodOf({ from: query.from ?? null, to: query.to ?? null }, ctx.now());
  const of = { channelId: query.channelId ?? null, product: query.product ?? null };
  if (query.format !== 'csv') return advocateReport(ctx, viewer, period, of);
  if (!may(viewer, 'report.export')) throw mayNot('export reports');
  if (!query.table) throw invalid({ table: 'Say which table is to be exported.' });
  const csv = reportAsCsv(await advocateReport(ctx, viewer, period, of), {
    table: query.table,
    language: query.language ?? 'en',
  });
  response.set({
    'Content-Type': 'text/csv; charset=utf-8',
    'Content-Disposition': `attachment; filename="advocates-${query.table}.csv"`,
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
  });
  response.end(csv);
  return undefined;
}

/** The conversation in which an advocate is written to: begun on the channel they prefer, or the one that goes on. */
export async function startContact(
  call: Call<unknown, unknown, SignedIn>,
): Promise<{ conversationId: string }> {
  const { ctx, viewer, param } = call;
  if (!may(viewer, 'advocate.write')) throw mayNot('write to advocates');
  const { conversation } = await openContact(ctx, viewer, param('customerId'));
  return { conversationId: conversation._id };
}
