import { useQuery } from '@tanstack/react-query';
import { Badge } from '../../components/badge.tsx';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { useFmt } from '../../i18n/locale.tsx';
import { useWorkspace } from '../../state/hooks.tsx';

/** How many pairs wait for somebody to decide; nothing where none does. It follows live. */
export function DuplicateCount() {
  const w = useCustomerWords();
  const fmt = useFmt();
  const { calls } = useWorkspace();
  const { data } = useQuery({ queryKey: ['duplicates', 'count'], queryFn: () => calls.duplicateCount() });
  if (!data || data.count === 0) return null;
  const count = fmt.capped(data.count);
  return (
    <span className="relative ms-auto flex">
      <Badge tone="quiet" label={w.duplicates.waiting(count)}>
        {count}
      </Badge>
    </span>
  );
}
