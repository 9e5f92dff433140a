import { Link } from 'wouter';
import type { Import } from '../../../shared/import.ts';
import { Button } from '../../components/button.tsx';
import { Pause, Play } from '../../components/icons.ts';
import { Progress } from '../../components/progress.tsx';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { useFmt } from '../../i18n/locale.tsx';
import { useWorkspace } from '../../state/hooks.tsx';
import { Card, useOffline } from '../settings/page.tsx';
import { Errors } from './errors.tsx';
import { Figures } from './figures.tsx';
import { useImportDeed } from './queries.ts';
import { UndoImport } from './undo.tsx';

/** What is going on with a table, as it goes on. */
export function Work({ one }: { one: Import }) {
  const w = useCustomerWords().imports;
  const fmt = useFmt();
  const offline = useOffline();
  const { calls } = useWorkspace();
  const turn = useImportDeed((to: 'pause' | 'resume') => calls.turnImport(one.id, to));
  const { rows, of } = one.progress;
  const known = of !== null && of > 0;
  const said = rows === 0 && of === null ? w.counting : w.rows(rows, of);
  const text = {
    checking: w.checking,
    running: w.running,
    paused: w.pausedText,
    undoing: w.undoing,
  }[one.state as 'checking' | 'running' | 'paused' | 'undoing'];
  return (
    <div className="flex flex-col gap-4">
      <Card>
        <p className="mb-4 text-pretty">{text}</p>
        <Progress
          label={w.progress}
          share={known && one.state !== 'undoing' ? Math.min(1, rows / of) : null}
          said={one.state === 'undoing' ? w.state.undoing : said}
          paused={one.state === 'paused'}
          aside={known && one.state !== 'undoing' && fmt.percent(Math.min(1, rows / of))}
        />
        <div className="mt-4 flex flex-wrap gap-2 empty:hidden">
          {one.state === 'running' && (
            <Button
              icon={<Pause size={15} aria-hidden />}
              isPending={turn.isPending}
              isDisabled={offline}
              onPress={() => turn.mutate('pause')}
            >
              {w.pause}
            </Button>
          )}
          {one.state === 'paused' && (
            <>
              <Button
                variant="primary"
                icon={<Play size={15} aria-hidden className="mirror" />}
                isPending={turn.isPending}
                isDisabled={offline}
                onPress={() => turn.mutate('resume')}
              >
                {w.resume}
              </Button>
              <UndoImport one={one} />
            </>
          )}
          {one.state === 'checking' && (
            <Link
              href={`/customers/imports/${one.id}/columns`}
              className="inline-flex min-h-(--control) items-center rounded-md border border-line bg-raised px-3 text-sm font-medium shadow-soft hover:bg-hover"
            >
              {w.changeColumns}
            </Link>
          )}
        </div>
      </Card>
      {one.result && one.state !== 'undoing' && (
        <>
          <Figures title={w.result} words={w.did} counts={one.result} />
          {one.state === 'paused' && <Errors one={one} counts={one.result} />}
        </>
      )}
    </div>
  );
}
