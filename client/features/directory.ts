import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { CannedReply } from '../../shared/canned.ts';
import type { Channel } from '../../shared/channel.ts';
import type { Manifest } from '../../shared/connector.ts';
import type { User } from '../../shared/user.ts';
import { useLocale } from '../i18n/locale.tsx';
import { useStore, useWorkspace } from '../state/hooks.tsx';

const long = 10 * 60_000;
const nobody: ReadonlyMap<string, User> = new Map();
const nothing: ReadonlyMap<string, Manifest> = new Map();

/** Colleagues by id; names of people who left are kept. */
export function useUsers(): ReadonlyMap<string, User> {
  const { calls } = useWorkspace();
  const { data } = useQuery({ queryKey: ['users'], queryFn: () => calls.users(), staleTime: 60_000 });
  return useMemo(() => (data ? new Map(data.map((user) => [user.id, user])) : nobody), [data]);
}

const noReplies: readonly CannedReply[] = [];

/** The canned replies that the viewer may use, those used of late first. */
export function useCanned(): readonly CannedReply[] {
  const { calls } = useWorkspace();
  const { data } = useQuery({ queryKey: ['canned'], queryFn: () => calls.canned(), staleTime: long });
  return useMemo(() => {
    if (!data) return noReplies;
    const usedAt = (reply: CannedReply) => reply.usedAt ?? '';
    return [...data].sort((a, b) => usedAt(b).localeCompare(usedAt(a)) || b.used - a.used);
  }, [data]);
}

/** What each connector can do and how it is drawn, by its id. */
export function useManifests(): ReadonlyMap<string, Manifest> {
  const { calls } = useWorkspace();
  const { data } = useQuery({ queryKey: ['connectors'], queryFn: () => calls.connectors(), staleTime: long });
  return useMemo(() => (data ? new Map(data.map((manifest) => [manifest.id, manifest])) : nothing), [data]);
}

export interface ChannelLook {
  channel: Channel | undefined;
  manifest: Manifest | undefined;
  name: string;
  glyph: string;
}

/** How a channel is called and drawn. */
export function useChannelLook(): (channelId: string | null | undefined) => ChannelLook {
  const channels = useStore((state) => state.channels);
  const manifests = useManifests();
  const { language } = useLocale();
  return useMemo(
    () => (channelId) => {
      const channel = channelId ? channels.get(channelId) : undefined;
      const manifest = channel && manifests.get(channel.connector);
      return {
        channel,
        manifest,
        name: channel?.name ?? manifest?.name[language] ?? '',
        glyph: manifest?.glyph ?? channel?.connector ?? 'other',
      };
    },
    [channels, manifests, language],
  );
}
