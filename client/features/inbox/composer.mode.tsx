import { cx } from '../../components/cx.ts';
import { Reply, StickyNote } from '../../components/icons.ts';
import { useT } from '../../i18n/locale.tsx';

/** To the customer, or to colleagues only: two colours that cannot be confused. */
export function ModeTabs({
  mode,
  onChange,
}: {
  mode: 'reply' | 'note';
  onChange: (mode: 'reply' | 'note') => void;
}) {
  const t = useT();
  const tab = (id: 'reply' | 'note', label: string, Icon: typeof Reply) => (
    <button
      type="button"
      aria-pressed={mode === id}
      onClick={() => onChange(id)}
      className={cx(
        'inline-flex min-h-7 items-center gap-1.5 rounded-md px-2 text-xs font-semibold transition-colors',
        mode !== id && 'text-ink-faint hover:text-ink',
        mode === id && id === 'reply' && 'bg-accent-soft text-accent-ink',
        mode === id && id === 'note' && 'bg-note-line/50 text-note-ink',
      )}
    >
      <Icon size={14} aria-hidden className={id === 'reply' ? 'mirror' : ''} />
      {label}
    </button>
  );
  return (
    <fieldset aria-label={t.composer.mode} className="flex gap-1">
      {tab('reply', t.composer.reply, Reply)}
      {tab('note', t.composer.note, StickyNote)}
    </fieldset>
  );
}
