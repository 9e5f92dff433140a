import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Connection } from '../../api/socket.ts';
import { useWorkspace } from '../../state/hooks.tsx';
import { useListEvents } from '../teams/queries.ts';

const wired = new WeakSet<Connection>();
/** Milliseconds in which what happens to one customer is one reason to ask again. */
const together = 300;

/** What the pages of customers show is asked for again when it changed; once for a connection, which outlives every page. */
export function useCustomerEvents(): void {
  const { connection } = useWorkspace();
  const client = useQueryClient();
  useListEvents();
  useEffect(() => {
    if (wired.has(connection)) return;
    wired.add(connection);
    wire(connection, client);
  }, [connection, client]);
}

function wire(connection: Connection, client: QueryClient): void {
  const changed = new Set<string>();
  const again = (customerId: string) => {
    const first = changed.size === 0;
    changed.add(customerId);
    if (!first) return;
    setTimeout(() => {
      for (const id of changed) {
        for (const key of ['customer', 'history', 'records', 'edits'])
          void client.invalidateQueries({ queryKey: [key, id] });
      }
      changed.clear();
      void client.invalidateQueries({ queryKey: ['customers'] });
    }, together);
  };
  connection.on('conversation.changed', ({ header }) => again(header.customerId));
  connection.on('customer.changed', ({ customer }) => again(customer.id));
  connection.on('history.changed', ({ customerId }) => again(customerId));
  connection.on('facts.changed', ({ customerId }) => again(customerId));
}
