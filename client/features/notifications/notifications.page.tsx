import { useEffect, useState } from 'react';
import { type Notify, notifyEvents } from '../../../shared/user.ts';
import { Button } from '../../components/button.tsx';
import { Checkbox } from '../../components/checkbox.tsx';
import { BellRing, CircleAlert, CircleCheck, Volume2 } from '../../components/icons.ts';
import { Switch } from '../../components/switch.tsx';
import { useFmt } from '../../i18n/locale.tsx';
import { useWords } from '../../i18n/settings-words.ts';
import { ring } from '../../lib/ring.ts';
import { useMe } from '../../state/hooks.tsx';
import { ClockField } from '../channels/clock-field.tsx';
import { readClock } from '../channels/week.ts';
import { usePreference } from '../profile/use-preference.ts';
import { Card, SettingsPage } from '../settings/page.tsx';
import { withRule } from './quiet.ts';

/** What a person is told of, how loudly, and when not. */
export default function NotificationsPage() {
  const w = useWords();
  const { notify } = useMe().preferences;
  const prefer = usePreference();
  const set = (next: Notify) => prefer({ notify: next });
  return (
    <SettingsPage title={w.notifications.title} text={w.notifications.text}>
      <div className="grid items-start gap-4 md:grid-cols-2">
        <Rules notify={notify} set={set} />
        <div className="grid gap-4">
          <Volume notify={notify} set={set} />
          <Permission />
          <Quiet notify={notify} set={set} />
        </div>
      </div>
    </SettingsPage>
  );
}

interface PartProps {
  notify: Notify;
  set: (notify: Notify) => void;
}

function Rules({ notify, set }: PartProps) {
  const w = useWords();
  return (
    <Card>
      <table className="w-full text-start">
        <thead>
          <tr className="text-xs text-ink-faint">
            <th scope="col" className="pb-2 text-start font-medium">
              {w.notifications.what}
            </th>
            <th scope="col" className="px-2 pb-2 font-medium">
              {w.notifications.sound}
            </th>
            <th scope="col" className="pb-2 font-medium">
              {w.notifications.desktop}
            </th>
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {notifyEvents.map((event) => {
            const words = w.notifications.events[event];
            const rule = notify.rules[event];
            return (
              <tr key={event}>
                <th scope="row" className="py-2.5 pe-2 text-start font-normal text-pretty">
                  {words}
                </th>
                <td className="px-2">
                  <Checkbox
                    aria-label={w.notifications.soundFor(words)}
                    isSelected={rule.sound}
                    onChange={(sound) => set(withRule(notify, event, { sound }))}
                    className="mx-auto w-fit"
                  />
                </td>
                <td>
                  <Checkbox
                    aria-label={w.notifications.desktopFor(words)}
                    isSelected={rule.desktop}
                    onChange={(desktop) => set(withRule(notify, event, { desktop }))}
                    className="mx-auto w-fit"
                  />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Card>
  );
}

function Volume({ notify, set }: PartProps) {
  const w = useWords();
  const fmt = useFmt();
  const [moving, setMoving] = useState<number | null>(null);
  const volume = moving ?? notify.volume;
  const settle = () => {
    if (moving !== null && moving !== notify.volume) set({ ...notify, volume: moving });
    setMoving(null);
  };
  const said = volume === 0 ? w.notifications.muted : fmt.percent(volume / 100);
  return (
    <Card title={w.notifications.volume}>
      <div className="flex flex-wrap items-center gap-3">
        <input
          type="range"
          min={0}
          max={100}
          step={5}
          aria-label={w.notifications.volume}
          aria-valuetext={said}
          value={volume}
          onChange={(event) => setMoving(event.currentTarget.valueAsNumber)}
          onPointerUp={settle}
          onKeyUp={settle}
          onBlur={settle}
          className="h-6 min-w-32 flex-1 accent-(--accent)"
        />
        <span className="min-w-12 text-end text-xs text-ink-muted">{said}</span>
        <Button
          size="sm"
          icon={<Volume2 size={15} aria-hidden />}
          isDisabled={volume === 0}
          onPress={() => ring(volume)}
        >
          {w.notifications.testSound}
        </Button>
      </div>
    </Card>
  );
}

type Leave = NotificationPermission | 'unsupported' | 'insecure';

function leaveNow(): Leave {
  if (!isSecureContext) return 'insecure';
  return 'Notification' in window ? Notification.permission : 'unsupported';
}

/** Whether this browser shows notifications at all. It is asked by a press alone. */
function Permission() {
  const w = useWords();
  const [leave, setLeave] = useState<Leave>(leaveNow);
  useEffect(() => {
    // It may be changed in the browser's own settings meanwhile.
    const look = () => setLeave(leaveNow());
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, []);
  const ask = async () => {
    await Notification.requestPermission();
    setLeave(leaveNow());
  };
  const show = () =>
    new Notification(w.notifications.permission.testTitle, {
      body: w.notifications.permission.testText,
      tag: 'yekja-test',
    });
  const good = leave === 'granted';
  return (
    <Card title={w.notifications.permission.title}>
      <p
        role="status"
        data-permission={leave}
        className={`flex items-start gap-2 ${good ? 'text-ok-ink' : 'text-ink-muted'}`}
      >
        {good ? (
          <CircleCheck size={16} aria-hidden className="mt-0.5 shrink-0" />
        ) : (
          <CircleAlert size={16} aria-hidden className="mt-0.5 shrink-0" />
        )}
        <span className="text-pretty">{w.notifications.permission[leave]}</span>
      </p>
      {leave === 'default' && (
        <Button className="mt-3" icon={<BellRing size={15} aria-hidden />} onPress={() => void ask()}>
          {w.notifications.permission.ask}
        </Button>
      )}
      {good && (
        <Button size="sm" className="mt-3" icon={<BellRing size={15} aria-hidden />} onPress={show}>
          {w.notifications.permission.test}
        </Button>
      )}
    </Card>
  );
}

const usual = { from: '22:00', to: '07:00' };

function Quiet({ notify, set }: PartProps) {
  const w = useWords();
  const { timeZone } = useMe().preferences;
  const [typed, setTyped] = useState(notify.quiet ?? usual);
  const change = (part: Partial<typeof usual>) => {
    const next = { ...typed, ...part };
    setTyped(next);
    // What is half typed is no time yet: the last whole one holds.
    const [from, to] = [readClock(next.from, { end: false }), readClock(next.to, { end: false })];
    const changed = from !== notify.quiet?.from || to !== notify.quiet?.to;
    if (from && to && /^\d\d:\d\d$/.test(next.from) && /^\d\d:\d\d$/.test(next.to) && changed)
      set({ ...notify, quiet: { from, to } });
  };
  const bad = (clock: string) => readClock(clock, { end: false }) === null;
  return (
    <Card title={w.notifications.quiet}>
      <Switch
        isSelected={notify.quiet !== null}
        onChange={(on) => {
          if (on) setTyped((before) => (bad(before.from) || bad(before.to) ? usual : before));
          set({ ...notify, quiet: on ? (bad(typed.from) || bad(typed.to) ? usual : typed) : null });
        }}
        help={w.notifications.quietHelp(timeZone)}
      >
        {w.notifications.quietOn}
      </Switch>
      {notify.quiet && <QuietTimes typed={typed} change={change} bad={bad} />}
    </Card>
  );
}

interface QuietTimesProps {
  typed: typeof usual;
  change: (part: Partial<typeof usual>) => void;
  bad: (clock: string) => boolean;
}

function QuietTimes({ typed, change, bad }: QuietTimesProps) {
  const w = useWords();
  const wrong = bad(typed.from) || bad(typed.to);
  return (
    <div className="mt-3 flex flex-wrap items-end gap-3">
      <ClockField
        label={w.notifications.from}
        labelled
        value={typed.from}
        onChange={(from) => change({ from })}
        isInvalid={bad(typed.from)}
      />
      <ClockField
        label={w.notifications.to}
        labelled
        value={typed.to}
        onChange={(to) => change({ to })}
        isInvalid={bad(typed.to)}
      />
      {wrong && (
        <p role="alert" className="w-full text-xs text-danger-ink">
          {w.hours.badClock}
        </p>
      )}
    </div>
  );
}
