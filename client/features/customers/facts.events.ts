import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Connection } from '../../api/socket.ts';
import { useWorkspace } from '../../state/hooks.tsx';

/** What is counted anew already, for each connection. */
const wired = new WeakMap<Connection, Set<string>>();
/** Milliseconds in which what is derived of several customers is one reason to count again. */
const together = 1_000;

/** Queries that begin with this name count what is derived of customers: they are asked again when that changed. */
export function useCountsOfFacts(name: 'quality' | 'companies'): void {
  const { connection } = useWorkspace();
  const client = useQueryClient();
  useEffect(() => {
    const names = wired.get(connection) ?? new Set();
    if (names.has(name)) return;
    wired.set(connection, names.add(name));
    let waiting = false;
    connection.on('facts.changed', () => {
      if (waiting) return;
      waiting = true;
      setTimeout(() => {
        waiting = false;
        void client.invalidateQueries({ queryKey: [name] });
      }, together);
    });
  }, [connection, client, name]);
}
