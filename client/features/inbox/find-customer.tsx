import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useId, useState } from 'react';
import type { FoundCustomer } from '../../api/calls.ts';
import { Avatar } from '../../components/avatar.tsx';
import { cx } from '../../components/cx.ts';
import { Skeleton } from '../../components/skeleton.tsx';
import { SearchField } from '../../components/text-field.tsx';
import { useT } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import { useWorkspace } from '../../state/hooks.tsx';
import { errorText } from '../error-text.ts';
import { PersonName } from './person-name.tsx';

export interface FindCustomerProps {
  label: string;
  chosenId?: string | null;
  /** Left out of what is found. */
  exceptId?: string;
  onChoose: (customer: FoundCustomer) => void;
}

/** Customers by the beginning of a name, a number in any spelling, or an address. */
export function FindCustomer({ label, chosenId, exceptId, onChoose }: FindCustomerProps) {
  const t = useT();
  const { calls } = useWorkspace();
  const [text, setText] = useState('');
  const q = useDeferredValue(text.trim());
  const listId = useId();
  const [at, setAt] = useState(0);
  const { data, error, isFetching } = useQuery({
    queryKey: ['find', q],
    queryFn: ({ signal }) => calls.findCustomers(q, 20, signal),
    enabled: q.length > 0,
    placeholderData: (before) => before,
  });
  const found = q ? (data?.customers ?? []).filter(({ id }) => id !== exceptId) : [];
  const active = Math.min(at, found.length - 1);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the arrow keys of the search field inside move along the list
    <div
      onKeyDown={(event) => {
        if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
          event.preventDefault();
          setAt(Math.max(0, Math.min(found.length - 1, active + (event.key === 'ArrowDown' ? 1 : -1))));
        }
        const chosen = found[active];
        if (event.key === 'Enter' && chosen) {
          event.preventDefault();
          onChoose(chosen);
        }
      }}
    >
      <SearchField
        label={label}
        placeholder={t.views.searchPlaceholder}
        value={text}
        onChange={(value) => {
          setText(value);
          setAt(0);
        }}
        autoFocus
      />
      <div role="status" className="sr-only">
        {q && !isFetching && found.length === 0 ? t.views.searchNothing : ''}
      </div>
      <div className="mt-2 max-h-[50dvh] min-h-40 overflow-y-auto">
        {error ? (
          <p role="alert" className="p-3 text-danger-ink">
            {errorText(t, error)}
          </p>
        ) : !q ? (
          <p className="p-3 text-ink-muted">{t.views.searchHint}</p>
        ) : found.length === 0 && isFetching ? (
          <div className="space-y-3 p-2">
            <Skeleton className="h-10" />
            <Skeleton className="h-10" />
          </div>
        ) : found.length === 0 ? (
          <p className="p-3 text-ink-muted">{t.views.searchNothing}</p>
        ) : (
          <ul id={listId} aria-label={label}>
            {found.map((customer, index) => (
              <li key={customer.id}>
                <button
                  type="button"
                  aria-current={index === active || customer.id === chosenId ? 'true' : undefined}
                  onClick={() => onChoose(customer)}
                  className={cx(
                    'flex w-full items-center gap-3 rounded-md px-2 py-1.5 text-start hover:bg-hover',
                    (index === active || customer.id === chosenId) && 'bg-hover',
                    customer.id === chosenId && 'ring-2 ring-accent',
                  )}
                >
                  <Avatar name={customer.name} seed={customer.id} size="sm" />
                  <span className="min-w-0 flex-1">
                    <PersonName name={customer.name} className="font-medium" />
                    <span className="flex flex-wrap gap-x-2 text-xs text-ink-muted">
                      {customer.identities.slice(0, 3).map(({ id, display }) => (
                        <bdi key={id} dir="ltr">
                          {plainName(display)}
                        </bdi>
                      ))}
                    </span>
                  </span>
                </button>
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}
