import { type ReactNode, useEffect, useRef } from 'react';
import { Link } from 'wouter';
import type { Import } from '../../../shared/import.ts';
import { ArrowLeft } from '../../components/icons.ts';
import { type Step, Steps } from '../../components/steps.tsx';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { useFmt } from '../../i18n/locale.tsx';
import { CustomersArea } from '../customers/area.tsx';
import { RemoveImport } from './remove.tsx';
import { StateChip } from './state-chip.tsx';

export interface ImportFrameProps {
  /** The step that is being done, from 0; 4 when all are. */
  at: number;
  one?: Import;
  actions?: ReactNode;
  children: ReactNode;
}

/** One table on its way in: its name, its state and how far it is. */
export function ImportFrame({ at, one, actions, children }: ImportFrameProps) {
  const w = useCustomerWords().imports;
  const fmt = useFmt();
  const content = useFocusKept(`${one?.id} ${one?.state} ${at}`);
  const open = one && !one.result && !one.undo;
  const steps: Step[] = [
    { id: 'file', label: w.step.file },
    {
      id: 'columns',
      label: w.step.columns,
      href: open && at > 1 ? `/customers/imports/${one.id}/columns` : undefined,
    },
    {
      id: 'check',
      label: w.step.check,
      href: open && at < 2 && one.check ? `/customers/imports/${one.id}` : undefined,
    },
    { id: 'run', label: w.step.run },
  ];
  return (
    <CustomersArea
      part="imports"
      name={one?.fileName ?? w.start}
      title={
        one && (
          <>
            <bdi className="max-w-full truncate">{one.fileName}</bdi>
            <StateChip state={one.state} />
          </>
        )
      }
      text={
        one
          ? `${w.kind[one.kind]} · ${fmt.bytes(one.bytes)} · ${w.columnsCount(one.columns.length)}`
          : undefined
      }
      actions={
        <>
          {actions}
          {one && <RemoveImport one={one} />}
          <Link
            href="/customers/imports"
            className="inline-flex min-h-(--control) items-center gap-1 rounded-md px-2 text-sm font-medium text-ink-muted hover:bg-hover hover:text-ink"
          >
            <ArrowLeft size={15} aria-hidden className="mirror" />
            {w.back}
          </Link>
        </>
      }
    >
      <div className="mb-5">
        <Steps label={w.steps} steps={steps} at={at} done={w.stepDone} />
      </div>
      <div ref={content} tabIndex={-1} className="outline-none">
        {children}
      </div>
    </CustomersArea>
  );
}

/** The button that led to a step goes with the step before: then the keyboard goes on in what came in its place. */
function useFocusKept(step: string) {
  const content = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new step anew
  useEffect(() => {
    // A window that closes gives the focus back a frame later, to a button that may be gone.
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => {
        if (document.activeElement === document.body) content.current?.focus({ preventScroll: true });
      });
    });
    return () => cancelAnimationFrame(frame);
  }, [step]);
  return content;
}
