import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import type { Advocate, AdvocateStage } from '../../../shared/advocate.ts';
import { AppError } from '../../../shared/errors.ts';
import { closeToast, showToast } from '../../components/toast.tsx';
import { useAdvocateWords } from '../../i18n/advocate-words.ts';
import { useT } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import { useWorkspace } from '../../state/hooks.tsx';
import { errorText } from '../error-text.ts';
import type { Move, Place } from './arrange.ts';
import { keepCard } from './keep.ts';

/** Of each card the version that the server answered last: the next of several moves in a row builds on it. */
const answered = new Map<string, number>();
/** Moves of one card go one after the other. */
const tails = new Map<string, Promise<unknown>>();

/** Of several moves in a row the last one says how it is undone. */
let said: number | null = null;

type Mover = Pick<Advocate, 'customerId' | 'name' | 'version'>;

/**
 * Moves cards. What is shown moves at once (`moves`, to be laid over the columns); the server is told in order, and a move that it
 * refuses is taken back with the reason. Each can be undone.
 */
export function useMoving(): {
  moves: readonly Move[];
  move: (card: Mover, to: Place, from: Place) => Promise<boolean>;
} {
  const t = useT();
  const w = useAdvocateWords();
  const client = useQueryClient();
  const { calls } = useWorkspace();
  const [moves, setMoves] = useState<readonly Move[]>([]);

  const put = useCallback(
    async (card: Mover, to: Place, from: AdvocateStage): Promise<Advocate | null> => {
      const { customerId } = card;
      const move: Move = { customerId, ...to };
      setMoves((all) => [...all, move]);
      const before = tails.get(customerId) ?? Promise.resolve();
      const told = before.then(async () => {
        const version = Math.max(card.version, answered.get(customerId) ?? 0);
        const now = await calls.updateAdvocate(customerId, { version, ...to }).catch((error: unknown) => {
          // The card that it was to stand before has gone elsewhere: then it is the last.
          if (!(error instanceof AppError) || error.code !== 'invalid' || to.before === null) throw error;
          return calls.updateAdvocate(customerId, { version, ...to, before: null });
        });
        answered.set(customerId, now.version);
        return now;
      });
      tails.set(
        customerId,
        told.catch(() => undefined),
      );
      try {
        const now = await told;
        await keepCard(client, { card: now, from, before: to.before });
        return now;
      } catch (error) {
        const meanwhile = error instanceof AppError && error.reason === 'stateChanged';
        if (meanwhile) {
          const { advocate } = error.body.data as { advocate: Advocate };
          answered.set(customerId, advocate.version);
        }
        const name = plainName(card.name);
        showToast({
          text: meanwhile
            ? w.board.movedMeanwhile(name)
            : `${w.board.moveFailed(name)} ${errorText(t, error)}`,
          tone: 'error',
        });
        return null;
      } finally {
        setMoves((all) => all.filter((each) => each !== move));
        void client.invalidateQueries({ queryKey: ['advocates'] });
      }
    },
    [calls, client, t, w],
  );

  const move = useCallback(
    async (card: Mover, to: Place, from: Place): Promise<boolean> => {
      if (said !== null) closeToast(said);
      const now = await put(card, to, from.stage);
      if (!now) return false;
      const name = plainName(card.name);
      const undo = () =>
        void put({ ...card, version: now.version }, from, to.stage).then(
          (back) => back && showToast({ text: w.board.movedBack(name), stays: 3_000 }),
        );
      if (said !== null) closeToast(said);
      said = showToast({ text: w.board.moved(name, w.stage[to.stage]), undo });
      return true;
    },
    [put, w],
  );
  return { moves, move };
}
