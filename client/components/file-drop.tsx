import { type DragEvent, type ReactNode, useRef, useState } from 'react';
import { Button } from './button.tsx';
import { cx } from './cx.ts';
import { FileUp } from './icons.ts';

export interface FileDropProps {
  /** What to drop here. */
  title: string;
  /** Of the button. */
  choose: string;
  help?: ReactNode;
  /** As the `accept` of an input: what the system's own window offers first. */
  accept?: string;
  isDisabled?: boolean;
  onFiles: (files: readonly File[]) => void;
}

/** A place to drop a file on, with a button for whoever does not drag. */
export function FileDrop({ title, choose, help, accept, isDisabled = false, onFiles }: FileDropProps) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const take = (list: FileList | null) => {
    if (!isDisabled && list && list.length > 0) onFiles([...list]);
  };
  const hold = (event: DragEvent) => {
    if (!event.dataTransfer.types.includes('Files')) return;
    event.preventDefault();
    setOver(!isDisabled);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is for pointers; the button inside is for everybody
    <div
      onDragEnter={hold}
      onDragOver={hold}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      }}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        take(event.dataTransfer.files);
      }}
      className={cx(
        'flex flex-col items-center gap-1 rounded-xl border-2 border-dashed px-4 py-8 text-center transition-colors',
        over ? 'border-accent bg-accent-soft' : 'border-line-strong bg-surface',
      )}
    >
      <span
        aria-hidden
        className="mb-2 grid size-12 place-items-center rounded-full bg-accent-soft text-accent-ink"
      >
        <FileUp size={22} />
      </span>
      <p className="font-semibold">{title}</p>
      {help && <p className="max-w-md text-xs text-pretty text-ink-muted">{help}</p>}
      <Button className="mt-3" isDisabled={isDisabled} onPress={() => input.current?.click()}>
        {choose}
      </Button>
      <input
        ref={input}
        type="file"
        className="hidden"
        aria-label={choose}
        {...(accept && { accept })}
        onChange={(event) => {
          take(event.target.files);
          // The same file once more is a choice too.
          event.target.value = '';
        }}
      />
    </div>
  );
}
