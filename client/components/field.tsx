import type { ReactNode } from 'react';
import { FieldError } from 'react-aria-components/FieldError';
import { Label } from 'react-aria-components/Label';
import { Text } from 'react-aria-components/Text';
import { useT } from '../i18n/locale.tsx';
import { CircleAlert } from './icons.ts';

/** What every field of a form has around its control. */
export interface FieldProps {
  label: ReactNode;
  /** What would be right, before anything is wrong. */
  help?: ReactNode;
  /** What is wrong and what would be right. */
  error?: ReactNode;
  /** Says so after the label; required is the rule and unmarked. */
  optional?: boolean;
  /** The label is read aloud only: what stands around says it. */
  bare?: boolean;
}

export const controlClass =
  'w-full rounded-md border border-line-strong bg-raised px-2.5 text-sm text-ink transition-colors hover:border-ink-faint data-invalid:border-danger data-disabled:opacity-60 focus-visible:outline-offset-0';

export function FieldLabel({ label, optional, bare }: Pick<FieldProps, 'label' | 'optional' | 'bare'>) {
  const t = useT();
  return (
    <Label className={bare ? 'sr-only' : 'text-xs font-medium text-ink-muted'}>
      {label}
      {optional && <span className="ms-1 font-normal text-ink-faint">({t.common.optional})</span>}
    </Label>
  );
}

export function FieldNotes({ help, error }: Pick<FieldProps, 'help' | 'error'>) {
  return (
    <>
      {help && (
        <Text slot="description" className="text-xs text-ink-faint">
          {help}
        </Text>
      )}
      <FieldError className="flex items-start gap-1 text-xs text-danger-ink">
        {({ validationErrors }) => (
          <>
            <CircleAlert size={14} aria-hidden className="mt-0.5 shrink-0" />
            <span>{error ?? validationErrors.join(' ')}</span>
          </>
        )}
      </FieldError>
    </>
  );
}
