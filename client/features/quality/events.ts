import { useCustomerEvents } from '../customers/events.ts';
import { useCountsOfFacts } from '../customers/facts.events.ts';

/** The board is counted again when what is derived of a customer changed. */
export function useQualityEvents(): void {
  useCustomerEvents();
  useCountsOfFacts('quality');
}
