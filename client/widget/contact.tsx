/** @jsxImportSource preact */
import { useId, useState } from 'preact/hooks';
import { readAddress } from './address.ts';
import type { Chat } from './chat.ts';
import type { Speech } from './speech.ts';
import { Refused } from './wire.ts';

export interface ContactFormProps {
  chat: Chat;
  speech: Speech;
  /** Why it is asked. */
  text: string;
  submit: string;
  /** Nothing may be left out. */
  required: boolean;
  onDone?: () => void;
  onSkip?: () => void;
}

/** Who the visitor says they are, and where an answer reaches them when they have gone. */
export function ContactForm({ chat, speech, text, submit, required, onDone, onSkip }: ContactFormProps) {
  const { t } = speech;
  const id = useId();
  const { contact } = chat;
  const [name, setName] = useState(contact.name);
  const [address, setAddress] = useState(contact.email || contact.mobile);
  const [wrong, setWrong] = useState<{
    name?: string | undefined;
    address?: string | undefined;
    all?: string;
  }>({});
  const [busy, setBusy] = useState(false);

  const save = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    const read = address.trim() ? readAddress(address) : { email: '', mobile: '' };
    const issues = {
      ...(required && !name.trim() && { name: t.needed }),
      ...((!read || (!address.trim() && (required || !onSkip))) && { address: t.addressWrong }),
    };
    setWrong(issues);
    const field = issues.name ? 'name' : issues.address ? 'address' : null;
    if (field || !read) return document.getElementById(`${id}${field}`)?.focus();
    setBusy(true);
    try {
      await chat.leave({ name: name.trim(), ...read });
      onDone?.();
    } catch (error) {
      setWrong(
        error instanceof Refused && error.status === 422 ? { address: t.addressWrong } : { all: t.notSaved },
      );
    }
    setBusy(false);
  };
  const field = (key: 'name' | 'address', value: string, set: (value: string) => void) => (
    <div class="field">
      <label class="asked" for={id + key}>
        {t[key]}
      </label>
      <input
        id={id + key}
        value={value}
        maxLength={key === 'name' ? 120 : 320}
        autocomplete={key === 'name' ? 'name' : 'email'}
        dir={key === 'address' && value ? 'ltr' : 'auto'}
        required={required}
        aria-invalid={!!wrong[key]}
        aria-describedby={wrong[key] ? `${id + key}-wrong` : undefined}
        onInput={(event) => {
          set(event.currentTarget.value);
          setWrong({ ...wrong, [key]: undefined });
        }}
      />
      {wrong[key] && (
        <small class="wrong" id={`${id + key}-wrong`}>
          {wrong[key]}
        </small>
      )}
    </div>
  );
  return (
    <form class="card" onSubmit={save} noValidate>
      <p>{text}</p>
      {field('name', name, setName)}
      {field('address', address, setAddress)}
      {wrong.all && (
        <p role="alert" class="wrong">
          {wrong.all}
        </p>
      )}
      <div class="row">
        <button type="submit" class="main" disabled={busy}>
          {submit}
        </button>
        {onSkip && (
          <button type="button" class="link" onClick={onSkip}>
            {t.later}
          </button>
        )}
      </div>
    </form>
  );
}
