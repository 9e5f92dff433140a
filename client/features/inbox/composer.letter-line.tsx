import { Suspense } from 'react';
import type { Conversation } from '../../../shared/conversation.ts';
import type { LetterCreate } from '../../../shared/message.ts';
import { ChevronDown, Forward } from '../../components/icons.ts';
import { useT } from '../../i18n/locale.tsx';
import { later } from '../../lib/later.ts';
import { useInboxUi } from './ui.ts';
import type { LetterState } from './use-letter.ts';

const LetterFields = later(() =>
  import('./composer.letter.tsx').then((all) => ({ default: all.LetterFields })),
);

/** What stands around the text of a letter: one line until somebody wants to change it. */
export function LetterLine(props: {
  header: Conversation;
  letter: LetterCreate;
  around: Pick<LetterState, 'given' | 'forwarded' | 'others'>;
  /** It was to be sent to nobody. */
  lacksRecipient: boolean;
  onChange: (letter: LetterCreate) => void;
}) {
  const { header, letter, around, lacksRecipient, onChange } = props;
  const t = useT();
  const set = useInboxUi((ui) => ui.set);
  const opened = useInboxUi((ui) => ui.letterOpen === header.id);
  const subject = letter.subject || around.given;
  const recipients = letter.cc.length + letter.bcc.length + (letter.forward?.to.length ?? 0);
  if (opened || letter.forward)
    return (
      <Suspense>
        <LetterFields
          letter={letter}
          onChange={onChange}
          givenSubject={around.given}
          forwarded={around.forwarded}
          others={around.others}
          takesFocus={opened}
          lacksRecipient={lacksRecipient}
          onFold={() => {
            set({ letterOpen: null });
            document.getElementById('composer-text')?.focus();
          }}
        />
      </Suspense>
    );
  return (
    <button
      type="button"
      aria-expanded={false}
      aria-label={`${t.letter.edit}: ${t.letter.summary(subject || t.letter.subjectDefault, recipients)}`}
      onClick={() => set({ letterOpen: header.id })}
      className="mx-2 mt-1 flex min-h-7 max-w-[calc(100%-1rem)] items-center gap-1.5 rounded-md px-1.5 text-xs text-ink-muted hover:bg-hover"
    >
      {letter.forward && <Forward size={13} aria-hidden className="mirror" />}
      <span className="text-ink-faint">{t.letter.subject}</span>
      <bdi className="ui-start min-w-0 truncate">{subject || t.letter.subjectDefault}</bdi>
      {recipients > 0 && <span className="shrink-0 text-ink-faint">+ {t.letter.recipients(recipients)}</span>}
      <ChevronDown size={13} aria-hidden className="shrink-0" />
    </button>
  );
}
