import { type StatedKind, statedKinds } from '../../../shared/customer.ts';
import { AppError } from '../../../shared/errors.ts';
import type { FieldValue } from '../../../shared/field.ts';
import type { CustomerChange } from '../../../shared/profile.ts';
import type { MissingField, QualityNote, QualityProblem, QualityRow } from '../../../shared/quality.ts';
import { showToast } from '../../components/toast.tsx';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { useT } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import { queries, useWorkspace } from '../../state/hooks.tsx';
import { errorText } from '../error-text.ts';

const ownFields = ['name', 'city', 'address', 'job', 'birthday', 'language'] as const;

/**
 * What sets a record right: another value in a field, or another address, in place of the wrong one if there is one. `either`: of
 * which kind that address is, whoever mends decides.
 */
export type Mend =
  | { by: 'field'; field: (typeof ownFields)[number] }
  | { by: 'custom'; fieldId: string }
  | { by: 'identity'; kind: StatedKind; replacesId: string | null; either: boolean };

type Stating = Extract<Mend, { by: 'identity' }>;

export interface Mending {
  how: Mend;
  /** Of an identity a text; of a field what its type takes, null to empty it. */
  value: FieldValue | null;
  /** The toast's undo was pressed. */
  onUndone: () => void;
}

const named = new Set<QualityProblem>(['nameIsAddress', 'namePlaceholder', 'nameWithoutLetters']);
/** Nothing is wrong with what stands there; it does not serve. */
const added = new Set<QualityProblem>(['unreachable', 'noWayToReach']);
/** It was right once: whoever knows that it still is says so. */
export const agesOut = new Set<QualityProblem>([
  'staleAddress',
  'staleCity',
  'staleJob',
  'staleField',
  'silentMobile',
]);

export function mendOf({ problem, field }: QualityNote): Mend {
  if (named.has(problem)) return { by: 'field', field: 'name' };
  if (problem === 'badBirthday') return { by: 'field', field: 'birthday' };
  if (problem === 'staleCity') return { by: 'field', field: 'city' };
  if (problem === 'staleAddress') return { by: 'field', field: 'address' };
  if (problem === 'staleJob') return { by: 'field', field: 'job' };
  if (problem === 'staleField') return { by: 'custom', fieldId: field };
  if (added.has(problem)) return { by: 'identity', kind: 'mobile', replacesId: null, either: true };
  const of = field.slice(0, field.indexOf(':'));
  const kind = statedKinds.find((each) => each === of);
  if (kind === undefined)
    return {
      by: 'identity',
      kind: problem === 'badMobile' ? 'mobile' : 'emailAddress',
      replacesId: null,
      either: true,
    };
  return { by: 'identity', kind, replacesId: field, either: false };
}

/** How a field that is not there is filled in; null where it takes more than a value, as a consent does: on the customer's page then. */
export function mendOfMissing(field: MissingField): Mend | null {
  if (field === 'consent') return null;
  const kind = statedKinds.find((each) => each === field);
  if (kind) return { by: 'identity', kind, replacesId: null, either: false };
  const own = ownFields.find((each) => each === field);
  return own ? { by: 'field', field: own } : { by: 'custom', fieldId: field };
}

const changeOf = (how: Exclude<Mend, Stating>, value: FieldValue | null): CustomerChange =>
  how.by === 'custom' ? { fields: { [how.fieldId]: value } } : { [how.field]: value };

/** Mends and ignores, each said and, where it can be, undone. */
export function useMending() {
  const t = useT();
  const w = useCustomerWords();
  const { calls } = useWorkspace();
  const again = (customerId: string) => {
    void queries.invalidateQueries({ queryKey: ['customer', customerId] });
    void queries.invalidateQueries({ queryKey: ['customers'] });
    void queries.invalidateQueries({ queryKey: ['quality'] });
  };
  const tried = async (customerId: string, run: () => Promise<unknown>) => {
    try {
      await run();
    } catch (error) {
      showToast({ text: errorText(t, error), tone: 'error' });
    }
    again(customerId);
  };

  const ofField = async (row: QualityRow, change: CustomerChange, onUndone: () => void) => {
    const { customerId } = row;
    const { edits } = await calls.changeCustomer(customerId, change);
    const edit = edits[0];
    showToast({
      text: w.quality.mended(plainName(change.name ?? row.name)),
      tone: 'ok',
      ...(edit && {
        undo: () => {
          onUndone();
          void tried(customerId, () => calls.undoEdit(customerId, edit.id));
        },
      }),
    });
  };

  const ofIdentity = async (
    row: QualityRow,
    { how, value, onUndone }: { how: Stating; value: string; onUndone: () => void },
  ) => {
    const { customerId, name } = row;
    const { kind, replacesId } = how;
    const reason = w.quality.mendReason;
    const before = (await calls.customer(customerId)).identities;
    const after = (await calls.addIdentity(customerId, { kind, value, reason })).identities;
    const fresh = after.find(({ id }) => !before.some((each) => each.id === id));
    const old = before.find(({ id }) => id === replacesId);
    let kept = false;
    let taken: string | undefined;
    if (old && old.id !== fresh?.id && replacesId !== null)
      try {
        taken = (await calls.removeIdentity(customerId, old.id)).edits[0]?.id;
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'conflict') throw error;
        kept = true;
      }
    const back = async () => {
      if (fresh) await calls.removeIdentity(customerId, fresh.id);
      // As it was: whatever stood there, by whose word and since when.
      if (taken) await calls.undoEdit(customerId, taken);
    };
    showToast({
      text: kept ? w.quality.keptOld(plainName(name)) : w.quality.mended(plainName(name)),
      tone: 'ok',
      ...(fresh && {
        undo: () => {
          onUndone();
          void tried(customerId, back);
        },
      }),
    });
  };

  return {
    /** @throws AppError, NetworkError: said at the field */
    async mend(row: QualityRow, { how, value, onUndone }: Mending): Promise<void> {
      if (how.by === 'identity') await ofIdentity(row, { how, value: String(value), onUndone });
      else await ofField(row, changeOf(how, value), onUndone);
      again(row.customerId);
    },
    async ignore(
      row: Pick<QualityRow, 'customerId' | 'name' | 'notes'>,
      problem: QualityProblem,
      onUndone: () => void = () => undefined,
    ): Promise<void> {
      const { customerId } = row;
      const name = plainName(row.name);
      // Another custom field may be stale as well: what stands in the row is what is spoken of.
      const field = row.notes.find((note) => note.problem === problem)?.field;
      const of = problem === 'staleField' && field !== undefined ? { field } : {};
      await tried(customerId, async () => {
        await calls.ignoreProblem(customerId, problem, { ignored: true, ...of });
        showToast({
          text: agesOut.has(problem) ? w.quality.confirmed(name) : w.quality.ignored(name),
          tone: 'ok',
          undo: () => {
            onUndone();
            void tried(customerId, () => calls.ignoreProblem(customerId, problem, { ignored: false, ...of }));
          },
        });
      });
    },
  };
}
