import { useState } from 'react';
import { Button, IconButton } from '../../components/button.tsx';
import { Plus, Trash2 } from '../../components/icons.ts';
import { TextField } from '../../components/text-field.tsx';
import { useLocale } from '../../i18n/locale.tsx';
import { Card } from '../settings/page.tsx';
import { type OriginIssue, originsOf, readOrigin } from './origins.ts';
import { words } from './words.ts';

export interface OriginsProps {
  /** The setting: one origin a line. */
  value: string;
  onChange: (value: string) => void;
  /** What the server said against it. */
  refused: string | undefined;
}

/** The sites that may hold the widget, one after the other. */
export function Origins({ value, onChange, refused }: OriginsProps) {
  const { language } = useLocale();
  const w = words[language];
  const [entry, setEntry] = useState('');
  const [issue, setIssue] = useState<OriginIssue | null>(null);
  const all = originsOf(value);
  const add = () => {
    const read = readOrigin(entry);
    const found = read.issue ?? (all.includes(read.origin) ? 'twice' : null);
    setIssue(found);
    if (found || read.origin === null) return;
    onChange([...all, read.origin].join('\n'));
    setEntry('');
  };
  return (
    <Card title={w.origins} text={w.originsText}>
      {all.length === 0 ? (
        <p className="mb-3 rounded-md bg-warn-soft px-3 py-2 text-warn-ink">{w.originsEmpty}</p>
      ) : (
        <ul className="mb-3 divide-y divide-line rounded-md border border-line">
          {all.map((origin) => (
            <li key={origin} className="flex items-center gap-2 ps-3">
              <bdi dir="ltr" className="min-w-0 flex-1 truncate font-mono text-xs">
                {origin}
              </bdi>
              <IconButton
                label={w.remove(origin)}
                icon={<Trash2 size={16} />}
                onPress={() => onChange(all.filter((one) => one !== origin).join('\n'))}
              />
            </li>
          ))}
        </ul>
      )}
      <form
        noValidate
        className="flex items-start gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          add();
        }}
      >
        <TextField
          label={w.origin}
          help={w.originHelp}
          ltr
          autoComplete="off"
          placeholder="https://shop.example"
          value={entry}
          onChange={(next) => {
            setEntry(next);
            setIssue(null);
          }}
          error={issue ? w.originIssue[issue] : refused}
          className="flex-1"
        />
        <Button type="submit" className="mt-5.5" icon={<Plus size={16} />}>
          {w.add}
        </Button>
      </form>
    </Card>
  );
}
