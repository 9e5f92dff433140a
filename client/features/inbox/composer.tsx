import { Suspense, useCallback, useEffect, useEffectEvent, useRef, useState } from 'react';
import type { Conversation } from '../../../shared/conversation.ts';
import type { LetterCreate, Target } from '../../../shared/message.ts';
import { cx } from '../../components/cx.ts';
import { Lock } from '../../components/icons.ts';
import { useT } from '../../i18n/locale.tsx';
import { useHotkey } from '../../lib/hotkeys.react.tsx';
import { later } from '../../lib/later.ts';
import { mentionedIn } from '../../lib/trigger.ts';
import { useDraft, useOutbox, useStore, useWorkspace } from '../../state/hooks.tsx';
import { useUsers } from '../directory.ts';
import { AttachButton, useFiles } from './composer.files.tsx';
import { Hint } from './composer.hint.tsx';
import { InsertButton } from './composer.insert.tsx';
import { LetterLine } from './composer.letter-line.tsx';
import { ModeTabs } from './composer.mode.tsx';
import { Continued, Others } from './composer.others.tsx';
import { PrivateLine } from './composer.private.tsx';
import { Quoted } from './composer.quoted.tsx';
import { SendButtons } from './composer.send.tsx';
import { ComposerText } from './composer.text.tsx';
import { VisibilityChoice } from './composer.visibility.tsx';
import { WindowLine } from './composer.window.tsx';
import { Counter } from './counter.tsx';
import { FileDrop } from './file-drop.tsx';
import { limitsOf } from './file-limits.ts';
import { saysAnything } from './letter.ts';
import { TargetChooser } from './target-chooser.tsx';
import { bare, targetOf } from './targets.ts';
import { useInboxUi } from './ui.ts';
import { UploadList } from './upload-list.tsx';
import { useLetter } from './use-letter.ts';
import { useSuggest } from './use-suggest.ts';
import { useWay } from './use-way.ts';
import { useWindowState } from './window.ts';

const Collision = later(() => import('./collision.tsx').then((all) => ({ default: all.Collision })));
const Suggest = later(() => import('./suggest.tsx').then((all) => ({ default: all.Suggest })));
const TemplateDialog = later(() => import('./template-dialog.tsx'));
const CannedAtCursor = later(() =>
  import('./canned-at-cursor.tsx').then((all) => ({ default: all.CannedAtCursor })),
);

export interface ComposerProps {
  header: Conversation;
  /** After "send and resolve": the next conversation. */
  onResolved: () => void;
}

export function Composer({ header, onResolved }: ComposerProps) {
  const t = useT();
  const users = useUsers();
  const { connection, drafts, outbox, uploads: uploadStore } = useWorkspace();
  const blocked = useOutbox().some((item) => item.conversationId === header.id && item.state === 'blocked');
  const mode = useInboxUi((ui) => ui.mode);
  const templating = useInboxUi((ui) => ui.templates);
  const set = useInboxUi((ui) => ui.set);
  const draft = useDraft(header.id, mode);
  const text = draft?.text ?? '';
  const area = useRef<HTMLTextAreaElement>(null);
  const typedAt = useRef(0);
  const picked = useRef(new Set<string>());

  const note = mode === 'note';
  const chooseTarget = (target: Target) => write({ target });
  const way = useWay({ header, draft: drafts.of(header.id, 'reply'), chooseTarget });
  const { routes, route, visibility, quoted, forgetQuote } = way;
  const inPublic = !note && visibility === 'public';
  const window = useWindowState(header, route, way.limited);
  const shut = !note && window?.kind === 'closed';
  const capabilities = route?.look.manifest?.capabilities;
  const limits = limitsOf(note, capabilities);
  const files = useFiles(header.id, limits);
  const continued = header.status === 'continued';

  const write = (change: { text?: string; target?: Target | null; letter?: LetterCreate }) => {
    drafts.write({
      conversationId: header.id,
      mode: change.letter || change.target ? 'reply' : mode,
      text:
        change.text ?? (change.letter || change.target ? (drafts.of(header.id, 'reply')?.text ?? '') : text),
      target:
        change.target !== undefined ? change.target : note && !change.letter ? null : way.kept(change.text),
      ...(change.letter && { letter: change.letter }),
      seq: header.seq,
    });
    const now = Date.now();
    if (change.text && now - typedAt.current > 2_000) {
      typedAt.current = now;
      connection.say('conversation.typing', { conversationId: header.id, mode });
    }
  };

  const toMode = useCallback(
    (next: 'reply' | 'note') => {
      set({ mode: next });
      // What is typed right after the key belongs here already; a field that is only now able takes it with the next
      // frame, unless another key took the keyboard elsewhere meanwhile.
      area.current?.focus();
      const { activeElement } = document;
      requestAnimationFrame(() => {
        if (document.activeElement === activeElement) area.current?.focus();
      });
    },
    [set],
  );
  const suggest = useSuggest(area, note);
  const { letter, lacks, ...around } = useLetter({
    header,
    able: capabilities?.letters === true,
    target: route?.target,
    draft: drafts.of(header.id, 'reply')?.letter,
    text: drafts.of(header.id, 'reply')?.text ?? '',
    write: (next) => write({ letter: next }),
    toReply: () => toMode('reply'),
  });
  const forwards = !note && letter?.forward !== undefined;
  const anything = text.trim() !== '' || files.attachments.length > 0 || forwards;
  const reachable = note || route?.ways.includes(visibility) === true;
  const canSend = anything && files.ready && !continued && reachable && !shut;
  /** Sending was tried while the letter lacked something: from then on it is said. */
  const [tried, setTried] = useState(false);
  const saysLack = tried && lacks !== null && !note;

  // Rows come before the channels: what is sent meanwhile leaves as soon as it is known where to, unless it is written on.
  const knowsChannels = useStore(({ channels }) => channels.size > 0);
  const mayWait = anything && files.ready && !continued && !note && !knowsChannels;
  const [waiting, setWaiting] = useState<{ thenResolve: boolean } | null>(null);

  const send = (thenResolve: boolean) => {
    if (!canSend) {
      if (mayWait) setWaiting({ thenResolve });
      return;
    }
    setWaiting(null);
    if (lacks && !note) return setTried(true);
    setTried(false);
    const target = route && targetOf(route, visibility, quoted);
    const colleagues = [...users.values()].filter(({ active }) => active);
    const mentions = note ? mentionedIn(text, colleagues, picked.current) : [];
    outbox.add({
      conversationId: header.id,
      attachments: files.attachments,
      create: {
        id: crypto.randomUUID(),
        kind: note ? 'note' : 'message',
        text: text.trim(),
        fileIds: files.attachments.map(({ id }) => id),
        ...(!note && target && { target }),
        ...(!note && letter && saysAnything(letter) && { letter }),
        ...(mentions.length > 0 && { mentions }),
        lastSeenSeq: Math.min(draft?.baseSeq ?? header.seq, header.seq),
        ...(thenResolve && { thenResolve: true }),
      },
    });
    drafts.clear(header.id, mode, { sent: true });
    uploadStore.clear(header.id);
    picked.current.clear();
    set({ letterOpen: null });
    forgetQuote();
    if (thenResolve) onResolved();
    else area.current?.focus();
  };

  useHotkey('conversation.reply', () => toMode('reply'));
  useHotkey('conversation.note', () => toMode('note'));
  useHotkey('composer.toReply', () => toMode('reply'));
  useHotkey('composer.toNote', () => toMode('note'));
  useHotkey('composer.toPrivate', () => way.toPrivate(() => toMode('reply')));
  useHotkey('composer.toPublic', () => way.toPublic(() => toMode('reply')));
  const templates = window?.templates ? () => set({ templates: true }) : null;
  useHotkey('composer.template', () => templates?.(), { enabled: templates !== null });
  useHotkey('composer.send', () => send(false), { enabled: canSend || mayWait });
  useHotkey('composer.sendAndResolve', () => send(true), { enabled: (canSend && !note) || mayWait });
  const onKnown = useEffectEvent(() => {
    if (waiting && canSend) send(waiting.thenResolve);
    else setWaiting(null);
  });
  useEffect(() => {
    if (knowsChannels) onKnown();
  }, [knowsChannels]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each conversation begins with a reply
  useEffect(() => {
    if (mode === 'note' && !drafts.of(header.id, 'note')?.text) set({ mode: 'reply' });
  }, [header.id]);

  return (
    <section aria-label={t.inbox.composer} id="composer" className="shrink-0 px-3 pb-3">
      <FileDrop able={limits !== null} onFiles={files.take} />
      <Others header={header} />
      <Suspense>{blocked && <Collision conversationId={header.id} />}</Suspense>
      <div
        className={cx(
          'relative rounded-xl border shadow-soft transition-colors focus-within:ring-2',
          note
            ? 'border-note-line bg-note focus-within:ring-note-line/60'
            : inPublic
              ? 'border-public-line bg-public focus-within:border-public-strong focus-within:ring-public-line/40'
              : 'border-line-strong bg-surface focus-within:border-accent focus-within:ring-accent/25',
        )}
      >
        <Suspense>
          {suggest.trigger && (
            <Suggest
              ref={suggest.handle}
              header={header}
              trigger={suggest.trigger}
              channel={route?.look.name ?? ''}
              area={area}
              onMention={(id) => picked.current.add(id)}
              onClose={suggest.close}
            />
          )}
          <CannedAtCursor header={header} channel={route?.look.name ?? ''} area={area} />
        </Suspense>
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1 px-2 pt-1.5">
          <ModeTabs mode={mode} onChange={toMode} />
          {!note && route && (
            <VisibilityChoice
              ways={route.ways}
              value={visibility}
              onChoose={(next) =>
                (next === 'public' ? way.toPublic : way.toPrivate)(() => area.current?.focus())
              }
            />
          )}
          {note ? (
            <span className="ms-auto inline-flex items-center gap-1 pe-1 text-2xs font-medium text-note-ink">
              <Lock size={12} aria-hidden />
              {t.timeline.noteOnly}
            </span>
          ) : (
            knowsChannels && (
              <TargetChooser
                routes={routes}
                route={route}
                onChoose={(next) => write({ target: bare(next.target, next.ways[0]) })}
              />
            )
          )}
        </div>
        {letter && !note && (
          <LetterLine
            header={header}
            letter={letter}
            around={around}
            lacksRecipient={saysLack}
            onChange={(next) => write({ letter: next })}
          />
        )}
        {route && !note && <PrivateLine route={route} />}
        {window && !note && <WindowLine state={window} onTemplates={templates} />}
        {!note && way.about && (
          <Quoted
            message={way.about.message}
            why={way.about.why}
            tone={way.about.tone}
            onRemove={quoted ? forgetQuote : null}
          />
        )}
        <ComposerText
          note={note}
          visibility={route?.ways.includes('public') ? visibility : null}
          text={text}
          inputRef={area}
          isDisabled={continued}
          onChange={(next) => {
            setWaiting(null);
            write({ text: next });
            requestAnimationFrame(suggest.look);
          }}
          onCursor={suggest.look}
          onPress={suggest.press}
          onLeave={suggest.close}
          onSend={() => send(false)}
          onFiles={files.take}
        />
        <UploadList uploads={files.uploads} onRemove={files.remove} onRetry={files.retry} />
        {(files.refused || saysLack) && (
          <p role="alert" className="px-3 pb-2 text-xs text-danger-ink">
            {files.refused || t.letter.needsRecipient}
          </p>
        )}
        <div className="flex items-center gap-2 px-2 pb-2">
          <AttachButton limits={limits} onFiles={files.take} />
          <InsertButton note={note} area={area} />
          {!note && capabilities && <Counter text={text} capabilities={capabilities} inPublic={inPublic} />}
          <span className="invisible min-w-0 flex-1 truncate text-2xs text-ink-faint sm:visible">
            <Hint header={header} hasText={text !== ''} note={note} barred={route?.barred ?? null} />
          </span>
          <SendButtons note={note} inPublic={inPublic} isDisabled={!canSend} onSend={send} />
        </div>
      </div>
      <Continued header={header} />
      <Suspense>
        {templating && templates && route && <TemplateDialog header={header} route={route} />}
      </Suspense>
    </section>
  );
}
