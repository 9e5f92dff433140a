import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useDeferredValue, useEffect, useRef, useState } from 'react';
import { type CallLog, dispositions } from '../../../shared/call.ts';
import { parsePhone } from '../../../shared/text/phone.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { ChevronDown, ChevronUp, PhoneCall, Trash2 } from '../../components/icons.ts';
import { Kbd } from '../../components/kbd.tsx';
import { Segmented } from '../../components/radio-group.tsx';
import { Select } from '../../components/select.tsx';
import { TextArea } from '../../components/text-area.tsx';
import { TextField } from '../../components/text-field.tsx';
import { showToast } from '../../components/toast.tsx';
import { useFmt, useT } from '../../i18n/locale.tsx';
import { useSocialWords } from '../../i18n/social-words.ts';
import { plainName } from '../../lib/bidi.ts';
import { useHotkeyKeys } from '../../lib/hotkeys.react.tsx';
import { useNow } from '../../lib/time.ts';
import { useWorkspace } from '../../state/hooks.tsx';
import { errorText } from '../error-text.ts';
import { type CurrentCall, cameFrom, useCurrentCall } from './current-call.ts';

/** How such a number looks; the same in every language. */
const example = '0912 123 4567';

/** A call that goes on: its clock, and what is noted of it, above whatever else is looked at meanwhile. */
export default function CallBar({ call }: { call: CurrentCall }) {
  const t = useT();
  const w = useSocialWords().call;
  const wanted = useCurrentCall((calls) => calls.wanted);
  const change = useCurrentCall((calls) => calls.change);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [lacks, setLacks] = useState(false);
  const workspace = useWorkspace();
  const note = useRef<HTMLTextAreaElement>(null);
  const number = useRef<HTMLInputElement>(null);
  const found = useFound(call);
  const sendKeys = useHotkeyKeys('composer.send');

  // The keyboard goes where the first word belongs, and back to where it was when the call is over.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each wish once
  useEffect(() => {
    if (wanted === 0) return;
    (note.current && (call.customerId || call.number)
      ? note.current
      : (number.current ?? note.current)
    )?.focus();
  }, [wanted]);
  const leave = () => {
    const back = cameFrom();
    (back instanceof HTMLElement && back.isConnected ? back : document.getElementById('content'))?.focus();
  };

  const name = plainName(call.name) || plainName(found.customer?.name ?? '') || call.number;
  const save = async () => {
    if (busy) return;
    if (!call.customerId && !call.number.trim()) {
      setLacks(true);
      number.current?.focus();
      return;
    }
    setBusy(true);
    setError(null);
    try {
      const message = call.told
        ? await workspace.calls.updateCall(call.id, { note: call.note.trim() })
        : await workspace.calls.logCall(logOf(call));
      leave();
      useCurrentCall.getState().end();
      await workspace.sync.catchUp(message.conversationId).catch(() => undefined);
      const open = workspace.sync.openConversationId === message.conversationId;
      showToast({
        text: name ? w.savedOf(name) : w.saved,
        tone: 'ok',
        ...(!open && {
          action: {
            label: w.openConversation,
            run: () =>
              void workspace.sync
                .meet(message.conversationId)
                .then(() => workspace.goTo(message.conversationId)),
          },
        }),
      });
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  const discard = () => {
    const { end, restore } = useCurrentCall.getState();
    leave();
    end();
    showToast({ text: w.discarded, undo: () => restore(call) });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.nativeEvent.isComposing) {
      event.preventDefault();
      event.stopPropagation();
      void save();
    }
    if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      leave();
    }
  };
  const head = (
    <div className="flex min-w-0 items-center gap-2.5">
      <span className="grid size-8 shrink-0 place-items-center rounded-full bg-ok-soft text-ok-ink">
        <PhoneCall size={16} aria-hidden />
      </span>
      <div className="min-w-0">
        <h2 className="truncate text-sm font-semibold">{name ? <bdi>{w.with(name)}</bdi> : w.title}</h2>
        <p className="flex items-center gap-2 text-xs text-ink-muted">
          <Clock since={call.startedAt} label={w.clock} />
          {call.number && (
            <bdi dir="ltr" className="truncate text-2xs text-ink-faint">
              {call.number}
            </bdi>
          )}
        </p>
      </div>
    </div>
  );
  const fold = (
    <IconButton
      label={call.folded ? w.unfold : w.fold}
      icon={call.folded ? <ChevronDown size={16} /> : <ChevronUp size={16} />}
      aria-expanded={!call.folded}
      onPress={() => change({ folded: !call.folded })}
    />
  );
  return (
    <section
      aria-label={w.bar}
      data-call-bar
      onKeyDown={onKeyDown}
      className="z-20 shrink-0 border-b border-line border-t-[3px] border-t-ok-ink bg-surface px-3 py-2 shadow-soft sm:px-4"
    >
      {call.folded ? (
        <div className="flex items-center justify-between gap-2">
          {head}
          {fold}
        </div>
      ) : (
        <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
          <div className="flex w-full items-center justify-between gap-2 md:w-60">
            {head}
            <span className="md:hidden">{fold}</span>
          </div>
          {!call.customerId && !call.told && (
            <div className="w-full sm:w-52">
              <TextField
                label={w.number}
                ltr
                inputMode="tel"
                autoComplete="off"
                placeholder={example}
                value={call.number}
                inputRef={number}
                onChange={(next) => {
                  setLacks(false);
                  change({ number: next });
                }}
                help={
                  found.customer
                    ? w.known(plainName(found.customer.name) || t.customer.unnamed)
                    : found.asking
                      ? w.searching
                      : found.nobody
                        ? w.unknown
                        : w.numberHelp
                }
                {...(lacks && { error: w.needsNumber })}
              />
            </div>
          )}
          <TextArea
            label={w.note}
            value={call.note}
            onChange={(next) => change({ note: next })}
            placeholder={w.notePlaceholder}
            rows={1}
            maxHeight="8rem"
            maxLength={20_000}
            ref={note}
            className="min-w-0 flex-1 basis-64"
          />
          {!call.told && (
            <div className="flex flex-wrap items-start gap-x-3 gap-y-2">
              <Segmented
                label={w.direction}
                options={[
                  { id: 'in', label: w.directions.in },
                  { id: 'out', label: w.directions.out },
                ]}
                value={call.direction}
                onChange={(direction) => change({ direction })}
              />
              <Select
                label={w.disposition}
                options={dispositions.map((id) => ({ id, label: w.dispositions[id] }))}
                value={call.disposition}
                onChange={(disposition) => change({ disposition })}
                className="w-36"
              />
            </div>
          )}
          <div className="ms-auto flex items-center gap-1 md:mt-[1.375rem]">
            <IconButton label={w.discard} icon={<Trash2 size={16} />} onPress={discard} />
            <Button variant="primary" isPending={busy} onPress={() => void save()}>
              {call.told ? w.saveNote : w.save}
              {sendKeys && (
                <span aria-hidden className="ms-1 pointer-coarse:hidden">
                  <Kbd keys={sendKeys} inverse />
                </span>
              )}
            </Button>
            <span className="hidden md:block">{fold}</span>
          </div>
          {error !== null && (
            <p role="alert" className="w-full text-xs text-danger-ink">
              {w.failed} {errorText(t, error)}
            </p>
          )}
        </div>
      )}
    </section>
  );
}

function logOf(call: CurrentCall): CallLog {
  const { id, customerId, direction, number, startedAt, disposition, note } = call;
  return {
    id,
    direction,
    ...(customerId && { customerId }),
    ...(number.trim() && { number: number.trim() }),
    startedAt: new Date(startedAt).toISOString(),
    ended: true,
    disposition,
    ...(disposition === 'answered' && {
      talked: Math.min(86_400, Math.max(0, Math.round((Date.now() - startedAt) / 1000))),
    }),
    note: note.trim(),
  };
}

function Clock({ since, label }: { since: number; label: string }) {
  const fmt = useFmt();
  const now = useNow('second');
  return (
    <span role="timer" aria-label={label} className="ltr min-w-10 font-semibold text-ok-ink tabular-nums">
      {fmt.playTime(Math.max(0, Math.floor((now - since) / 1000)))}
    </span>
  );
}

/** As many digits as a telephone number has at least. */
const enough = 7;

/** Whose number it is that is being typed. */
function useFound(call: CurrentCall) {
  const { calls } = useWorkspace();
  const q = useDeferredValue(call.number.trim());
  const wanted = !call.customerId && !call.told && (q.match(/\p{N}/gu)?.length ?? 0) >= enough;
  const { data, isFetching } = useQuery({
    queryKey: ['find', q],
    queryFn: ({ signal }) => calls.findCustomers(q, 5, signal),
    enabled: wanted,
  });
  // What only begins alike is somebody else's number.
  const number = parsePhone(q)?.e164;
  const customer = wanted
    ? data?.customers.find(({ identities }) =>
        identities.some(({ display }) => number !== undefined && parsePhone(display)?.e164 === number),
      )
    : undefined;
  return {
    customer,
    asking: wanted && isFetching,
    nobody: wanted && !isFetching && number !== undefined && !customer,
  };
}
