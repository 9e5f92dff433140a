import { type QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { ChannelDetails, ChannelTest, ChannelUpdate } from '../../../shared/channel.ts';
import type { Manifest } from '../../../shared/connector.ts';
import { AppError } from '../../../shared/errors.ts';
import type { Connection } from '../../api/socket.ts';
import { useWorkspace } from '../../state/hooks.tsx';

const channelsKey = ['channels'];
export const failuresKey = (channelId: string) => ['failures', channelId];
const testKey = (channelId: string) => ['channels', channelId, 'test'];

/** Its health changes without a word over the socket: it is asked for again while somebody looks. */
const healthPace = 10_000;

const wired = new WeakMap<Connection, QueryClient>();

/** What the socket says of channels goes into what is shown; once for a connection, which outlives every page. */
function useChannelEvents(): void {
  const { connection } = useWorkspace();
  const client = useQueryClient();
  useEffect(() => {
    if (wired.has(connection)) return;
    wired.set(connection, client);
    connection.on('channelTest.changed', (test) => {
      client.setQueryData<ChannelTest | null>(testKey(test.channelId), test);
    });
    connection.on('channel.changed', ({ channel }) => {
      void client.invalidateQueries({ queryKey: channelsKey, exact: true });
      void client.invalidateQueries({ queryKey: failuresKey(channel.id) });
    });
  }, [connection, client]);
}

/** Every channel with its health, for administrators. */
export function useChannels() {
  const { calls } = useWorkspace();
  useChannelEvents();
  return useQuery({ queryKey: channelsKey, queryFn: () => calls.channels(), refetchInterval: healthPace });
}

/** What can be connected. It changes with the program only. */
export function useConnectors() {
  const { calls } = useWorkspace();
  return useQuery({
    queryKey: ['connectors'],
    queryFn: () => calls.connectors(),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export type Manifests = ReadonlyMap<string, Manifest>;

export function manifestsOf(list: readonly Manifest[]): Manifests {
  return new Map(list.map((manifest) => [manifest.id, manifest]));
}

/** Puts a channel into the list that was fetched. */
export function keep(client: QueryClient, channel: ChannelDetails): void {
  client.setQueryData<ChannelDetails[]>(channelsKey, (before = []) =>
    before.some((one) => one.id === channel.id)
      ? before.map((one) => (one.id === channel.id ? channel : one))
      : [...before, channel],
  );
}

export function useCreateChannel() {
  const { calls } = useWorkspace();
  const client = useQueryClient();
  return useMutation({ mutationFn: calls.createChannel, onSuccess: (channel) => keep(client, channel) });
}

export function useUpdateChannel(id: string) {
  const { calls } = useWorkspace();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: ChannelUpdate) => calls.updateChannel(id, change),
    onSuccess: (channel) => keep(client, channel),
  });
}

/** The latest test of a channel; null when it was never tested. Its steps arrive over the socket as they happen. */
export function useChannelTest(channelId: string) {
  const { calls } = useWorkspace();
  useChannelEvents();
  return useQuery({
    queryKey: testKey(channelId),
    queryFn: () =>
      calls.channelTest(channelId).catch((error: unknown) => {
        if (error instanceof AppError && error.code === 'notFound') return null;
        throw error;
      }),
    // A step told while the connection was away is found all the same.
    refetchInterval: ({ state }) => (isRunning(state.data) ? 5_000 : false),
  });
}

export function useStartTest(channelId: string) {
  const { calls } = useWorkspace();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (peer: string) => calls.testChannel(channelId, peer),
    onSuccess: (test) => {
      // The socket may already have told more of this same test.
      client.setQueryData<ChannelTest | null>(testKey(channelId), (before) =>
        before?.id === test.id ? before : test,
      );
    },
  });
}

export function isRunning(test: ChannelTest | null | undefined): boolean {
  if (!test || test.steps.some((step) => step.state === 'failed')) return false;
  return test.steps.some((step) => step.state === 'waiting');
}

/** It worked both ways. */
export function passed(test: ChannelTest | null | undefined): boolean {
  return test?.steps.every((step) => step.state === 'ok') ?? false;
}
