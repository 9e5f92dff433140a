import * as z from 'zod/mini';
import type { Bilingual } from './connector.ts';

/** The Iranian week begins on Saturday. */
export const weekdays = ['sat', 'sun', 'mon', 'tue', 'wed', 'thu', 'fri'] as const;
export type Weekday = (typeof weekdays)[number];

/** "HH:MM" on the wall clock; "24:00" only as an end. */
const clock = z.string().check(z.regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/));
const day = z.array(z.object({ from: clock, to: clock })).check(z.maxLength(4));
/** A day of the Gregorian calendar, "YYYY-MM-DD". */
const date = z.iso.date();

export const BusinessHours = z.object({
  timeZone: z.string().check(z.maxLength(60)),
  week: z.object({ sat: day, sun: day, mon: day, tue: day, wed: day, thu: day, fri: day }),
  /** Closed on Iran's official holidays. Those of the lunar calendar may move by a day: `except` and `closed` correct them. */
  iranianHolidays: z.boolean(),
  /** Closed on these days as well. */
  closed: z.array(date).check(z.maxLength(400)),
  /** Open on these, although they are holidays. */
  except: z.array(date).check(z.maxLength(400)),
});
export type BusinessHours = z.infer<typeof BusinessHours>;

/** An official holiday of Iran in one Jalali year: GET /api/holidays?year=1405. */
export interface Holiday {
  date: string;
  name: Bilingual;
  /** Of the lunar calendar: the announced day may differ by one. */
  lunar: boolean;
}
