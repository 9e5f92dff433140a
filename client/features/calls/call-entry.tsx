import { type ReactNode, Suspense, useEffect, useRef, useState } from 'react';
import { may } from '../../../shared/access.ts';
import type { Call } from '../../../shared/call.ts';
import type { Message } from '../../../shared/message.ts';
import { recordingOf } from '../../api/social-calls.ts';
import { Button } from '../../components/button.tsx';
import { cx } from '../../components/cx.ts';
import {
  Pencil,
  Phone,
  PhoneCall,
  PhoneIncoming,
  PhoneMissed,
  PhoneOff,
  PhoneOutgoing,
  Voicemail,
} from '../../components/icons.ts';
import { TextArea } from '../../components/text-area.tsx';
import { showToast } from '../../components/toast.tsx';
import { useFmt, useLocale, useT } from '../../i18n/locale.tsx';
import { useSocialWords } from '../../i18n/social-words.ts';
import { type Direction, plainName } from '../../lib/bidi.ts';
import { later } from '../../lib/later.ts';
import { MessageText } from '../../lib/message-text.tsx';
import { useNow } from '../../lib/time.ts';
import { useMe, useWorkspace } from '../../state/hooks.tsx';
import { useUsers } from '../directory.ts';
import { errorText } from '../error-text.ts';
import { isMissed } from './missed.ts';

const Player = later(() => import('../inbox/voice.tsx').then((all) => ({ default: all.Player })));

/** The drawing of a call: which way it went, and whether anybody spoke. */
export function CallIcon({ call, size = 17 }: { call: Call; size?: number }) {
  const icons = { busy: PhoneOff, failed: PhoneOff, voicemail: Voicemail, missed: PhoneMissed };
  const Icon =
    call.state !== 'ended'
      ? PhoneCall
      : call.disposition !== null && call.disposition !== 'answered'
        ? icons[call.disposition]
        : call.direction === 'in'
          ? PhoneIncoming
          : PhoneOutgoing;
  return <Icon size={size} aria-hidden />;
}

/** What a call was, in a few words. */
export function useCallTitle(): (call: Call) => string {
  const w = useSocialWords().call;
  return (call) => (isMissed(call) ? w.kinds.missed : w.kinds[call.direction]);
}

/** A telephone call in the stream: which way, how it ended, how long, with whom, what was noted, and its recording. */
export function CallEntry({ message }: { message: Message }) {
  const t = useT();
  const w = useSocialWords().call;
  const fmt = useFmt();
  const me = useMe();
  const users = useUsers();
  const { direction: page } = useLocale();
  const titleOf = useCallTitle();
  const { call } = message;
  if (!call) return null;
  const { direction, state, disposition, number, talked, agentId, extension, recording, logged } = call;
  const missed = isMissed(call);
  const out = direction === 'out';
  const agent = agentId === me.id ? t.common.you : plainName(users.get(agentId ?? '')?.name ?? '');
  const facts: ReactNode[] = [
    state === 'ended' &&
      disposition &&
      disposition !== 'answered' &&
      !(missed && disposition === 'missed') &&
      w.dispositions[disposition],
    state === 'ended' && talked !== null && talked > 0 && w.talked(fmt.duration(talked * 1000)),
    state === 'ended' &&
      missed &&
      call.endedAt &&
      Date.parse(call.endedAt) - Date.parse(call.startedAt) > 1_000 &&
      w.rang(fmt.duration(Date.parse(call.endedAt) - Date.parse(call.startedAt))),
    agent ? w.by(agent) : extension && w.extension(extension),
    logged && w.logged,
  ].filter(Boolean);
  return (
    <article
      aria-label={titleOf(call)}
      data-message={message.id}
      data-call={missed ? 'missed' : state}
      tabIndex={-1}
      className={cx(
        'flex px-4 pt-2 pb-0.5 focus-visible:outline-offset-[-2px]',
        out ? 'justify-end' : 'ps-13',
      )}
    >
      <div
        className={cx(
          'flex w-full max-w-md gap-3 rounded-xl border px-3 py-2.5',
          missed ? 'border-danger bg-danger-soft' : 'border-line bg-surface',
          out ? 'rounded-ee-sm' : 'rounded-es-sm',
        )}
      >
        <span
          className={cx(
            'grid size-8 shrink-0 place-items-center rounded-full',
            missed
              ? 'bg-danger text-on-danger'
              : state === 'ended'
                ? 'bg-sunken text-ink-muted'
                : 'bg-ok-soft text-ok-ink',
          )}
        >
          <CallIcon call={call} />
        </span>
        <div className="min-w-0 flex-1">
          <p className="flex flex-wrap items-baseline gap-x-2">
            <strong className={cx('text-sm font-semibold', missed && 'text-danger-ink')}>
              {titleOf(call)}
            </strong>
            {number && (
              <bdi dir="ltr" className={cx('text-xs', missed ? 'text-danger-ink' : 'text-ink-muted')}>
                {number}
              </bdi>
            )}
            <span className="flex-1" />
            <time
              dateTime={call.startedAt}
              title={fmt.both(call.startedAt)}
              className={cx('text-2xs', missed ? 'text-danger-ink' : 'text-ink-faint')}
            >
              {fmt.time(call.startedAt)}
            </time>
          </p>
          {state !== 'ended' && (
            <p className="text-xs font-medium text-ok-ink">
              {state === 'ringing' ? w.ringing : w.going}{' '}
              <RunningClock since={Date.parse(call.answeredAt ?? call.startedAt)} label={w.clock} />
            </p>
          )}
          {facts.length > 0 && (
            <p className={cx('text-xs', missed ? 'text-danger-ink' : 'text-ink-muted')}>
              {facts.map((fact, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: facts of one call have no other identity
                <span key={at}>
                  {at > 0 && ' · '}
                  {fact}
                </span>
              ))}
            </p>
          )}
          <CallNote message={message} fallback={page} />
          {recording === 'ready' && (
            <div className="mt-2">
              <Suspense fallback={<span className="block h-(--control)" />}>
                <Player src={recordingOf(message)} duration={talked} label={w.recording} />
              </Suspense>
            </div>
          )}
          {recording === 'pending' && <p className="mt-1 text-2xs text-ink-faint">{w.recordingPending}</p>}
          {recording === 'failed' && <p className="mt-1 text-2xs text-warn-ink">{w.recordingFailed}</p>}
          {missed && !out && /\d/.test(number) && (
            <a
              href={`tel:${number.replace(/[^\d+]/g, '')}`}
              className="mt-2 inline-flex min-h-7 items-center gap-1.5 rounded-md bg-danger px-2 text-xs font-medium text-on-danger hover:bg-danger-hover"
            >
              <Phone size={13} aria-hidden />
              {w.callBack}
            </a>
          )}
          {message.deletedAt && <p className="text-sm text-ink-faint italic">{t.timeline.deleted}</p>}
        </div>
      </div>
    </article>
  );
}

function RunningClock({ since, label }: { since: number; label: string }) {
  const fmt = useFmt();
  const now = useNow('second');
  return (
    <span role="timer" aria-label={label} className="ltr tabular-nums">
      {fmt.playTime(Math.max(0, Math.floor((now - since) / 1000)))}
    </span>
  );
}

/** What was noted of it, and the way to note more. */
function CallNote({ message, fallback }: { message: Message; fallback: Direction }) {
  const t = useT();
  const w = useSocialWords().call;
  const me = useMe();
  const { calls, sync } = useWorkspace();
  const [draft, setDraft] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const writing = draft !== null;
  useEffect(() => {
    if (writing) area.current?.focus();
  }, [writing]);
  const put = async (note: string): Promise<boolean> => {
    try {
      await calls.updateCall(message.id, { note });
      await sync.catchUp(message.conversationId).catch(() => undefined);
      return true;
    } catch (error) {
      showToast({ text: errorText(t, error), tone: 'error' });
      return false;
    }
  };
  const save = async () => {
    const note = draft?.trim();
    const before = message.text;
    if (note === undefined || note === before) return setDraft(null);
    setBusy(true);
    if (await put(note)) {
      setDraft(null);
      showToast({ text: w.noteSaved, tone: 'ok', undo: () => void put(before) });
    }
    setBusy(false);
  };
  if (draft !== null)
    return (
      // biome-ignore lint/a11y/noStaticElementInteractions: the keys of the field inside keep the note or leave it
      <div
        className="mt-2 flex flex-col gap-2"
        onKeyDown={(event) => {
          const keeps = event.key === 'Enter' && (event.ctrlKey || event.metaKey);
          if (!keeps && event.key !== 'Escape') return;
          event.preventDefault();
          event.stopPropagation();
          if (keeps) void save();
          else setDraft(null);
        }}
      >
        <TextArea label={w.note} value={draft} onChange={setDraft} maxLength={20_000} ref={area} />
        <div className="flex justify-end gap-1.5">
          <Button size="sm" onPress={() => setDraft(null)}>
            {t.common.cancel}
          </Button>
          <Button size="sm" variant="primary" isPending={busy} onPress={() => void save()}>
            {w.saveNote}
          </Button>
        </div>
      </div>
    );
  return (
    <>
      {message.text && <MessageText text={message.text} fallback={fallback} className="mt-1 text-sm" />}
      {may(me, 'conversation.write') && (
        <Button
          size="sm"
          variant="quiet"
          className="mt-0.5 -ms-2"
          icon={<Pencil size={12} aria-hidden />}
          onPress={() => setDraft(message.text)}
        >
          {message.text ? w.editNote : w.addNote}
        </Button>
      )}
    </>
  );
}
