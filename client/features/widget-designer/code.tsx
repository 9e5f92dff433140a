import { CopyButton } from '../settings/form.tsx';

/** Something to be copied as it is: always left to right, and reached by keyboard, because it may scroll. */
export function Code({ text, label, copy }: { text: string; label: string; copy: string }) {
  return (
    <div dir="ltr" className="flex items-start gap-1 rounded-md border border-line bg-sunken">
      <section
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
        tabIndex={0}
        aria-label={label}
        className="min-w-0 flex-1 overflow-x-auto p-3"
      >
        <pre className="font-mono text-xs leading-5">{text.trimEnd()}</pre>
      </section>
      <CopyButton text={text} label={`${copy}: ${label}`} />
    </div>
  );
}
