import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ChannelDetails, ChannelState } from '../../../shared/channel.ts';
import { showToast } from '../../components/toast.tsx';
import { useT } from '../../i18n/locale.tsx';
import { useWorkspace } from '../../state/hooks.tsx';
import { keep } from './queries.ts';

interface Change {
  state: ChannelState;
  said: string;
  undo?: () => void;
}

/** Pausing, resuming and putting away, each with what is said and its undo, which works from any page. */
export function useOperation(channel: ChannelDetails) {
  const t = useT();
  const { calls } = useWorkspace();
  const client = useQueryClient();
  const update = useMutation({
    mutationFn: ({ state }: Change) => calls.updateChannel(channel.id, { state }),
    onSuccess: (changed, { said, undo }) => {
      keep(client, changed);
      showToast({ text: said, tone: 'ok', ...(undo && { undo }) });
    },
  });
  const resume = (): void => update.mutate({ state: 'connected', said: t.channels.resumed });
  return {
    isPending: update.isPending,
    error: update.error,
    pause: () => update.mutate({ state: 'paused', said: t.channels.paused, undo: resume }),
    resume,
    archive: (settled: () => void) =>
      update.mutate({ state: 'archived', said: t.channels.archived }, { onSettled: settled }),
    restore: () => update.mutate({ state: 'connected', said: t.channels.restored }),
  };
}
