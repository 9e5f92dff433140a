import { useState } from 'react';
import { type ContactHours, channelKinds } from '../../../../shared/profile.ts';
import { asciiDigits } from '../../../../shared/text/normalise.ts';
import { Button, IconButton } from '../../../components/button.tsx';
import { Checkbox } from '../../../components/checkbox.tsx';
import { ArrowDown, ArrowUp, Plus, X } from '../../../components/icons.ts';
import { Menu } from '../../../components/menu.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { useCustomerWords } from '../../../i18n/customer-words.ts';
import { useFmt, useT } from '../../../i18n/locale.tsx';
import { useNow } from '../../../lib/time.ts';
import { errorText } from '../../error-text.ts';
import { useChange, useQuickChange } from '../change.ts';
import { useDayNames, useWeek } from '../contact-hours.ts';
import { useMayWrite } from '../may-write.ts';
import { Nothing, PanelCard, Part } from './card.tsx';
import { EditForm, EditLine } from './edit-line.tsx';
import type { PanelProps } from './panels.tsx';

/** Where and when they wish to be written to: what they said, and what they do. */
export function PreferencesPanel({ customer }: PanelProps) {
  const w = useCustomerWords();
  const fmt = useFmt();
  const now = useNow();
  const writes = useMayWrite();
  const learnt = customer.facts?.learntChannels ?? [];
  return (
    <PanelCard title={w.panels.names.preferences}>
      <Part title={w.preferences.chosen}>
        <Chosen customer={customer} />
      </Part>
      <Part title={w.preferences.learnt}>
        {learnt.length === 0 && <Nothing>{w.preferences.noneLearnt}</Nothing>}
        <ul className="flex flex-col gap-1">
          {learnt.map(({ kind, messages, replies, lastAt }) => (
            <li key={kind} className="flex items-baseline gap-2 text-sm">
              <span className="min-w-0 flex-1 truncate">{w.identityKind[kind]}</span>
              <span className="text-2xs text-ink-muted">
                {w.preferences.learntLine(messages, replies)}
                {' · '}
                <time dateTime={lastAt} title={fmt.both(lastAt)}>
                  {fmt.date(lastAt, now)}
                </time>
              </span>
            </li>
          ))}
        </ul>
      </Part>
      <div className="mt-2 border-t border-line pt-1">
        <EditLine
          label={w.preferences.hours}
          isDisabled={!writes}
          value={customer.profile.hours && <HoursText hours={customer.profile.hours} />}
          form={(close) => <HoursForm customer={customer} onClose={close} />}
        />
      </div>
    </PanelCard>
  );
}

function Chosen({ customer }: PanelProps) {
  const w = useCustomerWords();
  const fmt = useFmt();
  const writes = useMayWrite();
  const quick = useQuickChange(customer.id);
  const chosen = customer.profile.preferredChannels;
  const put = (preferredChannels: typeof chosen) => void quick({ preferredChannels });
  const step = (at: number, by: number) => {
    const next = [...chosen];
    const [kind] = next.splice(at, 1);
    if (kind) next.splice(at + by, 0, kind);
    put(next);
  };
  const left = channelKinds.filter((kind) => !chosen.includes(kind));
  return (
    <>
      {chosen.length === 0 && <Nothing>{w.preferences.noneChosen}</Nothing>}
      <ol className="flex flex-col">
        {chosen.map((kind, at) => {
          const name = w.identityKind[kind];
          return (
            <li key={kind} className="flex min-h-8 items-center gap-2 text-sm">
              <span className="w-4 shrink-0 text-center text-2xs text-ink-faint">{fmt.number(at + 1)}</span>
              <span className="min-w-0 flex-1 truncate font-medium">{name}</span>
              {writes && (
                <span className="flex shrink-0">
                  <IconButton
                    size="sm"
                    label={w.preferences.up(name)}
                    icon={<ArrowUp size={14} />}
                    isDisabled={at === 0}
                    onPress={() => step(at, -1)}
                  />
                  <IconButton
                    size="sm"
                    label={w.preferences.down(name)}
                    icon={<ArrowDown size={14} />}
                    isDisabled={at === chosen.length - 1}
                    onPress={() => step(at, 1)}
                  />
                  <IconButton
                    size="sm"
                    label={w.preferences.remove(name)}
                    icon={<X size={14} />}
                    onPress={() => put(chosen.filter((each) => each !== kind))}
                  />
                </span>
              )}
            </li>
          );
        })}
      </ol>
      {writes && left.length > 0 && (
        <Menu
          label={w.preferences.addChannel}
          trigger={
            <Button size="sm" variant="quiet" className="-ms-2" icon={<Plus size={14} aria-hidden />}>
              {w.preferences.addChannel}
            </Button>
          }
          items={left.map((kind) => ({
            id: kind,
            label: w.identityKind[kind],
            onAction: () => put([...chosen, kind]),
          }))}
        />
      )}
    </>
  );
}

function HoursText({ hours }: { hours: ContactHours }) {
  const w = useCustomerWords();
  const fmt = useFmt();
  const days = useDayNames()(hours.days) ?? w.preferences.everyDay;
  return w.preferences.hoursLine(days, fmt.digits(hours.from), fmt.digits(hours.to));
}

/** «۹»، "9:00" and "۰۹:۰۰" are one time; null: it is none. */
function clockOf(text: string): string | null {
  const [, hour, minute = '0'] = /^(\d{1,2})(?:[:.](\d{1,2}))?$/.exec(asciiDigits(text).trim()) ?? [];
  if (hour === undefined || Number(hour) > 23 || Number(minute) > 59) return null;
  return `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;
}

function HoursForm({ customer, onClose }: PanelProps & { onClose: () => void }) {
  const t = useT();
  const w = useCustomerWords();
  const fmt = useFmt();
  const week = useWeek();
  const change = useChange(customer.id);
  const { hours } = customer.profile;
  const [from, setFrom] = useState(fmt.digits(hours?.from ?? '09:00'));
  const [to, setTo] = useState(fmt.digits(hours?.to ?? '17:00'));
  const [days, setDays] = useState<readonly number[]>(hours?.days ?? [0, 1, 2, 3, 6]);
  const [error, setError] = useState<string>();
  const put = async (next: ContactHours | null) => {
    try {
      await change({ hours: next });
      onClose();
    } catch (failure) {
      setError(errorText(t, failure));
    }
  };
  const save = () => {
    const [begins, ends] = [clockOf(from), clockOf(to)];
    if (begins === null || ends === null || days.length === 0) return setError(w.panels.wrong.hours);
    return put({ from: begins, to: ends, days: [...days] });
  };
  return (
    <EditForm onSave={save} onClose={onClose} onEmpty={hours ? () => put(null) : undefined}>
      <div className="grid grid-cols-2 gap-2">
        <TextField label={w.preferences.from} value={from} onChange={setFrom} ltr autoFocus maxLength={5} />
        <TextField label={w.preferences.to} value={to} onChange={setTo} ltr maxLength={5} />
      </div>
      <fieldset>
        <legend className="mb-1 text-xs font-medium text-ink-muted">{w.preferences.days}</legend>
        <div className="grid grid-cols-2 gap-1">
          {week.map((day) => (
            <Checkbox
              key={day}
              isSelected={days.includes(day)}
              onChange={(on) => setDays(on ? [...days, day].sort() : days.filter((each) => each !== day))}
            >
              {w.preferences.weekdays[day]}
            </Checkbox>
          ))}
        </div>
      </fieldset>
      {error && (
        <p role="alert" className="text-xs text-danger-ink">
          {error}
        </p>
      )}
    </EditForm>
  );
}
