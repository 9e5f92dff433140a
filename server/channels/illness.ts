import { type Illness, illnessOf } from '../../shared/illness.ts';
import type { ChannelDoc, ChannelHealthDoc } from './channel.model.ts';

/** The worst that ails a channel as it is stored; null: nothing does. */
export function storedIllness(
  { state, pausedReason }: Pick<ChannelDoc, 'state' | 'pausedReason'>,
  health: Pick<ChannelHealthDoc, 'listening' | 'silentSince' | 'expiresAt'> | null | undefined,
  now: Date,
): Illness | null {
  return illnessOf(
    {
      state,
      pausedReason,
      listening: health?.listening ?? 'notNeeded',
      expiresAt: health?.expiresAt?.getTime() ?? null,
      silent: Boolean(health?.silentSince),
    },
    now.getTime(),
  );
}
