import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Connection } from '../../api/socket.ts';
import { useWorkspace } from '../../state/hooks.tsx';
import { useCustomerEvents } from '../customers/events.ts';

const wired = new WeakSet<Connection>();
/** Milliseconds in which what is derived of several customers is one reason to count again. */
const together = 1_000;

/** The board is counted again when what is derived of a customer changed; once for a connection. */
export function useQualityEvents(): void {
  const { connection } = useWorkspace();
  const client = useQueryClient();
  useCustomerEvents();
  useEffect(() => {
    if (wired.has(connection)) return;
    wired.add(connection);
    let waiting = false;
    connection.on('facts.changed', () => {
      if (waiting) return;
      waiting = true;
      setTimeout(() => {
        waiting = false;
        void client.invalidateQueries({ queryKey: ['quality'] });
      }, together);
    });
  }, [connection, client]);
}
