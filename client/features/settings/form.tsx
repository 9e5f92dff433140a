import { type FormEvent, type ReactNode, useEffect, useRef } from 'react';
import { Banner } from '../../components/banner.tsx';
import { IconButton } from '../../components/button.tsx';
import { CircleAlert, Copy } from '../../components/icons.ts';
import { showToast } from '../../components/toast.tsx';
import { useT } from '../../i18n/locale.tsx';
import { errorIdOf } from '../error-text.ts';

/** A form without the browser's own bubbles: what is wrong is said beside its field, and the first such field is entered. */
export function Form({
  id,
  onSubmit,
  issues,
  children,
  className,
}: {
  /** For a button outside of it. */
  id?: string;
  onSubmit: () => void;
  /** Anything new here moves the focus to the first field that is wrong. */
  issues?: unknown;
  children: ReactNode;
  className?: string;
}) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (!issues) return;
    const wrong = form.current?.querySelector<HTMLElement>('[aria-invalid="true"], [data-invalid] button');
    // A number's own steppers stand before its field.
    (
      wrong?.closest('[data-invalid]')?.querySelector<HTMLElement>('input:not([type=hidden])') ?? wrong
    )?.focus();
  }, [issues]);
  return (
    <form
      ref={form}
      id={id}
      noValidate
      className={className}
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {children}
    </form>
  );
}

export interface FormErrorProps {
  /** What went wrong, worded. */
  text: ReactNode;
  /** The failure it came from: its id is shown. */
  error?: unknown;
  /** A provider's own words, in whatever language it speaks. */
  said?: string;
}

/** What is wrong with a form as a whole. */
export function FormError({ text, error, said }: FormErrorProps) {
  const t = useT();
  const id = errorIdOf(error);
  return (
    <div role="alert" className="overflow-hidden rounded-md text-start [&>div]:justify-start">
      <Banner tone="danger" icon={<CircleAlert size={15} />}>
        {text}
        {said && <ProviderWords text={said} />}
        {id && (
          <span className="block font-normal">
            {t.common.errorId}: <code className="ltr select-all">{id}</code>
          </span>
        )}
      </Banner>
    </div>
  );
}

export function ProviderWords({ text }: { text: string }) {
  const t = useT();
  return (
    <span className="block font-normal">
      {t.channels.providerSaid}{' '}
      <q dir="auto" className="break-words">
        {text}
      </q>
    </span>
  );
}

/** Copies a text and says so. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const t = useT();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      showToast({ text: t.common.copied, tone: 'ok', stays: 3000 });
    } catch {
      // Without https a browser has no clipboard: the text beside the button can be chosen by hand.
      showToast({ text: t.errors.code.forbidden, tone: 'error' });
    }
  };
  return <IconButton label={label} icon={<Copy size={16} />} onPress={() => void copy()} />;
}
