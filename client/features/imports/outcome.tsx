import { useLocation } from 'wouter';
import type { Import } from '../../../shared/import.ts';
import { Button } from '../../components/button.tsx';
import { Play } from '../../components/icons.ts';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { useWorkspace } from '../../state/hooks.tsx';
import { Card, useOffline } from '../settings/page.tsx';
import { Errors } from './errors.tsx';
import { Figures, Numbers } from './figures.tsx';
import { useImportDeed } from './queries.ts';
import { Said } from './said.tsx';
import { UndoImport } from './undo.tsx';

/** What a table came to: brought in, stopped early, or taken back. */
export function Outcome({ one }: { one: Import }) {
  const w = useCustomerWords().imports;
  const offline = useOffline();
  const { calls } = useWorkspace();
  const [, navigate] = useLocation();
  const resume = useImportDeed(() => calls.turnImport(one.id, 'resume'));
  const again = <Button onPress={() => navigate('/customers/imports/new')}>{w.again}</Button>;
  if (one.state === 'undone')
    return (
      <Card title={w.undone}>
        {one.undo && (
          <Numbers
            items={[
              { id: 'removed', label: w.undoFigures.removed, count: one.undo.removed },
              { id: 'restored', label: w.undoFigures.restored, count: one.undo.restored },
              { id: 'kept', label: w.undoFigures.kept, count: one.undo.kept },
            ]}
          />
        )}
        {one.undo && one.undo.kept > 0 && <p className="mt-3 text-ink-muted">{w.keptWhy}</p>}
        <div className="mt-4">{again}</div>
      </Card>
    );
  if (!one.result) return null;
  const failed = one.state === 'failed';
  return (
    <div className="flex flex-col gap-4">
      {failed && <Said text={w.failedText} said={one.error} />}
      <Figures title={w.result} words={w.did} counts={one.result}>
        {one.result.customers > 0 && one.kind !== 'customers' && (
          <p>{w.didCustomers(one.result.customers)}</p>
        )}
        {one.result.noted ? <p>{w.didNote(one.result.noted)}</p> : null}
        <div className="mt-3 flex flex-wrap gap-2">
          {failed && (
            <Button
              variant="primary"
              icon={<Play size={15} aria-hidden className="mirror" />}
              isPending={resume.isPending}
              isDisabled={offline}
              onPress={() => resume.mutate()}
            >
              {w.resume}
            </Button>
          )}
          {!failed && (
            <Button variant="primary" onPress={() => navigate('/customers')}>
              {w.toCustomers}
            </Button>
          )}
          {again}
          {!one.undo && <UndoImport one={one} />}
        </div>
      </Figures>
      <Errors one={one} counts={one.result} />
    </div>
  );
}
