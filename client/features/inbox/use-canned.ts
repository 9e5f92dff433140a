import { useCallback, useMemo } from 'react';
import { type CannedReply, type CannedVariable, fillCanned } from '../../../shared/canned.ts';
import type { Conversation } from '../../../shared/conversation.ts';
import { announce } from '../../components/live-region.tsx';
import { useFmt, useT } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import { useNow } from '../../lib/time.ts';
import { useCustomerSummary, useMe, useWelcome, useWorkspace } from '../../state/hooks.tsx';
import { putInstead } from './put-instead.ts';

export type CannedValues = Partial<Record<CannedVariable, string>>;

/** What the variables stand for in this conversation, for this agent, today. */
export function useCannedValues(header: Conversation, channel: string): CannedValues {
  const fmt = useFmt();
  const now = useNow();
  const me = useMe();
  const organisation = useWelcome()?.organisation;
  const customer = useCustomerSummary(header.customerId);
  return useMemo(
    () => ({
      'customer.name': plainName(customer?.name ?? ''),
      'customer.cid': header.customerId,
      'agent.name': me.name,
      ...(organisation && { 'organisation.name': organisation }),
      'conversation.channel': channel,
      today: fmt.date(now, now),
    }),
    [customer?.name, header.customerId, me.name, organisation, channel, fmt, now],
  );
}

/** Puts a canned reply into the field in place of what stands from `from` to the cursor; what stays empty is chosen, to be written over. */
export function useInsertCanned(header: Conversation, channel: string) {
  const t = useT();
  const { calls } = useWorkspace();
  const values = useCannedValues(header, channel);
  return useCallback(
    (reply: CannedReply, area: HTMLTextAreaElement, from: number) => {
      const { text, missing } = fillCanned(reply.text, values);
      putInstead(area, from, text);
      announce(t.canned.inserted(reply.title));
      const gap = missing[0] ? text.search(/\{\{/) : -1;
      if (gap >= 0) area.setSelectionRange(from + gap, from + text.indexOf('}}', gap) + 2);
      // Only the order of the next list hangs on it.
      void calls.usedCanned(reply.id).catch(() => undefined);
    },
    [calls, values, t],
  );
}
