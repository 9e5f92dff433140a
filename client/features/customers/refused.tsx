import { Link } from 'wouter';
import type { StatedKind } from '../../../shared/customer.ts';
import { AppError } from '../../../shared/errors.ts';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { useT } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import { errorText } from '../error-text.ts';

interface Owner {
  id: string;
  name: string;
}

/** What the server knows of a refused address. */
function refusedBy(error: unknown): { suggestion: string | null; owner: Owner | null } {
  const data =
    error instanceof AppError ? (error.body.data as Record<string, unknown> | undefined) : undefined;
  const owner = data?.['customer'];
  return {
    suggestion: typeof data?.['suggestion'] === 'string' ? data['suggestion'] : null,
    owner:
      typeof owner === 'object' && owner !== null && 'id' in owner && 'name' in owner
        ? { id: String(owner.id), name: String(owner.name) }
        : null,
  };
}

/** Why an address of a kind was not taken, or what else a field held (null), as its field says it; and whose it is. */
export function useRefused(
  kind: StatedKind | null,
  error: unknown,
): { said: string | undefined; owner: Owner | null } {
  const t = useT();
  const w = useCustomerWords();
  const { suggestion, owner } = refusedBy(error);
  const said =
    kind && error instanceof AppError && error.code === 'invalid' && error.body.fields?.['value']
      ? `${w.contacts.invalid[kind]}${suggestion ? ` ${w.contacts.suggestion(suggestion)}` : ''}`
      : error
        ? errorText(t, error)
        : undefined;
  return { said, owner };
}

/** Whose address it is, and the way there. */
export function OwnerLink({ owner }: { owner: Owner }) {
  const w = useCustomerWords();
  return (
    <p className="text-xs text-ink-muted">
      {w.contacts.owner(plainName(owner.name))}{' '}
      <Link href={`/customers/${owner.id}`} className="text-accent-ink underline underline-offset-3">
        {w.contacts.openOwner}
      </Link>
    </p>
  );
}
