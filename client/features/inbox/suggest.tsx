import {
  type KeyboardEvent,
  type ReactNode,
  type Ref,
  type RefObject,
  useEffect,
  useImperativeHandle,
} from 'react';
import type { Conversation } from '../../../shared/conversation.ts';
import { Avatar } from '../../components/avatar.tsx';
import { MessageSquareText } from '../../components/icons.ts';
import { type Option, OptionList, useOptionKeys } from '../../components/options.tsx';
import { useT } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import { findIn } from '../../lib/find.ts';
import type { Trigger } from '../../lib/trigger.ts';
import { useMe } from '../../state/hooks.tsx';
import { useCanned, useUsers } from '../directory.ts';
import { CannedPreview } from './canned-preview.tsx';
import { putInstead } from './put-instead.ts';
import { useCannedValues, useInsertCanned } from './use-canned.ts';

export interface SuggestHandle {
  /** True when the press was the list's. */
  press: (event: KeyboardEvent<HTMLTextAreaElement>) => boolean;
}

export interface SuggestProps {
  header: Conversation;
  trigger: Trigger;
  /** The channel that the reply goes to, by name. */
  channel: string;
  area: RefObject<HTMLTextAreaElement | null>;
  onMention: (userId: string) => void;
  onClose: () => void;
  ref: Ref<SuggestHandle>;
}

/** Canned replies after `/`, colleagues after `@`: over the field, while the keyboard stays in it. */
export function Suggest(props: SuggestProps) {
  return props.trigger.sign === '/' ? <CannedList {...props} /> : <MentionList {...props} />;
}

function CannedList({ header, trigger, channel, area, onClose, ref }: SuggestProps) {
  const t = useT();
  const canned = useCanned();
  const values = useCannedValues(header, channel);
  const insert = useInsertCanned(header, channel);
  const found = findIn(canned, trigger.query, ({ title, shortcut, folder, text }) => [
    shortcut,
    title,
    folder.join(' '),
    text,
  ]).slice(0, 50);
  const choose = (at: number) => {
    const reply = found[at];
    if (!reply || !area.current) return;
    onClose();
    insert(reply, area.current, trigger.from);
  };
  const options = found.map(
    ({ id, title, shortcut, folder }): Option => ({
      id,
      label: title,
      icon: <MessageSquareText size={15} />,
      // Each reads in its own direction, whatever the page's.
      description: [
        shortcut && `\u2068/${shortcut}\u2069`,
        folder.length > 0 && `\u2068${folder.join(' › ')}\u2069`,
      ]
        .filter(Boolean)
        .join(' · '),
    }),
  );
  const keys = useOptionKeys({
    count: options.length,
    query: trigger.query,
    onChoose: choose,
    tabChooses: true,
  });
  useField(area, options.length > 0 ? keys.listId : null, keys.field['aria-activedescendant']);
  useImperativeHandle(ref, () => ({ press: keys.press }));
  const shown = found[keys.active];
  return (
    <Sheet
      label={t.canned.title}
      empty={canned.length === 0 ? t.canned.none : t.canned.nothing}
      options={options}
    >
      <div className="flex min-h-0 flex-1">
        <OptionList
          options={options}
          keys={keys}
          label={t.canned.title}
          onChoose={choose}
          className="max-h-64 w-1/2 flex-1"
        />
        {shown && <CannedPreview reply={shown} values={values} />}
      </div>
    </Sheet>
  );
}

function MentionList({ trigger, area, onMention, onClose, ref }: SuggestProps) {
  const t = useT();
  const me = useMe();
  const users = useUsers();
  const others = [...users.values()].filter(({ id, active }) => active && id !== me.id);
  const found = findIn(others, trigger.query, ({ name }) => [name]).slice(0, 20);
  const choose = (at: number) => {
    const user = found[at];
    if (!user || !area.current) return;
    onMention(user.id);
    onClose();
    putInstead(area.current, trigger.from, `@${user.name} `);
  };
  const options = found.map(
    ({ id, name }): Option => ({
      id,
      label: plainName(name),
      icon: <Avatar name={name} seed={id} size="xs" />,
    }),
  );
  const keys = useOptionKeys({
    count: options.length,
    query: trigger.query,
    onChoose: choose,
    tabChooses: true,
  });
  useField(area, options.length > 0 ? keys.listId : null, keys.field['aria-activedescendant']);
  useImperativeHandle(ref, () => ({ press: keys.press }));
  // The second word of a sentence after a name is no search that failed.
  if (options.length === 0 && trigger.query.includes(' ')) return null;
  return (
    <Sheet label={t.mention.pick} empty={t.mention.nobody} options={options}>
      <OptionList
        options={options}
        keys={keys}
        label={t.mention.pick}
        onChoose={choose}
        className="max-h-64"
      />
    </Sheet>
  );
}

/** A text field stays a text field: only what it is pointing at is said. */
function useField(area: RefObject<HTMLTextAreaElement | null>, listId: string | null, active?: string) {
  useEffect(() => {
    const field = area.current;
    if (!field || !listId) return;
    field.setAttribute('aria-autocomplete', 'list');
    field.setAttribute('aria-controls', listId);
    if (active) field.setAttribute('aria-activedescendant', active);
    return () => {
      for (const name of ['aria-autocomplete', 'aria-controls', 'aria-activedescendant'])
        field.removeAttribute(name);
    };
  }, [area, listId, active]);
}

function Sheet(props: { label: string; empty: string; options: readonly Option[]; children: ReactNode }) {
  const t = useT();
  const { label, empty, options, children } = props;
  return (
    <section
      aria-label={label}
      className="rise-in absolute inset-x-0 bottom-full z-20 mb-1.5 flex max-h-80 flex-col overflow-hidden rounded-xl border border-line bg-raised shadow-float"
    >
      <div role="status" className="sr-only">
        {options.length === 0 ? empty : t.finder.found(options.length)}
      </div>
      {options.length === 0 ? (
        <p aria-hidden className="p-3 text-sm text-ink-muted">
          {empty}
        </p>
      ) : (
        children
      )}
    </section>
  );
}
