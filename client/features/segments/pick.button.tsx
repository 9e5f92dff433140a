import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { controlClass } from '../../components/field.tsx';
import { ChevronDown } from '../../components/icons.ts';

export interface PickButtonProps {
  label: string;
  onPress: () => void;
  children: ReactNode;
}

/** Looks as a select does and opens a list that can be searched. */
export function PickButton({ label, onPress, children }: PickButtonProps) {
  return (
    <Button
      aria-label={label}
      aria-haspopup="dialog"
      onPress={onPress}
      className={`${controlClass} flex h-(--control) items-center gap-2 text-start`}
    >
      <span className="min-w-0 flex-1 truncate">{children}</span>
      <ChevronDown size={15} aria-hidden className="shrink-0 text-ink-faint" />
    </Button>
  );
}
