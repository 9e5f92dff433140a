import { useInfiniteQuery } from '@tanstack/react-query';
import type { Identity } from '../../../../shared/customer.ts';
import type { ProfileEdit } from '../../../../shared/profile.ts';
import { Button, IconButton } from '../../../components/button.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { Undo2 } from '../../../components/icons.ts';
import { Delayed, SkeletonRows } from '../../../components/skeleton.tsx';
import { showToast } from '../../../components/toast.tsx';
import { useCustomerWords } from '../../../i18n/customer-words.ts';
import { useFmt, useT } from '../../../i18n/locale.tsx';
import { useNow } from '../../../lib/time.ts';
import { useWorkspace } from '../../../state/hooks.tsx';
import { errorIdOf, errorText } from '../../error-text.ts';
import { useKeepCustomer } from '../change.ts';
import { useEditWords } from '../history/edit-words.ts';
import { useMayWrite } from '../may-write.ts';
import { Nothing, PanelCard } from './card.tsx';
import type { PanelProps } from './panels.tsx';

/** Who changed what, the newest first; each is taken back by a press. */
export function EditsPanel({ customer }: PanelProps) {
  const t = useT();
  const w = useCustomerWords();
  const fmt = useFmt();
  const now = useNow();
  const writes = useMayWrite();
  const { calls } = useWorkspace();
  const keep = useKeepCustomer();
  const words = useEditWords();
  const query = useInfiniteQuery({
    queryKey: ['edits', customer.id],
    queryFn: ({ pageParam }) => calls.edits(customer.id, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  });
  const edits = query.data?.pages.flatMap((page) => page.edits) ?? [];
  const takenBack = new Set(edits.flatMap(({ undoes }) => undoes ?? []));
  const takeBack = async (id: string) => {
    try {
      keep((await calls.undoEdit(customer.id, id)).customer);
      showToast({ text: w.edits.undone, tone: 'ok', stays: 3_000 });
    } catch (error) {
      showToast({ text: errorText(t, error), tone: 'error' });
    }
  };
  return (
    <PanelCard title={w.panels.names.edits}>
      {query.isError && edits.length === 0 ? (
        <ErrorState
          title={w.panels.failed(w.panels.names.edits)}
          text={errorText(t, query.error)}
          errorId={errorIdOf(query.error)}
          onRetry={() => void query.refetch()}
        />
      ) : query.isPending ? (
        <Delayed>
          <SkeletonRows rows={3} />
        </Delayed>
      ) : edits.length === 0 ? (
        <Nothing>{w.edits.none}</Nothing>
      ) : (
        <ol className="flex flex-col">
          {edits.map((edit) => (
            <li key={edit.id} className="flex items-start gap-2 border-b border-line py-1.5 last:border-0">
              <p className="min-w-0 flex-1 text-xs wrap-anywhere text-ink-muted">
                {words(edit)}
                <time dateTime={edit.at} title={fmt.both(edit.at)} className="block text-2xs text-ink-faint">
                  {fmt.relative(edit.at, now)}
                </time>
              </p>
              {writes && canUndo(edit) && !takenBack.has(edit.id) && (
                <IconButton
                  size="sm"
                  label={w.edits.undo}
                  icon={<Undo2 size={14} className="mirror" />}
                  onPress={() => void takeBack(edit.id)}
                />
              )}
            </li>
          ))}
        </ol>
      )}
      {query.hasNextPage && (
        <Button
          size="sm"
          variant="quiet"
          className="mt-1 w-full"
          isPending={query.isFetchingNextPage}
          onPress={() => void query.fetchNextPage()}
        >
          {w.edits.more}
        </Button>
      )}
    </PanelCard>
  );
}

/** A word on consent is not unsaid: its history is kept; nor is what a person proved. A first name has none before it. */
const canUndo = ({ field, before, after, undoes }: ProfileEdit) =>
  !field.startsWith('consents.') &&
  !field.startsWith('advocate.') &&
  !(field === 'name' && before === null) &&
  !(
    field.startsWith('identities.') &&
    before &&
    after &&
    proofOf(before) !== proofOf(after) &&
    proofOf(after) !== 'agentVerified' &&
    !undoes
  );

const proofOf = (identity: unknown) => (identity as Identity).proof;
