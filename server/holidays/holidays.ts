import type { Holiday } from '../../shared/hours.ts';
import {
  type Day,
  dayOf,
  daysAfter,
  daysOfJalaliYear,
  jalali,
  lunarMonth,
  tabularYear,
} from './calendars.ts';

interface Feast {
  month: number;
  day: number;
  fa: string;
  en: string;
  /** The last Jalali year in which it was a holiday. */
  until?: number;
}

/** Official holidays of Iran in the Jalali calendar. The 30th of Esfand is there in leap years alone. */
const solar: readonly Feast[] = [
  { month: 1, day: 1, fa: 'نوروز', en: 'Nowruz' },
  { month: 1, day: 2, fa: 'عید نوروز', en: 'Nowruz' },
  { month: 1, day: 3, fa: 'عید نوروز', en: 'Nowruz' },
  { month: 1, day: 4, fa: 'عید نوروز', en: 'Nowruz' },
  { month: 1, day: 12, fa: 'روز جمهوری اسلامی', en: 'Islamic Republic Day' },
  { month: 1, day: 13, fa: 'روز طبیعت', en: 'Nature Day' },
  { month: 3, day: 14, fa: 'رحلت امام خمینی', en: 'Death of Imam Khomeini' },
  { month: 3, day: 15, fa: 'قیام ۱۵ خرداد', en: 'Uprising of 15 Khordad' },
  { month: 11, day: 22, fa: 'پیروزی انقلاب اسلامی', en: 'Victory of the Revolution' },
  { month: 12, day: 29, fa: 'ملی شدن صنعت نفت', en: 'Nationalisation of the oil industry' },
  { month: 12, day: 30, fa: 'آخرین روز سال', en: 'Last day of the year' },
];

/** …and in the lunar one. Day 30 of Safar is its last, whether it has 29 or 30. */
const lunar: readonly Feast[] = [
  { month: 1, day: 9, fa: 'تاسوعا', en: 'Tasu’a' },
  { month: 1, day: 10, fa: 'عاشورا', en: 'Ashura' },
  { month: 2, day: 20, fa: 'اربعین', en: 'Arba’een' },
  {
    month: 2,
    day: 28,
    fa: 'رحلت پیامبر و شهادت امام حسن',
    en: 'Death of the Prophet and martyrdom of Imam Hasan',
  },
  { month: 2, day: 30, fa: 'شهادت امام رضا', en: 'Martyrdom of Imam Reza' },
  { month: 3, day: 8, fa: 'شهادت امام حسن عسکری', en: 'Martyrdom of Imam Hasan al-Askari' },
  {
    month: 3,
    day: 17,
    fa: 'ولادت پیامبر و امام صادق',
    en: 'Birth of the Prophet and of Imam Sadeq',
  },
  { month: 6, day: 3, fa: 'شهادت حضرت فاطمه', en: 'Martyrdom of Fatima' },
  { month: 7, day: 13, fa: 'ولادت امام علی', en: 'Birth of Imam Ali' },
  { month: 7, day: 27, fa: 'مبعث', en: 'Mab’ath' },
  { month: 8, day: 15, fa: 'ولادت امام زمان', en: 'Birth of Imam Mahdi' },
  { month: 9, day: 21, fa: 'شهادت امام علی', en: 'Martyrdom of Imam Ali' },
  { month: 10, day: 1, fa: 'عید فطر', en: 'Eid al-Fitr' },
  { month: 10, day: 2, fa: 'تعطیل به مناسبت عید فطر', en: 'Eid al-Fitr, second day' },
  // Not in the published calendar of 1405 any more.
  { month: 10, day: 25, fa: 'شهادت امام صادق', en: 'Martyrdom of Imam Sadeq', until: 1404 },
  { month: 12, day: 10, fa: 'عید قربان', en: 'Eid al-Adha' },
  { month: 12, day: 18, fa: 'عید غدیر', en: 'Eid al-Ghadir' },
];

/** Years that the calendars of the engine are sure of. */
export const firstYear = 1300;
export const lastYear = 1500;

const known = new Map<number, Holiday[]>();

/** Iran's official holidays of a Jalali year, in order. Those of the lunar calendar may move by a day. */
export function holidaysOf(year: number): readonly Holiday[] {
  const found = known.get(year);
  if (found) return found;
  const days = daysOfJalaliYear(year);
  const first = days[0]?.day ?? '';
  const last = days.at(-1)?.day ?? '';
  const holidays = [
    ...days.flatMap(({ day, date }) =>
      solar
        .filter((feast) => feast.month === date.month && feast.day === date.day)
        .map((feast) => holiday(day, feast, false)),
    ),
    ...lunarYears(first, last).flatMap((lunarYear) =>
      lunar
        .filter((feast) => year <= (feast.until ?? year))
        .map((feast) => holiday(lunarDay(lunarYear, feast), feast, true)),
    ),
  ].filter(({ date }) => date >= first && date <= last);
  holidays.sort((a, b) => (a.date === b.date ? Number(a.lunar) - Number(b.lunar) : a.date < b.date ? -1 : 1));
  known.set(year, holidays);
  return holidays;
}

function holiday(date: Day, feast: Feast, isLunar: boolean): Holiday {
  return { date, name: { fa: feast.fa, en: feast.en }, lunar: isLunar };
}

/** A solar year meets two lunar ones, seldom three. */
function lunarYears(first: Day, last: Day): number[] {
  const years: number[] = [];
  for (let year = tabularYear(first) - 1; lunarMonth(year, 1) <= last; year += 1) years.push(year);
  return years;
}

function lunarDay(year: number, feast: Feast): Day {
  const day = daysAfter(lunarMonth(year, feast.month), feast.day - 1);
  if (feast.day < 30) return day;
  const next = lunarMonth(year, feast.month + 1);
  return day < next ? day : daysAfter(next, -1);
}

/** Closed on this day, were it for Iran's holidays alone? */
export function isIranianHoliday(day: Day): boolean {
  const { year } = jalali(day);
  if (year < firstYear || year > lastYear) return false;
  return holidaysOf(year).some((one) => one.date === day);
}

/** For whoever does not say which one. */
export const thisJalaliYear = (): number => jalali(dayOf(new Date())).year;
