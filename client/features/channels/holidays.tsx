import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Holiday } from '../../../shared/hours.ts';
import { Chip } from '../../components/badge.tsx';
import { Button, IconButton } from '../../components/button.tsx';
import { DateTimePicker } from '../../components/date-time-picker.tsx';
import { ChevronLeft, ChevronRight, Plus, X } from '../../components/icons.ts';
import { Skeleton } from '../../components/skeleton.tsx';
import { Switch } from '../../components/switch.tsx';
import { useFmt, useLocale, useT } from '../../i18n/locale.tsx';
import { useWords } from '../../i18n/settings-words.ts';
import { type Fmt, fmtFor } from '../../lib/fmt.ts';
import { useNow } from '../../lib/time.ts';
import { useWorkspace } from '../../state/hooks.tsx';
import { errorText } from '../error-text.ts';
import type { HoursEditorProps } from './hours.editor.tsx';
import { jalaliYear, setHoliday } from './week.ts';

/** Days of the calendar are the same day everywhere: they are written by no time zone. */
function useDayFmt(): Fmt {
  return fmtFor({ ...useFmt().options, timeZone: 'UTC' });
}

/** Official holidays of a year, each of which may stay open, and other days on which it is closed. */
export function Holidays({ hours, onChange }: HoursEditorProps) {
  const w = useWords();
  return (
    <>
      <div>
        <Switch
          isSelected={hours.iranianHolidays}
          onChange={(iranianHolidays) => onChange({ ...hours, iranianHolidays })}
          help={w.hours.holidaysHelp}
        >
          {w.hours.holidays}
        </Switch>
        {hours.iranianHolidays && <YearList hours={hours} onChange={onChange} />}
      </div>
      <OtherDays hours={hours} onChange={onChange} />
    </>
  );
}

function YearList({ hours, onChange }: HoursEditorProps) {
  const t = useT();
  const w = useWords();
  const fmt = useFmt();
  const { calls } = useWorkspace();
  const now = useNow('minute');
  const [year, setYear] = useState(() => jalaliYear(now));
  const holidays = useQuery({
    queryKey: ['holidays', year],
    queryFn: () => calls.holidays(year),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const title = w.hours.holidaysOf(fmt.digits(String(year)));
  return (
    <section aria-label={title} className="mt-3 rounded-lg border border-line">
      <div className="flex items-center gap-1 border-b border-line py-1 ps-3 pe-1">
        <h3 className="flex-1 text-xs font-bold" aria-live="polite">
          {title}
        </h3>
        <IconButton
          label={w.hours.previousYear}
          size="sm"
          icon={<ChevronLeft size={16} className="mirror" />}
          onPress={() => setYear(year - 1)}
        />
        <IconButton
          label={w.hours.nextYear}
          size="sm"
          icon={<ChevronRight size={16} className="mirror" />}
          onPress={() => setYear(year + 1)}
        />
      </div>
      {holidays.isError && (
        <p role="alert" className="flex flex-wrap items-center gap-2 px-3 py-2 text-xs text-danger-ink">
          {w.hours.holidaysFailed}. {errorText(t, holidays.error)}
          <Button size="sm" onPress={() => void holidays.refetch()}>
            {t.common.retry}
          </Button>
        </p>
      )}
      {holidays.isPending && (
        <div className="space-y-2 p-3">
          <Skeleton />
          <Skeleton />
          <Skeleton />
        </div>
      )}
      {holidays.data && (
        <>
          <ul className="max-h-80 divide-y divide-line overflow-y-auto">
            {holidays.data.map((holiday) => (
              <Day
                key={`${holiday.date} ${holiday.name.en}`}
                holiday={holiday}
                closed={!hours.except.includes(holiday.date)}
                onChange={(closed) => onChange(setHoliday(hours, holiday.date, closed))}
              />
            ))}
          </ul>
          <p className="border-t border-line px-3 py-2 text-xs text-ink-faint">{w.hours.lunarHelp}</p>
        </>
      )}
    </section>
  );
}

interface DayProps {
  holiday: Holiday;
  closed: boolean;
  onChange: (closed: boolean) => void;
}

function Day({ holiday, closed, onChange }: DayProps) {
  const w = useWords();
  const fmt = useDayFmt();
  const { language, calendar } = useLocale();
  const otherFmt = fmtFor({ ...fmt.options, calendar: calendar === 'jalali' ? 'gregorian' : 'jalali' });
  const name = holiday.name[language];
  return (
    <li className="flex items-center gap-3 px-3 py-1.5">
      <span className="min-w-0 flex-1">
        <span className="flex flex-wrap items-center gap-x-2">
          {name}
          {holiday.lunar && <Chip>{w.hours.lunar}</Chip>}
        </span>
        <time
          dateTime={holiday.date}
          title={weekdayAndDate(otherFmt, holiday.date)}
          className="block text-xs text-ink-faint"
        >
          {weekdayAndDate(fmt, holiday.date)}
        </time>
      </span>
      <Switch aria-label={name} isSelected={closed} onChange={onChange} className="shrink-0">
        <span className="inline-block min-w-9 text-xs text-ink-muted">
          {closed ? w.hours.closedThatDay : w.hours.openThatDay}
        </span>
      </Switch>
    </li>
  );
}

/** «یکشنبه ۱ آذر ۱۴۰۵», never "today". */
function weekdayAndDate(fmt: Fmt, date: string): string {
  return fmt.day(`${date}T00:00:00Z`, 0);
}

function OtherDays({ hours, onChange }: HoursEditorProps) {
  const w = useWords();
  const fmt = useFmt();
  const dayFmt = useDayFmt();
  const now = useNow('minute');
  const [day, setDay] = useState(now);
  const chosen = fmt.dayKey(day);
  return (
    <fieldset>
      <legend className="text-xs font-medium text-ink-muted">{w.hours.extra}</legend>
      <p className="mt-0.5 text-xs text-ink-faint">{w.hours.extraHelp}</p>
      {hours.closed.length > 0 ? (
        <ul className="mt-2 flex flex-wrap gap-1.5">
          {hours.closed.map((date) => {
            const words = weekdayAndDate(dayFmt, date);
            return (
              <li
                key={date}
                className="flex items-center gap-1 rounded-md border border-line bg-sunken ps-2 text-xs"
              >
                <time dateTime={date}>{words}</time>
                <IconButton
                  label={w.hours.removeDay(words)}
                  size="sm"
                  icon={<X size={13} />}
                  onPress={() =>
                    onChange({ ...hours, closed: hours.closed.filter((other) => other !== date) })
                  }
                />
              </li>
            );
          })}
        </ul>
      ) : (
        <p className="mt-2 text-xs text-ink-muted">{w.hours.noExtra}</p>
      )}
      <div className="mt-2 flex max-w-sm items-end gap-2">
        <div className="min-w-0 flex-1">
          <DateTimePicker label={w.hours.day} value={day} onChange={setDay} dayOnly />
        </div>
        <Button
          icon={<Plus size={15} aria-hidden />}
          isDisabled={hours.closed.includes(chosen)}
          onPress={() => onChange({ ...hours, closed: [...hours.closed, chosen].sort() })}
        >
          {w.hours.addDay}
        </Button>
      </div>
    </fieldset>
  );
}
