import { QueryClient } from '@tanstack/react-query';

/** Server state that is no part of the hot path: users, channels, a customer's page. */
export const queries = new QueryClient({
  defaultOptions: { queries: { staleTime: 15_000, retry: false, refetchOnWindowFocus: true } },
});
