/** @jsxImportSource preact */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { VisitorMessage } from '../../shared/visitor.ts';
import { plainName } from '../lib/bidi.ts';
import type { Chat } from './chat.ts';
import { File } from './files.tsx';
import { Icon } from './icon.tsx';
import type { Outgoing } from './outbox.ts';
import type { Speech } from './speech.ts';
import { Text } from './text.tsx';

type Shown = Omit<VisitorMessage, 'state' | 'seq'> & { state: VisitorMessage['state'] | Outgoing };

/** Messages of one author within this time stand together. */
const together = 5 * 60_000;

export function Log({
  chat,
  speech,
  children,
}: {
  chat: Chat;
  speech: Speech;
  children?: preact.ComponentChildren;
}) {
  const { t, dir } = speech;
  const box = useRef<HTMLElement>(null);
  const end = useRef(true);
  const drawn = useRef({ first: '', last: '', height: 0 });
  const [below, setBelow] = useState(false);
  const own = chat.waiting.map((waiting): Shown => {
    const { id, text, files, at } = waiting;
    const when = new Date(at).toISOString();
    return {
      id,
      text,
      files,
      at: when,
      from: 'visitor',
      author: null,
      deleted: false,
      edited: false,
      state: waiting,
    };
  });
  const all: Shown[] = [...chat.thread.all, ...own];
  const last = all.at(-1);
  const first = all[0]?.id ?? '';

  useLayoutEffect(() => {
    const log = box.current;
    if (!log) return;
    const before = drawn.current;
    const isNew = before.last !== last?.id;
    drawn.current = { first, last: last?.id ?? '', height: log.scrollHeight };
    if (end.current || (isNew && last?.from === 'visitor')) down(log);
    // Older messages above leave what is read where it is.
    else if (before.first !== first) log.scrollTop += log.scrollHeight - before.height;
    else if (isNew) setBelow(true);
  });
  // Pictures and the on-screen keyboard change heights after the fact.
  useEffect(() => {
    const log = box.current;
    if (!log?.firstElementChild) return;
    const watch = new ResizeObserver(() => end.current && down(log));
    watch.observe(log);
    watch.observe(log.firstElementChild);
    return () => watch.disconnect();
  }, []);

  let day = '';
  return (
    <div class="logbox">
      <section
        class="log"
        ref={box}
        aria-label={t.log}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
        tabIndex={0}
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
          end.current = scrollHeight - scrollTop - clientHeight < 40;
          if (end.current) setBelow(false);
        }}
      >
        <div class="stack">
          {chat.thread.more && (
            <button type="button" class="link" onClick={() => void chat.older()}>
              {t.earlier}
            </button>
          )}
          {all.map((message, at) => {
            const before = all[at - 1];
            const next = all[at + 1];
            const isNewDay = speech.dayKey(message.at) !== day;
            day = speech.dayKey(message.at);
            const isFirst = isNewDay || !near(before, message);
            const isLast = !near(message, next) || speech.dayKey(next?.at ?? '') !== day;
            return (
              <>
                {isNewDay && <h2 class="day">{speech.day(message.at)}</h2>}
                <Bubble key={message.id} {...{ chat, speech, message, isFirst, isLast }} />
              </>
            );
          })}
          {chat.typing !== null && (
            <div class="typing">
              <span class="author">{t.typing(plainName(chat.typing) || t.team)}</span>
              <i />
              <i />
              <i />
            </div>
          )}
          {children}
        </div>
      </section>
      {below && (
        <button type="button" class="pill" onClick={() => box.current && down(box.current)}>
          <Icon name="down" size={16} />
          {t.newer}
        </button>
      )}
      <Spoken speech={speech} chat={chat} dir={dir} />
    </div>
  );
}

function down(log: HTMLElement): void {
  log.scrollTop = log.scrollHeight;
}

function near(one: Shown | undefined, other: Shown | undefined): boolean {
  return (
    !!one &&
    !!other &&
    one.from === other.from &&
    one.author === other.author &&
    Date.parse(other.at) - Date.parse(one.at) < together
  );
}

interface BubbleProps {
  chat: Chat;
  speech: Speech;
  message: Shown;
  isFirst: boolean;
  isLast: boolean;
}

function Bubble({ chat, speech, message, isFirst, isLast }: BubbleProps) {
  const { t, dir } = speech;
  const { from, author, text, files, state } = message;
  const isOwn = from === 'visitor';
  const waiting = state && typeof state === 'object' ? state : null;
  const name = isOwn ? t.you : plainName(author ?? '') || chat.config?.name || t.team;
  return (
    <article
      class={`${isOwn ? 'own' : 'team'}${isFirst ? ' first' : ''}`}
      aria-label={`${name} · ${speech.time(message.at)}`}
    >
      {isFirst && !isOwn && (
        <span class="author">
          <bdi>{name}</bdi>
        </span>
      )}
      <div class="bubble">
        {message.deleted ? <em>{t.deleted}</em> : text && <Text text={text} fallback={dir} />}
        {!message.deleted && files.map((file) => <File key={file.id} {...{ chat, file, speech }} />)}
      </div>
      {waiting?.refused ? (
        <div class="meta wrong" role="alert">
          {t.refused}{' '}
          <button type="button" class="link" onClick={() => chat.retry(waiting)}>
            {t.retry}
          </button>
          <button type="button" class="link" onClick={() => chat.drop(waiting)}>
            {t.remove}
          </button>
        </div>
      ) : (
        (isLast || waiting) && (
          <div class="meta">
            <time dateTime={message.at}>{speech.time(message.at)}</time>
            {message.edited && <span>{t.edited}</span>}
            {isOwn && (
              <Tick state={waiting ? 'waiting' : state === 'read' ? 'read' : 'received'} speech={speech} />
            )}
          </div>
        )
      )}
    </article>
  );
}

function Tick({ state, speech: { t } }: { state: 'waiting' | 'received' | 'read'; speech: Speech }) {
  return (
    <span role="img" aria-label={t[state]} title={t[state]} class={`tick ${state}`}>
      <Icon name={state === 'waiting' ? 'clock' : state === 'read' ? 'two' : 'one'} size={14} />
    </span>
  );
}

/** What a screen reader is told: messages of the team that arrive, once each; never the history, never what scrolling brings. */
function Spoken({ chat, speech, dir }: { chat: Chat; speech: Speech; dir: 'rtl' | 'ltr' }) {
  return (
    <div class="hidden" role="log" aria-live="polite" aria-label={speech.t.newer} dir={dir}>
      {chat.thread.news.map(({ id, author, text, files }) => (
        <p key={id}>
          {plainName(author ?? '') || speech.t.team}: {text}{' '}
          {files.map(({ name }) => plainName(name)).join(' ')}
        </p>
      ))}
    </div>
  );
}
