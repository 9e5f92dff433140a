import { useState } from 'react';
import { type BusinessHours, type Weekday, weekdays } from '../../../shared/hours.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { CircleAlert, Copy, Plus, X } from '../../components/icons.ts';
import { announce } from '../../components/live-region.tsx';
import { Select } from '../../components/select.tsx';
import { Switch } from '../../components/switch.tsx';
import { useWords } from '../../i18n/settings-words.ts';
import { deviceZone, timeZones } from '../settings/time-zones.ts';
import { ClockField } from './clock-field.tsx';
import { Holidays } from './holidays.tsx';
import { copyToAll, nextRange, type Range, rangeIssues, readClock } from './week.ts';

export interface HoursEditorProps {
  hours: BusinessHours;
  onChange: (hours: BusinessHours) => void;
}

/** When a channel is open: the week from Saturday, holidays, and other days. */
export function HoursEditor({ hours, onChange }: HoursEditorProps) {
  const w = useWords();
  const [zones] = useState(() => timeZones([hours.timeZone, deviceZone(), 'Asia/Tehran']));
  const setDay = (day: Weekday, ranges: Range[]) =>
    onChange({ ...hours, week: { ...hours.week, [day]: ranges } });
  return (
    <div className="flex flex-col gap-5">
      <Select
        label={w.routing.timeZone}
        options={zones}
        value={hours.timeZone}
        onChange={(timeZone) => onChange({ ...hours, timeZone })}
        className="max-w-sm"
      />
      <fieldset>
        <legend className="text-xs font-medium text-ink-muted">{w.hours.week}</legend>
        <ul className="mt-1.5 divide-y divide-line rounded-lg border border-line">
          {weekdays.map((day) => (
            <Day
              key={day}
              day={day}
              ranges={hours.week[day]}
              onChange={(ranges) => setDay(day, ranges)}
              onCopy={() => {
                onChange({ ...hours, week: copyToAll(hours.week, day) });
                announce(w.hours.copied(w.hours.days[day]));
              }}
            />
          ))}
        </ul>
      </fieldset>
      <Holidays hours={hours} onChange={onChange} />
    </div>
  );
}

interface DayProps {
  day: Weekday;
  ranges: readonly Range[];
  onChange: (ranges: Range[]) => void;
  onCopy: () => void;
}

function Day({ day, ranges, onChange, onCopy }: DayProps) {
  const w = useWords();
  const name = w.hours.days[day];
  const issues = rangeIssues(ranges);
  const set = (at: number, part: Partial<Range>) =>
    onChange(ranges.map((range, each) => (each === at ? { ...range, ...part } : range)));
  return (
    <li className="flex flex-wrap items-start gap-x-3 gap-y-1.5 px-3 py-2" data-day={day}>
      <Switch
        aria-label={w.hours.openOn(name)}
        isSelected={ranges.length > 0}
        onChange={(open) => onChange(open ? [nextRange([])] : [])}
        className="w-28 pt-1.5"
      >
        <span className="font-medium">{name}</span>
      </Switch>
      <div className="flex min-w-52 flex-1 flex-col gap-1.5">
        {ranges.length === 0 && <p className="pt-1.5 text-ink-faint">{w.hours.closed}</p>}
        {ranges.map((range, at) => {
          const issue = issues[at];
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a range is its place in the day; while it is typed it is nothing else
            <div key={at} className="flex flex-wrap items-center gap-x-2 gap-y-1">
              <span aria-hidden className="text-xs text-ink-faint">
                {w.hours.from}
              </span>
              <ClockField
                label={w.hours.fromOf(name)}
                value={range.from}
                onChange={(from) => set(at, { from })}
                isInvalid={issue === 'overlap' || readClock(range.from, { end: false }) === null}
              />
              <span aria-hidden className="text-xs text-ink-faint">
                {w.hours.to}
              </span>
              <ClockField
                label={w.hours.toOf(name)}
                value={range.to}
                onChange={(to) => set(at, { to })}
                end
                isInvalid={
                  issue === 'overlap' || issue === 'backwards' || readClock(range.to, { end: true }) === null
                }
              />
              {ranges.length > 1 && (
                <IconButton
                  label={w.hours.removeRange(name)}
                  size="sm"
                  icon={<X size={14} />}
                  onPress={() => onChange(ranges.filter((_, each) => each !== at))}
                />
              )}
              {issue && (
                <p role="alert" className="flex w-full items-center gap-1 text-xs text-danger-ink">
                  <CircleAlert size={14} aria-hidden className="shrink-0" />
                  {w.hours[issue]}
                </p>
              )}
            </div>
          );
        })}
      </div>
      <span className="flex items-center gap-1">
        {ranges.length > 0 && ranges.length < 4 && (
          <IconButton
            label={w.hours.addRangeTo(name)}
            size="sm"
            icon={<Plus size={15} />}
            onPress={() => onChange([...ranges, nextRange(ranges)])}
          />
        )}
        <Button
          size="sm"
          variant="quiet"
          icon={<Copy size={14} aria-hidden />}
          aria-label={w.hours.copyFrom(name)}
          onPress={onCopy}
        >
          {w.hours.copyToAll}
        </Button>
      </span>
    </li>
  );
}
