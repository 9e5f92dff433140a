import { lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import type { Conversation } from '../../../shared/conversation.ts';
import type { Message, Target } from '../../../shared/message.ts';
import { IconButton } from '../../components/button.tsx';
import { cx } from '../../components/cx.ts';
import { Lock, Reply, X } from '../../components/icons.ts';
import { useLocale, useT } from '../../i18n/locale.tsx';
import { useHotkey } from '../../lib/hotkeys.react.tsx';
import { PreviewText } from '../../lib/message-text.tsx';
import { useDraft, useOutbox, useTimeline, useWorkspace } from '../../state/hooks.tsx';
import { AttachButton, useFiles } from './composer.files.tsx';
import { Hint } from './composer.hint.tsx';
import { ModeTabs } from './composer.mode.tsx';
import { Continued, Others } from './composer.others.tsx';
import { SendButtons } from './composer.send.tsx';
import { ComposerText } from './composer.text.tsx';
import { Counter } from './counter.tsx';
import { limitsOf } from './file-limits.ts';
import { TargetChooser } from './target-chooser.tsx';
import { bare, useRoutes } from './targets.ts';
import { useInboxUi } from './ui.ts';
import { UploadList } from './upload-list.tsx';

const Collision = lazy(() => import('./collision.tsx').then((all) => ({ default: all.Collision })));

export interface ComposerProps {
  header: Conversation;
  /** After "send and resolve": the next conversation. */
  onResolved: () => void;
}

export function Composer({ header, onResolved }: ComposerProps) {
  const t = useT();
  const { connection, drafts, outbox, uploads: uploadStore } = useWorkspace();
  const blocked = useOutbox().some((item) => item.conversationId === header.id && item.state === 'blocked');
  const mode = useInboxUi((ui) => ui.mode);
  const set = useInboxUi((ui) => ui.set);
  const draft = useDraft(header.id, mode);
  const text = draft?.text ?? '';
  const area = useRef<HTMLTextAreaElement>(null);
  const [dragging, setDragging] = useState(false);
  const typedAt = useRef(0);

  const { routes, route } = useRoutes(header, draft?.target ?? null);
  const note = mode === 'note';
  const capabilities = route?.look.manifest?.capabilities;
  const limits = limitsOf(note, capabilities);
  const files = useFiles(header.id, limits);
  const { quoted, forgetQuote } = useQuoted(header, !note && capabilities?.threading !== 'none');
  const continued = header.status === 'continued';
  const sendable = (text.trim() !== '' || files.attachments.length > 0) && files.ready && !continued;
  const canSend = sendable && (note || (route !== undefined && route.barred !== 'unreachable'));

  const write = (change: { text?: string; target?: Target | null }) => {
    drafts.write({
      conversationId: header.id,
      mode,
      text: change.text ?? text,
      target: change.target === undefined ? (draft?.target ?? null) : change.target,
      seq: header.seq,
    });
    const now = Date.now();
    if (change.text && now - typedAt.current > 2_000) {
      typedAt.current = now;
      connection.say('conversation.typing', { conversationId: header.id, mode });
    }
  };

  const send = (thenResolve: boolean) => {
    if (!canSend) return;
    const target = route && { ...bare(route.target), ...(quoted && { inReplyTo: quoted.id }) };
    outbox.add({
      conversationId: header.id,
      attachments: files.attachments,
      create: {
        id: crypto.randomUUID(),
        kind: note ? 'note' : 'message',
        text: text.trim(),
        fileIds: files.attachments.map(({ id }) => id),
        ...(!note && target && { target }),
        lastSeenSeq: Math.min(draft?.baseSeq ?? header.seq, header.seq),
        ...(thenResolve && { thenResolve: true }),
      },
    });
    drafts.clear(header.id, mode, { sent: true });
    uploadStore.clear(header.id);
    forgetQuote();
    if (thenResolve) onResolved();
    else area.current?.focus();
  };

  const toMode = useCallback(
    (next: 'reply' | 'note') => {
      set({ mode: next });
      requestAnimationFrame(() => area.current?.focus());
    },
    [set],
  );
  useHotkey('conversation.reply', () => toMode('reply'));
  useHotkey('conversation.note', () => toMode('note'));
  useHotkey('composer.toReply', () => toMode('reply'));
  useHotkey('composer.toNote', () => toMode('note'));
  useHotkey('composer.send', () => send(false), { enabled: canSend });
  useHotkey('composer.sendAndResolve', () => send(true), { enabled: canSend && !note });

  // biome-ignore lint/correctness/useExhaustiveDependencies: each conversation begins with a reply
  useEffect(() => {
    if (mode === 'note' && !drafts.of(header.id, 'note')?.text) set({ mode: 'reply' });
  }, [header.id]);

  return (
    <section
      aria-label={t.inbox.composer}
      id="composer"
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes('Files')) return;
        event.preventDefault();
        setDragging(limits !== null);
      }}
      onDragLeave={() => setDragging(false)}
      onDrop={(event) => {
        event.preventDefault();
        setDragging(false);
        files.take(event.dataTransfer.files);
      }}
      className="shrink-0 px-3 pb-3"
    >
      <Others header={header} />
      <Suspense>{blocked && <Collision conversationId={header.id} />}</Suspense>
      <div
        className={cx(
          'relative rounded-xl border shadow-soft transition-colors focus-within:ring-2',
          note
            ? 'border-note-line bg-note focus-within:ring-note-line/60'
            : 'border-line-strong bg-surface focus-within:border-accent focus-within:ring-accent/25',
        )}
      >
        {dragging && (
          <div className="pointer-events-none absolute inset-0 z-10 grid place-items-center rounded-xl border-2 border-dashed border-accent bg-accent-soft text-accent-ink">
            {t.composer.dropHere}
          </div>
        )}
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1 px-2 pt-1.5">
          <ModeTabs mode={mode} onChange={toMode} />
          {note ? (
            <span className="ms-auto inline-flex items-center gap-1 pe-1 text-2xs font-medium text-note-ink">
              <Lock size={12} aria-hidden />
              {t.timeline.noteOnly}
            </span>
          ) : (
            <TargetChooser
              routes={routes}
              route={route}
              onChoose={(next) => write({ target: bare(next.target) })}
            />
          )}
        </div>
        {quoted && <Quoted message={quoted} onRemove={forgetQuote} />}
        <ComposerText
          note={note}
          text={text}
          inputRef={area}
          isDisabled={continued}
          onChange={(next) => write({ text: next })}
          onSend={() => send(false)}
          onFiles={files.take}
        />
        <UploadList uploads={files.uploads} onRemove={files.remove} />
        {files.refused && (
          <p role="alert" className="px-3 pb-2 text-xs text-danger-ink">
            {files.refused}
          </p>
        )}
        <div className="flex items-center gap-2 px-2 pb-2">
          <AttachButton able={limits !== null} onFiles={files.take} />
          {!note && capabilities && <Counter text={text} capabilities={capabilities} />}
          <span className="invisible min-w-0 flex-1 truncate text-2xs text-ink-faint sm:visible">
            <Hint header={header} hasText={text !== ''} note={note} barred={route?.barred ?? null} />
          </span>
          <SendButtons note={note} isDisabled={!canSend} onSend={send} />
        </div>
      </div>
      <Continued header={header} />
    </section>
  );
}

/** The message that the reply is about, where the channel can say so. */
function useQuoted(header: Conversation, able: boolean) {
  const quoting = useInboxUi((ui) => ui.quoting);
  const set = useInboxUi((ui) => ui.set);
  const timeline = useTimeline(header.customerId);
  const id = able ? quoting[header.id] : undefined;
  return {
    quoted: id ? timeline?.messages.find((message) => message.id === id) : undefined,
    forgetQuote: () => {
      const { [header.id]: _, ...rest } = quoting;
      set({ quoting: rest });
    },
  };
}

function Quoted({ message, onRemove }: { message: Message; onRemove: () => void }) {
  const t = useT();
  const { direction } = useLocale();
  return (
    <div className="mx-3 mt-1.5 flex items-center gap-2 border-s-2 border-accent ps-2 text-xs text-ink-muted">
      <Reply size={13} aria-hidden className="mirror shrink-0" />
      <span className="min-w-0 flex-1">
        <PreviewText text={message.text || t.timeline.file} fallback={direction} />
      </span>
      <IconButton size="sm" label={t.composer.removeQuote} icon={<X size={14} />} onPress={onRemove} />
    </div>
  );
}
