/** @jsxImportSource preact */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Chat } from './chat.ts';
import { Composer } from './composer.tsx';
import { ContactForm } from './contact.tsx';
import { Icon } from './icon.tsx';
import { Log } from './log.tsx';
import type { Speech } from './speech.ts';
import { Text } from './text.tsx';
import { useUploads } from './uploads.ts';

export interface PanelProps {
  chat: Chat;
  speech: Speech;
  shownAt: number;
  /** It fills the screen: the focus stays inside. */
  phone: boolean;
  onClose: () => void;
}

export function Panel({ chat, speech, shownAt, phone, onClose }: PanelProps) {
  const { t, language } = speech;
  const { config } = chat;
  const box = useRef<HTMLElement>(null);
  const [over, setOver] = useState(false);
  const uploads = useUploads(chat, speech);
  const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files');

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.isComposing) onClose();
      if (event.key === 'Tab' && phone && box.current) stayInside(event, box.current);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [phone, onClose]);

  const begun = chat.thread.all.length > 0 || chat.waiting.length > 0;
  const known = chat.contact.name || chat.contact.email || chat.contact.mobile;
  const asks =
    config &&
    !begun &&
    !known &&
    config.preChat !== 'off' &&
    !(chat.skipped && config.preChat === 'optional');
  return (
    <main
      ref={box}
      class="panel"
      aria-label={t.title}
      onDragOver={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => !box.current?.contains(event.relatedTarget as Node | null) && setOver(false)}
      onDrop={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        setOver(false);
        if (!asks) uploads.add([...(event.dataTransfer?.files ?? [])]);
      }}
    >
      <header>
        <div>
          <h1>
            <bdi>{config?.name || t.title}</bdi>
          </h1>
          {config && (
            <p>
              <i class={config.open ? 'dot on' : 'dot'} />
              {config.open ? t.open : t.closed}
            </p>
          )}
        </div>
        <button
          type="button"
          class="tool"
          aria-pressed={!chat.muted}
          aria-label={chat.muted ? t.soundOff : t.soundOn}
          title={chat.muted ? t.soundOff : t.soundOn}
          onClick={() => {
            chat.muted = !chat.muted;
          }}
        >
          <Icon name={chat.muted ? 'muted' : 'sound'} />
        </button>
        <button type="button" class="tool" aria-label={t.close} title={t.close} onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <div class="banner" role="status">
        {chat.offline && (config ? t.offline : t.failed)}
      </div>
      {config && (
        <>
          <Log chat={chat} speech={speech}>
            <Welcome chat={chat} speech={speech} begun={begun} />
            {asks ? (
              <ContactForm
                chat={chat}
                speech={speech}
                text={config.preChat === 'required' ? t.before : t.beforeOptional}
                submit={t.begin}
                required={config.preChat === 'required'}
                {...(config.preChat === 'optional' && { onSkip: () => chat.skip() })}
              />
            ) : (
              <Leave chat={chat} speech={speech} begun={begun} />
            )}
          </Log>
          {!asks && (
            <Composer
              key={`${chat.era}`}
              chat={chat}
              speech={speech}
              uploads={uploads}
              shownAt={shownAt}
              {...{ language }}
            />
          )}
        </>
      )}
      {over && !asks && <div class="over">{t.drop}</div>}
    </main>
  );
}

function Welcome({ chat, speech, begun }: { chat: Chat; speech: Speech; begun: boolean }) {
  const { config } = chat;
  if (!config) return null;
  const words = config.open
    ? begun
      ? ''
      : config.welcome[speech.language]
    : config.offline[speech.language];
  return words ? (
    <div class="notice">
      <Text text={words} fallback={speech.dir} />
    </div>
  ) : null;
}

/** Outside business hours an address is asked for; within them, once somebody has written. */
function Leave({ chat, speech, begun }: { chat: Chat; speech: Speech; begun: boolean }) {
  const { t } = speech;
  const [editing, setEditing] = useState(false);
  const address = chat.contact.email || chat.contact.mobile;
  if (!begun) return null;
  if (!editing && address)
    return (
      <p class="left">
        {t.left(`\u2066${address}\u2069`)}{' '}
        <button type="button" class="link" onClick={() => setEditing(true)}>
          {t.change}
        </button>
      </p>
    );
  if (!editing && chat.config?.open) return null;
  return (
    <ContactForm
      chat={chat}
      speech={speech}
      text={t.leave}
      submit={t.save}
      required={false}
      onDone={() => setEditing(false)}
    />
  );
}

function stayInside(event: KeyboardEvent, box: HTMLElement): void {
  const all = [
    ...box.querySelectorAll<HTMLElement>(
      'button:not(:disabled),input:not([hidden]),textarea,a[href],[tabindex="0"]',
    ),
  ];
  const [first, last] = [all[0], all.at(-1)];
  const from = document.activeElement;
  if (event.shiftKey ? from !== first : from !== last) return;
  event.preventDefault();
  (event.shiftKey ? last : first)?.focus();
}
