import { useEffect, useRef } from 'react';
import type { LetterCreate, Message } from '../../../shared/message.ts';
import { AddressField } from '../../components/address-field.tsx';
import { IconButton } from '../../components/button.tsx';
import { ChevronUp, Forward, ReplyAll, X } from '../../components/icons.ts';
import { useLocale, useT } from '../../i18n/locale.tsx';
import { dirOf } from '../../lib/bidi.ts';
import { addressIn, addressLimit, emptyLetter, splitAddresses } from './letter.ts';

export interface LetterFieldsProps {
  letter: LetterCreate;
  onChange: (letter: LetterCreate) => void;
  /** The subject that the server gives when none is written. */
  givenSubject: string;
  /** The letter that is passed on. */
  forwarded: Message | undefined;
  /** Whom "reply to all" would add. */
  others: readonly string[];
  /** Begin in the first field that wants an address. */
  takesFocus: boolean;
  /** It was to be sent to nobody: the field that wants an address takes the keyboard. */
  lacksRecipient: boolean;
  onFold: () => void;
}

/** Subject, copies, blind copies, and whom a letter is passed on to. */
export function LetterFields(props: LetterFieldsProps) {
  const { letter, onChange, givenSubject, forwarded, others, takesFocus, lacksRecipient, onFold } = props;
  const t = useT();
  const { direction } = useLocale();
  const first = useRef<{ focus: () => void }>(null);
  const { forward } = letter;
  useEffect(() => {
    if (takesFocus || lacksRecipient) first.current?.focus();
  }, [takesFocus, lacksRecipient]);
  const field = {
    read: addressIn,
    split: splitAddresses,
    removeLabel: t.letter.removeAddress,
    wrong: t.letter.wrongAddress,
    limit: addressLimit,
    tooMany: t.letter.tooMany(addressLimit),
  };
  const missing = others.filter((address) => !letter.cc.includes(address));
  return (
    <div className="mx-2 mt-1.5 rounded-lg border border-line bg-raised">
      {forward && (
        <>
          <p className="flex items-center gap-1.5 border-b border-line px-3 py-1 text-xs text-ink-muted">
            <Forward size={13} aria-hidden className="mirror shrink-0" />
            <span className="min-w-0 flex-1 truncate">
              {t.letter.forwarding(forwarded?.letter?.subject || t.letter.noSubject)}
            </span>
            <IconButton
              size="sm"
              label={t.letter.stopForward}
              icon={<X size={14} />}
              onPress={() => {
                const { forward: _, ...rest } = letter;
                onChange({ ...emptyLetter, ...rest });
                onFold();
                document.getElementById('composer-text')?.focus();
              }}
            />
          </p>
          <AddressField
            {...field}
            ref={first}
            label={t.letter.forwardTo}
            placeholder={t.letter.addAddress}
            value={forward.to}
            onChange={(to) => onChange({ ...letter, forward: { ...forward, to } })}
          />
        </>
      )}
      <div className="flex items-center gap-1 border-b border-line px-3 text-xs">
        <label htmlFor="letter-subject" className="w-20 shrink-0 text-ink-muted">
          {t.letter.subject}
        </label>
        <input
          id="letter-subject"
          type="text"
          maxLength={998}
          dir={dirOf(letter.subject || givenSubject, direction)}
          placeholder={givenSubject || t.letter.subjectDefault}
          value={letter.subject}
          onChange={(event) => onChange({ ...letter, subject: event.currentTarget.value })}
          className="ui-start h-8 min-w-0 flex-1 bg-transparent outline-none"
        />
        {missing.length > 0 && !forward && (
          <IconButton
            size="sm"
            label={t.letter.replyAll}
            hotkey="conversation.replyAll"
            icon={<ReplyAll size={14} className="mirror" />}
            onPress={() => onChange({ ...letter, cc: [...letter.cc, ...missing].slice(0, addressLimit) })}
          />
        )}
        <IconButton size="sm" label={t.letter.fold} icon={<ChevronUp size={14} />} onPress={onFold} />
      </div>
      <AddressField
        {...field}
        {...(!forward && { ref: first })}
        label={t.letter.cc}
        value={letter.cc}
        onChange={(cc) => onChange({ ...letter, cc })}
      />
      <AddressField
        {...field}
        label={t.letter.bcc}
        value={letter.bcc}
        onChange={(bcc) => onChange({ ...letter, bcc })}
      />
    </div>
  );
}
