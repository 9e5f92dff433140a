import { useCallback } from 'react';
import type { Message } from '../../../shared/message.ts';
import { useMe, useWorkspace } from '../../state/hooks.tsx';
import { useCurrentCall } from './current-call.ts';

/** The customer that an address of the desk is about: an open conversation's, or the one whose page it is. */
const places = [/^\/inbox\/[^/]+\/([^/?]+)/, /^\/customers\/([^/?]+)/];

/** A call that the telephone system says goes on, and that is nobody else's. */
function goingOn(messages: readonly Message[], meId: string): Message | undefined {
  return messages.findLast(
    ({ call }) =>
      call && !call.logged && call.state !== 'ended' && (call.agentId === null || call.agentId === meId),
  );
}

/** Begins to write a call down: that of the customer who is on screen, or of a number that is still to be said. */
export function useBeginCall(): () => void {
  const me = useMe();
  const { store, calls } = useWorkspace();
  return useCallback(() => {
    const { call, begin, change } = useCurrentCall.getState();
    const { headers, customers, timelines } = store.get();
    const [inbox, page] = places.map((place) => place.exec(location.pathname)?.[1]);
    const customerId = (inbox && headers.get(decodeURIComponent(inbox))?.customerId) || page || null;
    const name = (customerId && customers.get(customerId)?.name) || '';
    const told = customerId ? goingOn(timelines.get(customerId)?.messages ?? [], me.id) : undefined;
    begin({
      id: told?.id ?? crypto.randomUUID(),
      told: told !== undefined,
      startedAt: told?.call ? Date.parse(told.call.answeredAt ?? told.call.startedAt) : Date.now(),
      direction: told?.call?.direction ?? 'in',
      customerId,
      name,
      number: told?.call?.number ?? '',
      note: told?.text ?? '',
    });
    if (call || told || !customerId) return;
    // Their number, and their name where only the address was known.
    void calls.customer(customerId).then(
      (customer) => {
        const telephone = customer.identities.find(({ kind }) => kind === 'mobile' || kind === 'phone');
        change({ name: customer.name, ...(telephone && { number: telephone.display }) });
      },
      () => undefined,
    );
  }, [me.id, store, calls]);
}
