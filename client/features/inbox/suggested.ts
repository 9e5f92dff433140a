import { useQuery } from '@tanstack/react-query';
import { useCustomerSummary, useWorkspace } from '../../state/hooks.tsx';

/** The name of a customer that may not have been met here. */
export function useSuggested(customerId: string | null): string | undefined {
  const { calls } = useWorkspace();
  const known = useCustomerSummary(customerId ?? undefined);
  const { data } = useQuery({
    queryKey: ['customer', customerId],
    queryFn: () => calls.customer(customerId ?? ''),
    enabled: customerId !== null && known === undefined,
  });
  return known?.name ?? data?.name;
}
