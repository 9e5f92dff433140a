import { Link } from 'wouter';
import { useCustomerWords } from '../../../i18n/customer-words.ts';

/** To the message in which they said so, in the history. */
export function ToMessage({ customerId, messageId }: { customerId: string; messageId: string }) {
  const w = useCustomerWords();
  return (
    <Link
      href={`/customers/${customerId}?${new URLSearchParams({ entry: messageId })}`}
      className="text-2xs whitespace-nowrap text-accent-ink underline underline-offset-2"
    >
      {w.keep.toMessage}
    </Link>
  );
}
