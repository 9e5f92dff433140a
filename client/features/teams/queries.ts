import { type QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { ChangedList } from '../../../shared/events.ts';
import type { Team, TeamUpdate } from '../../../shared/team.ts';
import type { Connection } from '../../api/socket.ts';
import { useWorkspace } from '../../state/hooks.tsx';

const wired = new WeakMap<Connection, QueryClient>();

/** A list that somebody changed elsewhere is asked for again; once for a connection, which outlives every page. */
export function useListEvents(): void {
  const { connection } = useWorkspace();
  const client = useQueryClient();
  useEffect(() => {
    if (wired.has(connection)) return;
    wired.set(connection, client);
    connection.on('lists.changed', ({ list }: { list: ChangedList }) => {
      void client.invalidateQueries({ queryKey: [list] });
      // Who is in a team stands with the users.
      if (list === 'teams') void client.invalidateQueries({ queryKey: ['users'] });
    });
  }, [connection, client]);
}

export function useTeams() {
  const { calls } = useWorkspace();
  useListEvents();
  return useQuery({ queryKey: ['teams'], queryFn: () => calls.teams() });
}

/** Puts one into a list that was fetched, in its place or at the end. */
export function keepIn<Item extends { id: string }>(client: QueryClient, key: string, item: Item): void {
  client.setQueryData<Item[]>([key], (before = []) =>
    before.some((one) => one.id === item.id)
      ? before.map((one) => (one.id === item.id ? item : one))
      : [...before, item],
  );
}

/**
 * @param said what to do once it is saved or refused; also when the row that asked has gone elsewhere meanwhile, as an
 * archived one does
 */
export function useSaveTeam(said: {
  onSuccess?: (team: Team, change: TeamUpdate) => void;
  onError?: (error: unknown) => void;
}) {
  const { calls } = useWorkspace();
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, change }: { id: string | null; change: TeamUpdate }) =>
      id === null
        ? calls.createTeam({ name: change.name ?? '', memberIds: change.memberIds ?? [] })
        : calls.updateTeam(id, change),
    onSuccess: (team: Team, { change }) => {
      keepIn(client, 'teams', team);
      void client.invalidateQueries({ queryKey: ['users'] });
      said.onSuccess?.(team, change);
    },
    onError: (error) => said.onError?.(error),
  });
}
