import { Suspense } from 'react';
import { later } from '../lib/later.ts';
import { cx } from './cx.ts';
import type { FieldProps } from './field.tsx';
import { Skeleton } from './skeleton.tsx';

export interface DateTimePickerProps extends FieldProps {
  /** Milliseconds since 1970. */
  value: number;
  onChange: (value: number) => void;
  /** The earliest moment that may be chosen. */
  min?: number;
  isDisabled?: boolean;
  /** A day without its time. */
  dayOnly?: boolean;
  autoFocus?: boolean;
}

const View = later(() => import('./date-time-picker.view.tsx'));

/** A day and a time in the person's calendar and time zone; its 30 KB come when it is first shown. */
export function DateTimePicker(props: DateTimePickerProps) {
  return (
    <Suspense fallback={<Skeleton className={cx('h-(--control) w-full', !props.bare && 'mt-5')} />}>
      <View {...props} />
    </Suspense>
  );
}
