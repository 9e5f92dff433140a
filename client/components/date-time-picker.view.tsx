import { fromAbsolute } from '@internationalized/date';
import { useContext } from 'react';
import { Button } from 'react-aria-components/Button';
import {
  Calendar,
  CalendarCell,
  CalendarGrid,
  CalendarGridBody,
  CalendarGridHeader,
  CalendarHeaderCell,
  CalendarStateContext,
} from 'react-aria-components/Calendar';
import { DateInput, DateSegment } from 'react-aria-components/DateField';
import { DatePicker } from 'react-aria-components/DatePicker';
import { Dialog } from 'react-aria-components/Dialog';
import { Group } from 'react-aria-components/Group';
import { useFmt, useLocale, useT } from '../i18n/locale.tsx';
import { cx } from './cx.ts';
import type { DateTimePickerProps } from './date-time-picker.tsx';
import { controlClass, FieldLabel, FieldNotes } from './field.tsx';
import { Calendar as CalendarIcon, ChevronLeft, ChevronRight } from './icons.ts';
import { FloatingSurface } from './surface.tsx';

export default function DateTimePickerView(props: DateTimePickerProps) {
  const {
    label,
    help,
    error,
    optional,
    bare,
    value,
    onChange,
    min,
    isDisabled,
    dayOnly = false,
    autoFocus,
  } = props;
  const t = useT();
  const { timeZone, calendar, direction } = useLocale();
  return (
    <DatePicker
      value={fromAbsolute(value, timeZone)}
      onChange={(date) => date && onChange(date.toDate().getTime())}
      {...(min !== undefined && { minValue: fromAbsolute(min, timeZone) })}
      granularity={dayOnly ? 'day' : 'minute'}
      hourCycle={24}
      hideTimeZone
      shouldForceLeadingZeros
      firstDayOfWeek={calendar === 'jalali' ? 'sat' : 'mon'}
      isDisabled={isDisabled}
      autoFocus={autoFocus}
      isInvalid={error !== undefined && error !== null && error !== ''}
      // The box shows where the keyboard is; what is around and inside it needs no ring of its own.
      className="flex flex-col gap-1 outline-none"
    >
      <FieldLabel label={label} optional={optional} bare={bare} />
      <Group
        className={cx(
          controlClass,
          'flex h-(--control) items-center gap-1 pe-1 focus-within:outline-2 focus-within:outline-focus',
        )}
      >
        {/* Not a flex box: in one, the segments of a time would stand in reverse. */}
        <DateInput className="block outline-none min-w-0 flex-1 leading-8 whitespace-nowrap">
          {(segment) => (
            <DateSegment
              segment={segment}
              className={cx(
                'inline rounded-sm px-0.5 outline-none data-placeholder:text-ink-faint data-focused:bg-accent data-focused:text-on-accent',
                segment.type === 'literal' && 'text-ink-faint',
              )}
            >
              {({ text, type }) =>
                type === 'literal' && direction === 'rtl' ? text.replace(',', '،') : text
              }
            </DateSegment>
          )}
        </DateInput>
        <Button
          aria-label={t.kit.openCalendar}
          className="grid size-7 shrink-0 place-items-center rounded-md text-ink-muted hover:bg-hover hover:text-ink"
        >
          <CalendarIcon size={16} aria-hidden />
        </Button>
      </Group>
      <FieldNotes help={help} error={error} />
      <FloatingSurface placement="bottom end">
        <Dialog className="p-3 outline-none">
          <Calendar firstDayOfWeek={calendar === 'jalali' ? 'sat' : 'mon'}>
            <Head />
            <CalendarGrid className="border-separate border-spacing-0.5" weekdayStyle="narrow">
              <CalendarGridHeader>
                {(day) => (
                  <CalendarHeaderCell className="size-9 text-xs font-medium text-ink-faint">
                    {day}
                  </CalendarHeaderCell>
                )}
              </CalendarGridHeader>
              <CalendarGridBody>
                {(date) => (
                  <CalendarCell
                    date={date}
                    className={({ isOutsideMonth, isDisabled: isOut }) =>
                      cx(
                        'grid size-9 cursor-default place-items-center rounded-full text-sm transition-colors hover:bg-hover data-disabled:text-ink-faint data-selected:bg-accent data-selected:font-semibold data-selected:text-on-accent data-unavailable:line-through data-today:ring-1 data-today:ring-line-strong data-today:ring-inset',
                        isOutsideMonth ? 'text-ink-faint opacity-60' : isOut && 'line-through',
                      )
                    }
                  />
                )}
              </CalendarGridBody>
            </CalendarGrid>
          </Calendar>
        </Dialog>
      </FloatingSurface>
    </DatePicker>
  );
}

/** Month and year in the order people say them: ICU would put the Persian year first. */
function Head() {
  const t = useT();
  const fmt = useFmt();
  const { timeZone, direction } = useLocale();
  const state = useContext(CalendarStateContext);
  const [Back, On] = direction === 'rtl' ? [ChevronRight, ChevronLeft] : [ChevronLeft, ChevronRight];
  const turn =
    'grid size-8 place-items-center rounded-md text-ink-muted hover:bg-hover hover:text-ink data-disabled:opacity-40';
  return (
    <header className="mb-1 flex items-center">
      <Button slot="previous" aria-label={t.kit.previousMonth} className={turn}>
        <Back size={17} aria-hidden />
      </Button>
      <p aria-hidden className="flex-1 text-center font-semibold">
        {state && fmt.month(state.visibleRange.start.toDate(timeZone))}
      </p>
      <Button slot="next" aria-label={t.kit.nextMonth} className={turn}>
        <On size={17} aria-hidden />
      </Button>
    </header>
  );
}
