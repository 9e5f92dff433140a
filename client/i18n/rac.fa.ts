/**
 * Persian strings for React Aria, which has none: one export for each of its string packages (see
 * `client/build/rac-locales.ts`). A test holds the keys to those of the library's English.
 */

/** What React Aria hands to a string with plurals or choices; Persian nouns stay singular after a number. */
interface Formatter {
  number(value: number): string;
  select(options: Record<string, string | (() => string)>, value: string | boolean): string;
}
type Args<Key extends string> = Record<Key, string>;
type Count<Key extends string> = Record<Key, number>;

export const components = {
  selectPlaceholder: 'انتخاب کنید',
  tableResizer: 'تغییر اندازه',
  dropzoneLabel: 'محل رها کردن فایل',
  colorSwatchPicker: 'نمونه‌های رنگ',
};

export const autocomplete = { collectionLabel: 'پیشنهادها' };

export const breadcrumbs = { breadcrumbs: 'مسیر صفحه' };

export const calendar = {
  previous: 'قبلی',
  next: 'بعدی',
  selectedDateDescription: (a: Args<'date'>) => `تاریخ انتخاب‌شده: ${a.date}`,
  selectedRangeDescription: (a: Args<'dateRange'>) => `بازهٔ انتخاب‌شده: ${a.dateRange}`,
  todayDate: (a: Args<'date'>) => `امروز، ${a.date}`,
  todayDateSelected: (a: Args<'date'>) => `امروز، ${a.date}، انتخاب‌شده`,
  dateSelected: (a: Args<'date'>) => `${a.date}، انتخاب‌شده`,
  startRangeSelectionPrompt: 'برای آغاز بازه کلیک کنید',
  finishRangeSelectionPrompt: 'برای پایان بازه کلیک کنید',
  minimumDate: 'نخستین تاریخ ممکن',
  maximumDate: 'آخرین تاریخ ممکن',
  dateRange: (a: Args<'startDate' | 'endDate'>) => `از ${a.startDate} تا ${a.endDate}`,
};

export const color = {
  colorPicker: 'انتخاب رنگ',
  twoDimensionalSlider: 'لغزندهٔ دوبعدی',
  colorNameAndValue: (a: Args<'name' | 'value'>) => `${a.name}: ${a.value}`,
  colorInputLabel: (a: Args<'label' | 'channelLabel'>) => `${a.label}، ${a.channelLabel}`,
  colorSwatch: 'نمونهٔ رنگ',
  transparent: 'شفاف',
};

export const combobox = {
  focusAnnouncement: (
    a: Args<'groupTitle' | 'optionText'> &
      Count<'groupCount'> &
      Record<'isGroupChange' | 'isSelected', boolean>,
    f: Formatter,
  ) =>
    `${f.select(
      { true: () => `گروه ${a.groupTitle}، ${f.number(a.groupCount)} گزینه. `, other: '' },
      a.isGroupChange,
    )}${a.optionText}${f.select({ true: '، انتخاب‌شده', other: '' }, a.isSelected)}`,
  countAnnouncement: (a: Count<'optionCount'>, f: Formatter) => `${f.number(a.optionCount)} گزینه هست.`,
  selectedAnnouncement: (a: Args<'optionText'>) => `${a.optionText}، انتخاب‌شده`,
  buttonLabel: 'نمایش پیشنهادها',
  listboxLabel: 'پیشنهادها',
};

export const datepicker = {
  era: 'مبدأ تاریخ',
  year: 'سال',
  month: 'ماه',
  day: 'روز',
  hour: 'ساعت',
  minute: 'دقیقه',
  second: 'ثانیه',
  dayPeriod: 'قبل یا بعد از ظهر',
  calendar: 'تقویم',
  startDate: 'تاریخ آغاز',
  endDate: 'تاریخ پایان',
  weekday: 'روز هفته',
  timeZoneName: 'منطقهٔ زمانی',
  selectedDateDescription: (a: Args<'date'>) => `تاریخ انتخاب‌شده: ${a.date}`,
  selectedRangeDescription: (a: Args<'startDate' | 'endDate'>) =>
    `بازهٔ انتخاب‌شده: از ${a.startDate} تا ${a.endDate}`,
  selectedTimeDescription: (a: Args<'time'>) => `ساعت انتخاب‌شده: ${a.time}`,
};

export const dnd = {
  dragItem: (a: Args<'itemText'>) => `جابه‌جایی ${a.itemText}`,
  dragSelectedItems: (a: Count<'count'>, f: Formatter) => `جابه‌جایی ${f.number(a.count)} مورد انتخاب‌شده`,
  dragDescriptionKeyboard: 'برای آغاز جابه‌جایی Enter را بزنید.',
  dragDescriptionKeyboardAlt: 'برای آغاز جابه‌جایی Alt + Enter را بزنید.',
  dragDescriptionTouch: 'برای آغاز جابه‌جایی دو بار ضربه بزنید.',
  dragDescriptionVirtual: 'برای آغاز جابه‌جایی کلیک کنید.',
  dragDescriptionLongPress: 'برای آغاز جابه‌جایی انگشت را نگه دارید.',
  dragSelectedKeyboard: (a: Count<'count'>, f: Formatter) =>
    `برای جابه‌جایی ${f.number(a.count)} مورد انتخاب‌شده Enter را بزنید.`,
  dragSelectedKeyboardAlt: (a: Count<'count'>, f: Formatter) =>
    `برای جابه‌جایی ${f.number(a.count)} مورد انتخاب‌شده Alt + Enter را بزنید.`,
  dragSelectedLongPress: (a: Count<'count'>, f: Formatter) =>
    `برای جابه‌جایی ${f.number(a.count)} مورد انتخاب‌شده انگشت را نگه دارید.`,
  dragStartedKeyboard: 'جابه‌جایی آغاز شد. با Tab به مقصد بروید، با Enter رها کنید و با Escape انصراف دهید.',
  dragStartedTouch: 'جابه‌جایی آغاز شد. به مقصد بروید و برای رها کردن دو بار ضربه بزنید.',
  dragStartedVirtual: 'جابه‌جایی آغاز شد. به مقصد بروید و برای رها کردن کلیک کنید یا Enter را بزنید.',
  endDragKeyboard: 'در حال جابه‌جایی. برای انصراف Enter را بزنید.',
  endDragTouch: 'در حال جابه‌جایی. برای انصراف دو بار ضربه بزنید.',
  endDragVirtual: 'در حال جابه‌جایی. برای انصراف کلیک کنید.',
  dropDescriptionKeyboard: 'برای رها کردن Enter و برای انصراف Escape را بزنید.',
  dropDescriptionTouch: 'برای رها کردن دو بار ضربه بزنید.',
  dropDescriptionVirtual: 'برای رها کردن کلیک کنید.',
  dropCanceled: 'جابه‌جایی لغو شد.',
  dropComplete: 'جابه‌جایی انجام شد.',
  dropIndicator: 'محل رها کردن',
  dropOnRoot: 'رها کردن روی فهرست',
  dropOnItem: (a: Args<'itemText'>) => `رها کردن روی ${a.itemText}`,
  insertBefore: (a: Args<'itemText'>) => `گذاشتن پیش از ${a.itemText}`,
  insertBetween: (a: Args<'beforeItemText' | 'afterItemText'>) =>
    `گذاشتن میان ${a.beforeItemText} و ${a.afterItemText}`,
  insertAfter: (a: Args<'itemText'>) => `گذاشتن پس از ${a.itemText}`,
};

export const grid = {
  deselectedItem: (a: Args<'item'>) => `${a.item} از انتخاب بیرون آمد.`,
  select: 'انتخاب',
  selectedCount: (a: Count<'count'>, f: Formatter) =>
    a.count === 0 ? 'هیچ موردی انتخاب نشده است.' : `${f.number(a.count)} مورد انتخاب شده است.`,
  selectedAll: 'همهٔ موارد انتخاب شد.',
  selectedItem: (a: Args<'item'>) => `${a.item} انتخاب شد.`,
  longPressToSelect: 'برای آغاز انتخاب انگشت را نگه دارید.',
};

export const menu = { longPressMessage: 'برای باز کردن منو انگشت را نگه دارید یا Alt + ArrowDown را بزنید' };

export const numberfield = {
  decrease: (a: Args<'fieldLabel'>) => `کاهش ${a.fieldLabel}`,
  increase: (a: Args<'fieldLabel'>) => `افزایش ${a.fieldLabel}`,
  numberField: 'فیلد عددی',
};

export const overlays = { dismiss: 'بستن' };

export const previewtrigger = { longPressMessage: 'برای دیدن پیش‌نمایش انگشت را نگه دارید' };

export const searchfield = { 'Clear search': 'پاک کردن جستجو' };

export const spinbutton = { Empty: 'خالی' };

export const steplist = { steplist: 'فهرست گام‌ها' };

export const table = {
  select: 'انتخاب',
  selectAll: 'انتخاب همه',
  sortable: 'ستون قابل مرتب‌سازی',
  ascending: 'صعودی',
  descending: 'نزولی',
  ascendingSort: (a: Args<'columnName'>) => `مرتب‌شده بر پایهٔ ${a.columnName}، صعودی`,
  descendingSort: (a: Args<'columnName'>) => `مرتب‌شده بر پایهٔ ${a.columnName}، نزولی`,
  columnSize: (a: Args<'value'>) => `${a.value} پیکسل`,
  resizerDescription: 'برای آغاز تغییر اندازه Enter را بزنید',
  expand: 'باز کردن',
  collapse: 'جمع کردن',
};

export const tag = { removeDescription: 'برای حذف برچسب Delete را بزنید.', removeButtonLabel: 'حذف' };

export const toast = {
  close: 'بستن',
  notifications: (a: Count<'count'>, f: Formatter) => `${f.number(a.count)} اعلان.`,
};

export const tree = { expand: 'باز کردن', collapse: 'جمع کردن' };

export const datepickerState = {
  rangeUnderflow: (a: Args<'minValue'>) => `مقدار باید ${a.minValue} یا پس از آن باشد.`,
  rangeOverflow: (a: Args<'maxValue'>) => `مقدار باید ${a.maxValue} یا پیش از آن باشد.`,
  rangeReversed: 'تاریخ آغاز باید پیش از تاریخ پایان باشد.',
  unavailableDate: 'این تاریخ در دسترس نیست.',
};

export const colorState = {
  hue: 'فام',
  saturation: 'اشباع',
  lightness: 'روشنی',
  brightness: 'درخشندگی',
  red: 'قرمز',
  green: 'سبز',
  blue: 'آبی',
  alpha: 'شفافیت',
  colorName: (a: Args<'lightness' | 'chroma' | 'hue'>) => `${a.hue} ${a.chroma} ${a.lightness}`,
  transparentColorName: (a: Args<'lightness' | 'chroma' | 'hue' | 'percentTransparent'>) =>
    `${a.hue} ${a.chroma} ${a.lightness}، ${a.percentTransparent} شفاف`,
  'very dark': 'بسیار تیره',
  dark: 'تیره',
  light: 'روشن',
  'very light': 'بسیار روشن',
  pale: 'کم‌رنگ',
  grayish: 'خاکستری‌گون',
  vibrant: 'پررنگ',
  black: 'سیاه',
  white: 'سفید',
  gray: 'خاکستری',
  pink: 'صورتی',
  'pink red': 'قرمز صورتی',
  'red orange': 'نارنجی قرمز',
  brown: 'قهوه‌ای',
  orange: 'نارنجی',
  'orange yellow': 'زرد نارنجی',
  'brown yellow': 'زرد قهوه‌ای',
  yellow: 'زرد',
  'yellow green': 'سبز زرد',
  'green cyan': 'فیروزه‌ای سبز',
  cyan: 'فیروزه‌ای',
  'cyan blue': 'آبی فیروزه‌ای',
  'blue purple': 'بنفش آبی',
  purple: 'بنفش',
  'purple magenta': 'سرخابی بنفش',
  magenta: 'سرخابی',
  'magenta pink': 'صورتی سرخابی',
};
