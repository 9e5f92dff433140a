import { type QueryClient, type QueryKey, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { ConversationChanged } from '../../../shared/events.ts';
import type { Connection } from '../../api/socket.ts';
import { useWorkspace } from '../../state/hooks.tsx';
import { useListEvents } from '../teams/queries.ts';

/** What is long and on screen: it asks for what it needs of what happened, not for all that was loaded. */
export interface CustomerEvents {
  /** `event` is a conversation's commit; null: anything of this customer may be other than before. */
  histories: Set<(customerId: string, event: ConversationChanged | null) => void>;
  lists: Set<() => void>;
}

const wired = new WeakMap<Connection, CustomerEvents>();
/** Milliseconds in which what happens to one customer is one reason to ask again. */
const together = 300;

/** What the pages of customers show is asked for again when it changed; once for a connection, which outlives every page. */
export function useCustomerEvents(): void {
  const { connection } = useWorkspace();
  const client = useQueryClient();
  useListEvents();
  useEffect(() => {
    customerEvents(connection, client);
  }, [connection, client]);
}

export function customerEvents(connection: Connection, client: QueryClient): CustomerEvents {
  const events = wired.get(connection) ?? wire(connection, client);
  wired.set(connection, events);
  return events;
}

function wire(connection: Connection, client: QueryClient): CustomerEvents {
  const events: CustomerEvents = { histories: new Set(), lists: new Set() };
  const refresh = refresher(client);
  /** Customers, and whether what hangs on them may be other than before. */
  const changed = new Map<string, boolean>();
  const again = (customerId: string, hanging: boolean) => {
    const first = changed.size === 0;
    changed.set(customerId, hanging || changed.get(customerId) === true);
    if (!first) return;
    setTimeout(() => {
      for (const [id, more] of changed)
        for (const key of more ? ['customer', 'records', 'edits'] : ['customer']) refresh([key, id]);
      changed.clear();
    }, together);
  };
  const history = (customerId: string, event: ConversationChanged | null) => {
    // One that is not on screen is asked for when it is.
    void client.invalidateQueries({
      queryKey: ['history', customerId],
      predicate: (query) => !query.isActive(),
      refetchType: 'none',
    });
    for (const hear of events.histories) hear(customerId, event);
  };
  const lists = () => {
    void client.invalidateQueries({
      queryKey: ['customers'],
      predicate: (query) => !query.isActive(),
      refetchType: 'none',
    });
    for (const hear of events.lists) hear();
  };
  connection.on('conversation.changed', (event) => {
    again(event.header.customerId, false);
    history(event.header.customerId, event);
  });
  connection.on('customer.changed', ({ customer }) => {
    again(customer.id, true);
    history(customer.id, null);
    lists();
  });
  connection.on('history.changed', ({ customerId }) => {
    again(customerId, true);
    history(customerId, null);
  });
  // Lists are made of facts, and of nothing else.
  connection.on('facts.changed', ({ customerId }) => {
    again(customerId, false);
    lists();
  });
  return events;
}

/** Asks again without cancelling what is under way; what came meanwhile is asked for once after it. */
function refresher(client: QueryClient): (queryKey: QueryKey) => void {
  /** Of what is asked for now: whether once more. */
  const running = new Map<string, boolean>();
  const refresh = (queryKey: QueryKey) => {
    const name = queryKey.join(' ');
    if (running.has(name)) {
      running.set(name, true);
      return;
    }
    running.set(name, client.isFetching({ queryKey }) > 0);
    void client.invalidateQueries({ queryKey }, { cancelRefetch: false }).finally(() => {
      const more = running.get(name);
      running.delete(name);
      if (more) refresh(queryKey);
    });
  };
  return refresh;
}
