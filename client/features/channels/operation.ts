import type { ChannelDetails, ChannelState } from '../../../shared/channel.ts';
import { showToast } from '../../components/toast.tsx';
import { useT } from '../../i18n/locale.tsx';
import { useUpdateChannel } from './queries.ts';

/** Pausing, resuming and putting away, each with what is said and its undo. */
export function useOperation(channel: ChannelDetails) {
  const t = useT();
  const update = useUpdateChannel(channel.id);
  const become = (state: ChannelState, said: string, undo?: () => void, settled?: () => void) =>
    update.mutate(
      { state },
      {
        onSuccess: () => void showToast({ text: said, tone: 'ok', ...(undo && { undo }) }),
        ...(settled && { onSettled: settled }),
      },
    );
  const pause = (): void => become('paused', t.channels.paused, resume);
  const resume = (): void => become('connected', t.channels.resumed);
  return {
    isPending: update.isPending,
    error: update.error,
    pause,
    resume,
    archive: (settled: () => void) => become('archived', t.channels.archived, undefined, settled),
    restore: () => become('connected', t.channels.restored),
  };
}
