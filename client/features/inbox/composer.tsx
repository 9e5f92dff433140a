import { useQuery } from '@tanstack/react-query';
import {
  type KeyboardEvent,
  lazy,
  type RefObject,
  Suspense,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useLocation } from 'wouter';
import type { Conversation } from '../../../shared/conversation.ts';
import type { Target } from '../../../shared/message.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { cx } from '../../components/cx.ts';
import { ChevronUp, Lock, Paperclip, Reply, Send, StickyNote, X } from '../../components/icons.ts';
import { Menu } from '../../components/menu.tsx';
import { TextArea } from '../../components/text-area.tsx';
import { showToast } from '../../components/toast.tsx';
import { Tooltip } from '../../components/tooltip.tsx';
import { useFmt, useLocale, useT } from '../../i18n/locale.tsx';
import { useHotkey } from '../../lib/hotkeys.react.tsx';
import { PreviewText } from '../../lib/message-text.tsx';
import {
  useDraft,
  useDraftStatus,
  useLink,
  useMe,
  useOutbox,
  usePresence,
  useStore,
  useTimeline,
  useWorkspace,
} from '../../state/hooks.tsx';
import { useChannelLook, useUsers } from '../directory.ts';
import { Counter } from './counter.tsx';
import { TargetChooser } from './target-chooser.tsx';
import { bare, routeKey, routesTo } from './targets.ts';
import { useInboxUi } from './ui.ts';
import { UploadList } from './upload-list.tsx';
import { refusal, useUploads } from './uploads.ts';

const Collision = lazy(() => import('./collision.tsx').then((all) => ({ default: all.Collision })));

export interface ComposerProps {
  header: Conversation;
  /** After "send and resolve": the next conversation. */
  onResolved: () => void;
}

/** Files of a note go to nobody but colleagues: only our own limit holds. */
const noteLimits = { maxBytes: 25 * 1024 * 1024, types: [], perMessage: 10 };

export function Composer({ header, onResolved }: ComposerProps) {
  const t = useT();
  const fmt = useFmt();
  const me = useMe();
  const { direction } = useLocale();
  const { calls, connection, drafts, outbox } = useWorkspace();
  const { connected } = useLink();
  const blocked = useOutbox().some((item) => item.conversationId === header.id && item.state === 'blocked');
  const mode = useInboxUi((ui) => ui.mode);
  const quoting = useInboxUi((ui) => ui.quoting);
  const set = useInboxUi((ui) => ui.set);
  const draft = useDraft(header.id, mode);
  const text = draft?.text ?? '';
  const area = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const { uploads, add, remove, clear } = useUploads(header.id);
  const [dragging, setDragging] = useState(false);
  const typedAt = useRef(0);

  const { data: customer } = useQuery({
    queryKey: ['customer', header.customerId],
    queryFn: () => calls.customer(header.customerId),
  });
  const channels = useStore((state) => state.channels);
  const look = useChannelLook();
  const timeline = useTimeline(header.customerId);
  const messages = useMemo(() => timeline?.messages ?? [], [timeline?.messages]);
  const routes = useMemo(
    () => routesTo({ header, customer, messages, looks: [...channels.keys()].map(look) }),
    [header, customer, messages, channels, look],
  );
  const chosen = draft?.target
    ? routes.find(({ key }) => key === routeKey(draft.target as Target))
    : undefined;
  const route = chosen ?? routes.find(({ barred }) => !barred) ?? routes[0];
  const note = mode === 'note';
  const capabilities = route?.look.manifest?.capabilities;
  const limits = note ? noteLimits : (capabilities?.attachments ?? null);
  const quoteId = note ? undefined : quoting[header.id];
  const quoted = quoteId ? messages.find(({ id }) => id === quoteId) : undefined;
  const quotes = capabilities?.threading !== 'none';
  const uploading = uploads.some(({ attachment, error }) => !attachment && !error);
  const attachments = uploads.flatMap(({ attachment }) => (attachment ? [attachment] : []));
  const continued = header.status === 'continued';
  const sendable = (text.trim() !== '' || attachments.length > 0) && !uploading && !continued;
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
    const target = route && {
      ...bare(route.target),
      ...(quoted && quotes && { inReplyTo: quoted.id }),
    };
    const lastSeenSeq = Math.min(draft?.baseSeq ?? header.seq, header.seq);
    outbox.add({
      conversationId: header.id,
      attachments,
      create: {
        id: crypto.randomUUID(),
        kind: note ? 'note' : 'message',
        text: text.trim(),
        fileIds: attachments.map(({ id }) => id),
        ...(!note && target && { target }),
        lastSeenSeq,
        ...(thenResolve && { thenResolve: true }),
      },
    });
    drafts.clear(header.id, mode, { sent: true });
    clear();
    const { [header.id]: _, ...rest } = quoting;
    set({ quoting: rest });
    if (thenResolve) onResolved();
    else area.current?.focus();
  };

  const take = (files: Iterable<File>) => {
    let taken = uploads.length;
    for (const file of files) {
      if (!limits) return showToastOnce(t.composer.noAttachments);
      const refused = refusal(file, taken, limits);
      if (refused === 'tooMany') return showToastOnce(t.composer.tooManyFiles(limits.perMessage));
      if (refused === 'tooLarge')
        showToastOnce(t.composer.fileTooLarge(file.name, fmt.bytes(limits.maxBytes)));
      else if (refused) showToastOnce(t.composer.fileType(file.name));
      else {
        add(file);
        taken += 1;
      }
    }
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

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing || event.key !== 'Enter' || event.shiftKey) return;
    if (event.ctrlKey || event.metaKey || event.altKey || me.preferences.sendWith !== 'enter') return;
    event.preventDefault();
    send(false);
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: each conversation begins with a reply
  useEffect(() => {
    if (mode === 'note' && !drafts.of(header.id, 'note')?.text) set({ mode: 'reply' });
  }, [header.id]);

  return (
    <section
      aria-label={t.inbox.composer}
      id="composer"
      onDragOver={(event) => {
        if (!limits || !event.dataTransfer.types.includes('Files')) return;
        event.preventDefault();
        setDragging(true);
      }}
      onDragLeave={() => setDragging(false)}
      onDrop={(event) => {
        event.preventDefault();
        setDragging(false);
        take(event.dataTransfer.files);
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
          <div className="absolute inset-0 z-10 grid place-items-center rounded-xl border-2 border-dashed border-accent bg-accent-soft text-accent-ink">
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
        {quoted && quotes && (
          <div className="mx-3 mt-1.5 flex items-center gap-2 border-s-2 border-accent ps-2 text-xs text-ink-muted">
            <Reply size={13} aria-hidden className="mirror shrink-0" />
            <span className="min-w-0 flex-1">
              <PreviewText text={quoted.text || t.timeline.file} fallback={direction} />
            </span>
            <IconButton
              size="sm"
              label={t.composer.removeQuote}
              icon={<X size={14} />}
              onPress={() => {
                const { [header.id]: _, ...rest } = quoting;
                set({ quoting: rest });
              }}
            />
          </div>
        )}
        <ComposerText
          note={note}
          text={text}
          inputRef={area}
          isDisabled={continued}
          onChange={(next) => write({ text: next })}
          onKeyDown={onKeyDown}
          onFiles={take}
        />
        <UploadList uploads={uploads} onRemove={remove} />
        <div className="flex items-center gap-2 px-2 pb-2">
          <input
            ref={picker}
            type="file"
            multiple
            hidden
            aria-hidden
            tabIndex={-1}
            onChange={(event) => {
              take(event.currentTarget.files ?? []);
              event.currentTarget.value = '';
            }}
          />
          {limits ? (
            <IconButton
              label={t.composer.attach}
              placement="top"
              icon={<Paperclip size={17} />}
              isDisabled={!connected}
              onPress={() => picker.current?.click()}
            />
          ) : (
            <Tooltip text={t.composer.noAttachments} placement="top">
              <Button variant="quiet" aria-label={t.composer.noAttachments} className="px-2 opacity-50">
                <Paperclip size={17} aria-hidden />
              </Button>
            </Tooltip>
          )}
          {!note && capabilities && <Counter text={text} capabilities={capabilities} />}
          <span className="invisible min-w-0 flex-1 truncate text-2xs text-ink-faint sm:visible">
            <Hint header={header} hasText={text !== ''} note={note} barred={route?.barred ?? null} />
          </span>
          <div className="flex">
            <Button
              variant="primary"
              isDisabled={!canSend}
              icon={
                note ? (
                  <StickyNote size={15} aria-hidden />
                ) : (
                  <Send size={15} aria-hidden className="mirror" />
                )
              }
              className={note ? '' : 'rounded-e-none'}
              onPress={() => send(false)}
            >
              {note ? t.composer.addNote : t.composer.send}
            </Button>
            {!note && (
              <Menu
                label={t.composer.sendMenu}
                placement="top end"
                trigger={
                  <IconButton
                    variant="primary"
                    label={t.composer.sendMenu}
                    isDisabled={!canSend}
                    placement="top"
                    className="w-7 rounded-s-none border-s border-on-accent/25"
                    icon={<ChevronUp size={15} />}
                  />
                }
                items={[
                  {
                    id: 'send',
                    label: t.composer.send,
                    hotkey: 'composer.send',
                    onAction: () => send(false),
                  },
                  {
                    id: 'resolve',
                    label: t.composer.sendAndResolve,
                    hotkey: 'composer.sendAndResolve',
                    onAction: () => send(true),
                  },
                ]}
              />
            )}
          </div>
        </div>
      </div>
      <Continued header={header} />
    </section>
  );
}

function showToastOnce(text: string): void {
  showToast({ text, tone: 'error', stays: 8_000 });
}

function ModeTabs({
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

interface ComposerTextProps {
  note: boolean;
  text: string;
  isDisabled: boolean;
  inputRef: RefObject<HTMLTextAreaElement | null>;
  onChange: (text: string) => void;
  onKeyDown: (event: KeyboardEvent<HTMLTextAreaElement>) => void;
  onFiles: (files: Iterable<File>) => void;
}

function ComposerText({ note, text, isDisabled, inputRef, onChange, onKeyDown, onFiles }: ComposerTextProps) {
  const t = useT();
  useEffect(() => {
    if (inputRef.current) inputRef.current.id = 'composer-text';
  }, [inputRef]);
  useHotkey('composer.leave', () => {
    if (document.activeElement === inputRef.current) document.getElementById('timeline')?.focus();
    else document.querySelector<HTMLElement>('[role="listbox"]')?.focus();
  });
  return (
    <TextArea
      bare
      label={note ? t.composer.noteLabel : t.composer.textLabel}
      placeholder={note ? t.composer.notePlaceholder : t.composer.replyPlaceholder}
      value={text}
      onChange={onChange}
      onKeyDown={onKeyDown}
      onPaste={(event) => {
        const files = [...event.clipboardData.files];
        if (files.length === 0) return;
        event.preventDefault();
        onFiles(files);
      }}
      isDisabled={isDisabled}
      rows={2}
      maxLength={20_000}
      maxHeight="40dvh"
      ref={inputRef}
    />
  );
}

function Hint(props: {
  header: Conversation;
  hasText: boolean;
  note: boolean;
  barred: 'unreachable' | 'paused' | null;
}) {
  const { header, hasText, note, barred } = props;
  const t = useT();
  const me = useMe();
  const status = useDraftStatus(header.id, note ? 'note' : 'reply');
  const { connected } = useLink();
  if (!note && barred === 'unreachable')
    return <span className="text-danger-ink">{t.composer.unreachable}</span>;
  if (!note && barred === 'paused') return <span className="text-warn-ink">{t.composer.channelPaused}</span>;
  if (!connected) return t.composer.offlineHint;
  if (hasText) {
    return status === 'saved'
      ? t.composer.draftSaved
      : status === 'local'
        ? t.composer.draftLocal
        : t.composer.draftSaving;
  }
  if (header.status === 'resolved' && !note) return t.composer.resolvedHint;
  return me.preferences.sendWith === 'enter' ? t.composer.sendWithEnter : t.composer.sendWithCtrlEnter;
}

/** Colleagues who look at the same conversation or write in it. */
function Others({ header }: { header: Conversation }) {
  const t = useT();
  const me = useMe();
  const users = useUsers();
  const presence = usePresence(header.id);
  const writing = presence?.users.find(({ userId, typing }) => typing && userId !== me.id);
  if (!writing) return null;
  const name = users.get(writing.userId)?.name ?? t.common.unknown;
  return (
    <p role="status" className="mb-1.5 rounded-md bg-warn-soft px-3 py-1 text-xs text-warn-ink">
      {writing.typing === 'note' ? t.presence.noting(name) : t.presence.replying(name)}
    </p>
  );
}

function Continued({ header }: { header: Conversation }) {
  const t = useT();
  const [, navigate] = useLocation();
  if (header.status !== 'continued' || !header.successorId) return null;
  return (
    <div className="mt-2 flex items-center justify-between gap-2 text-xs text-ink-muted">
      {t.composer.continuedHint}
      <Button size="sm" onPress={() => navigate(`/inbox/all/${header.successorId}`)}>
        {t.inbox.openSuccessor}
      </Button>
    </div>
  );
}
