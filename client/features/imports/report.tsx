import { useState } from 'react';
import { useLocation } from 'wouter';
import type { Import, ImportMapping } from '../../../shared/import.ts';
import { type RecordStatus, recordStatuses } from '../../../shared/record.ts';
import { Button } from '../../components/button.tsx';
import { CircleCheck } from '../../components/icons.ts';
import { Select } from '../../components/select.tsx';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { useWorkspace } from '../../state/hooks.tsx';
import { Card, useOffline } from '../settings/page.tsx';
import { Errors } from './errors.tsx';
import { Figures } from './figures.tsx';
import { useImportDeed, useImportErrors } from './queries.ts';

/** What a dry run came to, and the way on. */
export function Report({ one }: { one: Import }) {
  const w = useCustomerWords().imports;
  const offline = useOffline();
  const { calls } = useWorkspace();
  const [, navigate] = useLocation();
  const run = useImportDeed(() => calls.turnImport(one.id, 'run'));
  const { check, mapping } = one;
  if (!check || !mapping) return null;
  const rows = check.made + check.updated;
  return (
    <div className="flex flex-col gap-4">
      <Figures title={w.report} words={w.would} counts={check}>
        {check.customers > 0 && one.kind !== 'customers' && <p>{w.wouldCustomers(check.customers)}</p>}
        {check.failed > 0 && rows > 0 && <p>{w.failedStay(check.failed)}</p>}
        {check.noted ? <p>{w.wouldNote(check.noted)}</p> : null}
        {check.failed === 0 && (
          <p className="flex items-center gap-1.5 text-ok-ink">
            <CircleCheck size={15} aria-hidden />
            {w.allGood}
          </p>
        )}
        {rows === 0 && <p>{w.nothingToDo}</p>}
        <div className="mt-3 flex flex-wrap gap-2">
          {rows > 0 && (
            <Button
              variant="primary"
              isPending={run.isPending}
              isDisabled={offline}
              onPress={() => run.mutate()}
            >
              {w.run(rows)}
            </Button>
          )}
          <Button onPress={() => navigate(`/customers/imports/${one.id}/columns`)}>{w.changeColumns}</Button>
        </div>
      </Figures>
      {check.failed > 0 && <StatusWords one={one} mapping={mapping} />}
      <Errors one={one} counts={check} />
    </div>
  );
}

/** The organisation's own words for a status, which only they can explain: told here, the rows are tried again. */
function StatusWords({ one, mapping }: { one: Import; mapping: ImportMapping }) {
  const w = useCustomerWords().imports;
  const offline = useOffline();
  const { calls } = useWorkspace();
  const errors = useImportErrors(one.id);
  const [meant, setMeant] = useState<Readonly<Record<string, RecordStatus>>>({});
  const again = useImportDeed((statuses: ImportMapping['statuses']) =>
    calls.checkImport(one.id, { ...mapping, statuses }),
  );
  const words = new Set(
    errors.data?.pages.flatMap(({ rows }) =>
      rows.flatMap(({ problems }) =>
        problems.flatMap(({ code, target, value }) =>
          code === 'unknownValue' && target === 'status' && value ? [value] : [],
        ),
      ),
    ),
  );
  if (words.size === 0) return null;
  const said = [...words].flatMap((word) => {
    const status = meant[word];
    return status ? [{ word, status }] : [];
  });
  return (
    <Card title={w.statusWords} text={w.statusWordsText}>
      <ul className="flex flex-col gap-2">
        {[...words].slice(0, 30).map((word) => (
          <li key={word} className="flex items-center gap-3">
            <bdi className="min-w-0 max-w-56 flex-1 truncate font-medium">{word}</bdi>
            <Select
              bare
              label={w.statusOf(word)}
              options={recordStatuses.map((id) => ({ id, label: w.status[id] }))}
              value={meant[word] ?? null}
              onChange={(status) => setMeant({ ...meant, [word]: status })}
              className="w-44"
            />
          </li>
        ))}
      </ul>
      <Button
        className="mt-4"
        isDisabled={offline || said.length === 0}
        isPending={again.isPending}
        onPress={() => again.mutate([...mapping.statuses, ...said])}
      >
        {w.checkAgain}
      </Button>
    </Card>
  );
}
