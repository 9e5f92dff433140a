import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Connection } from '../../api/socket.ts';
import { useWorkspace } from '../../state/hooks.tsx';

const wired = new WeakSet<Connection>();
/** Milliseconds in which all that is found is one reason to count again. */
const together = 3_000;

/** What is counted of the stream is counted again while it grows; once for a connection. */
export function useCountEvents(): void {
  const { connection } = useWorkspace();
  const client = useQueryClient();
  useEffect(() => {
    if (wired.has(connection)) return;
    wired.add(connection);
    let waiting = false;
    connection.on('lists.changed', ({ list }) => {
      if (list !== 'hits' || waiting) return;
      waiting = true;
      setTimeout(() => {
        waiting = false;
        void client.invalidateQueries({ queryKey: ['listening'] });
        void client.invalidateQueries({ queryKey: ['searches'] });
      }, together);
    });
  }, [connection, client]);
}
