import { useEffect, useRef } from 'react';
import { Link } from 'wouter';
import { AppError } from '../../../shared/errors.ts';
import type { Import } from '../../../shared/import.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { FileUp } from '../../components/icons.ts';
import { announce } from '../../components/live-region.tsx';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { CustomersArea } from '../customers/area.tsx';
import { Loaded } from '../settings/page.tsx';
import { ColumnsStep } from './columns.tsx';
import { ImportFrame } from './frame.tsx';
import { Outcome } from './outcome.tsx';
import { useImport } from './queries.ts';
import { Report } from './report.tsx';
import { Work } from './work.tsx';

export interface ImportPageProps {
  id: string;
  /** The columns are looked at again, though they were said already. */
  columns?: boolean;
}

/** One table: whatever step it is at. */
export default function ImportPage({ id, columns = false }: ImportPageProps) {
  const w = useCustomerWords().imports;
  const query = useImport(id);
  useSaid(query.data ?? undefined);
  const gone = query.error instanceof AppError && query.error.code === 'notFound';
  if (gone || query.data === null)
    return (
      <CustomersArea part="imports">
        <EmptyState
          className="flex-1"
          icon={<FileUp size={24} />}
          title={w.goneTitle}
          text={w.goneText}
          action={
            <Link href="/customers/imports" className="font-medium text-accent-ink underline">
              {w.back}
            </Link>
          }
        />
      </CustomersArea>
    );
  const one = query.data;
  if (!one)
    return (
      <CustomersArea part="imports">
        <Loaded query={query} failed={w.oneFailed}>
          {() => null}
        </Loaded>
      </CustomersArea>
    );
  return (
    <Loaded query={query} failed={w.oneFailed}>
      {() => <Step one={one} columns={columns} />}
    </Loaded>
  );
}

function Step({ one, columns }: { one: Import; columns: boolean }) {
  const again = columns && !one.result;
  if (again || one.state === 'uploaded' || (one.state === 'failed' && !one.result))
    return (
      <ImportFrame at={1} one={one}>
        <ColumnsStep one={one} />
      </ImportFrame>
    );
  switch (one.state) {
    case 'checking':
      return (
        <ImportFrame at={2} one={one}>
          <Work one={one} />
        </ImportFrame>
      );
    case 'checked':
      return (
        <ImportFrame at={2} one={one}>
          <Report one={one} />
        </ImportFrame>
      );
    case 'running':
    case 'paused':
    case 'undoing':
      return (
        <ImportFrame at={3} one={one}>
          <Work one={one} />
        </ImportFrame>
      );
    default:
      return (
        <ImportFrame at={one.state === 'failed' ? 3 : 4} one={one}>
          <Outcome one={one} />
        </ImportFrame>
      );
  }
}

/** A new state is read aloud; what is at work says so by its bar. */
function useSaid(one: Import | undefined): void {
  const w = useCustomerWords().imports;
  const before = useRef<Import['state']>(undefined);
  const state = one?.state;
  const name = one?.fileName ?? '';
  useEffect(() => {
    if (before.current && state && before.current !== state) announce(w.announce(w.state[state], name));
    before.current = state;
  }, [state, name, w]);
}
