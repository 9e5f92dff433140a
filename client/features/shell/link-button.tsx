import type { ReactNode } from 'react';
import { Link } from 'wouter';

/** A link that looks like a secondary button. */
export function LinkButton({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Link
      href={href}
      className="inline-flex min-h-(--control) items-center justify-center gap-1.5 rounded-md border border-line bg-raised px-3 text-sm font-medium shadow-soft hover:bg-hover"
    >
      {children}
    </Link>
  );
}
