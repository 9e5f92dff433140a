import { useState } from 'react';
import type { ProfileWord } from '../../../../shared/profile.ts';
import { Button, IconButton } from '../../../components/button.tsx';
import { Plus, X } from '../../../components/icons.ts';
import { TextField } from '../../../components/text-field.tsx';
import { useCustomerWords } from '../../../i18n/customer-words.ts';
import { useFmt, useLocale, useT } from '../../../i18n/locale.tsx';
import { dirOf } from '../../../lib/bidi.ts';
import { useNow } from '../../../lib/time.ts';
import { useUsers } from '../../directory.ts';
import { errorText } from '../../error-text.ts';
import { useChange, useQuickChange } from '../change.ts';
import { useMayWrite } from '../may-write.ts';
import { Nothing, PanelCard, Part } from './card.tsx';
import { EditForm } from './edit-line.tsx';
import type { PanelProps } from './panels.tsx';
import { ToMessage } from './to-message.tsx';

type Kind = 'concerns' | 'likes';

/** What worries them and what they like, in their own words. */
export function ConcernsPanel({ customer }: PanelProps) {
  const w = useCustomerWords();
  return (
    <PanelCard title={w.panels.names.concerns}>
      <Words customer={customer} kind="concerns" words={customer.profile.concerns} />
      <Words customer={customer} kind="likes" words={customer.profile.likes} />
    </PanelCard>
  );
}

function Words({ customer, kind, words }: PanelProps & { kind: Kind; words: readonly ProfileWord[] }) {
  const w = useCustomerWords();
  const fmt = useFmt();
  const now = useNow();
  const users = useUsers();
  const writes = useMayWrite();
  const { direction } = useLocale();
  const quick = useQuickChange(customer.id);
  const [adding, setAdding] = useState(false);
  return (
    <Part title={w.concerns[kind]}>
      {words.length === 0 && !writes && <Nothing>{w.concerns.none}</Nothing>}
      <ul className="flex flex-col">
        {words.map(({ id, text, at, byUserId, messageId }) => (
          <li key={id} className="group/word flex items-start gap-2 py-1 text-sm">
            <span
              aria-hidden
              className={`mt-2 size-1.5 shrink-0 rounded-full ${kind === 'concerns' ? 'bg-warn-ink' : 'bg-ok-ink'}`}
            />
            <span
              dir={dirOf(text, direction)}
              title={[users.get(byUserId ?? '')?.name, fmt.date(at, now)].filter(Boolean).join(' · ')}
              className="ui-start min-w-0 flex-1 wrap-anywhere"
            >
              {text} {messageId && <ToMessage customerId={customer.id} messageId={messageId} />}
            </span>
            {writes && (
              <IconButton
                size="sm"
                label={w.concerns.remove(text)}
                icon={<X size={13} />}
                className="-my-1 shrink-0 opacity-0 transition-opacity group-focus-within/word:opacity-100 group-hover/word:opacity-100 pointer-coarse:opacity-100"
                onPress={() => void quick({ [kind]: { add: [], remove: [id] } })}
              />
            )}
          </li>
        ))}
      </ul>
      {writes &&
        (adding ? (
          <Add customer={customer} kind={kind} onClose={() => setAdding(false)} />
        ) : (
          <Button
            size="sm"
            variant="quiet"
            className="-ms-2"
            icon={<Plus size={14} aria-hidden />}
            onPress={() => setAdding(true)}
          >
            {kind === 'concerns' ? w.concerns.addConcern : w.concerns.addLike}
          </Button>
        ))}
    </Part>
  );
}

/** Enter keeps one and is ready for the next; an empty one ends it. */
function Add({ customer, kind, onClose }: PanelProps & { kind: Kind; onClose: () => void }) {
  const t = useT();
  const w = useCustomerWords();
  const change = useChange(customer.id);
  const [text, setText] = useState('');
  const [error, setError] = useState<unknown>(null);
  const save = async () => {
    if (!text.trim()) return onClose();
    try {
      await change({ [kind]: { add: [{ text: text.trim(), messageId: null }], remove: [] } });
      setText('');
      setError(null);
    } catch (failure) {
      setError(failure);
    }
  };
  return (
    <EditForm onSave={save} onClose={onClose}>
      <TextField
        label={kind === 'concerns' ? w.concerns.addConcern : w.concerns.addLike}
        value={text}
        onChange={setText}
        error={error ? errorText(t, error) : undefined}
        maxLength={500}
        autoFocus
      />
    </EditForm>
  );
}
