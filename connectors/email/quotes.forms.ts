import { asciiDigits } from '../../shared/text/normalise.ts';

/**
 * The lines by which mail programs say "what follows is another mail": Gmail, Outlook, Apple Mail, Yahoo, Thunderbird, Samsung and
 * others, in English and Persian. All are matched on `bare` lines.
 */

/** A line as these patterns read it: no marks of direction, ASCII digits, Persian letters, no bold stars, single spaces. */
export function bare(line: string): string {
  return asciiDigits(line.normalize('NFC'))
    .replace(/\u200B|\u200D|[\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/g, '')
    .replace(/\u200C|\u00A0/g, ' ')
    .replace(/ي/g, 'ی')
    .replace(/ك/g, 'ک')
    .replace(/^[*_]{1,2}(?=[^\s*_])|(?<=[^\s*_])[*_]{1,2}$/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

export const isQuoted = (line: string): boolean =>
  /^\s{0,3}>/.test(line.replace(/^[\u200E\u200F\u202A-\u202E\u2066-\u2069]+/, ''));
/** Quoted within a quote. */
export const isQuotedTwice = (line: string): boolean => /^\s{0,3}>\s?>/.test(line);

const wrote = '(wrote|writes|said)';
const neveshte = '(نوشت|نوشته|نوشته است|نوشته بود|می ?نویسد|نوشتند|نوشته اند)';
const address = '<?[^\\s<>@]{1,100}@[^\\s<>@]{1,200}>?';

const attributions = [
  // On Thu, Nov 20, 2025 at 12:34 PM Sara <sara@example.com> wrote:
  new RegExp(`^-{0,3} ?(On|At) .{4,300} ${wrote} ?: ?-{0,3}$`, 'i'),
  // Sara <sara@example.com> wrote:   Sara wrote on 20/11/2025 12:34:   2025-11-20 12:34 GMT+03:30 Sara <…>:
  new RegExp(`^.{0,150}${address}.{0,80} ${wrote} ?:$`, 'i'),
  new RegExp(`^.{1,150} ${wrote} (on|at) .{4,100}:$`, 'i'),
  new RegExp(`^\\d{4}[-/.]\\d{1,2}[-/.]\\d{1,2}[ T،,].{0,150}${address} ?(${neveshte} ?)?:$`),
  // در تاریخ پنجشنبه ۲۰ نوامبر ۲۰۲۵، ۱۲:۳۴ سارا <…> نوشت:
  new RegExp(`^(در|در تاریخ|به تاریخ|بتاریخ|مورخ) .{4,300} ${neveshte} ?:$`),
  // سارا در تاریخ ۱۴۰۴/۰۸/۲۹ نوشت:   سارا <…> نوشت:   سارا <…> در ۲۹ آبان نوشت:
  new RegExp(`^.{1,150} (در|به تاریخ|بتاریخ|مورخ) .{4,150} ${neveshte} ?:$`),
  new RegExp(`^.{0,150}${address}.{0,80} ${neveshte} ?:$`),
  // Quoting Sara <sara@example.com>:   نقل قول از سارا <…>:
  new RegExp(`^(quoting|نقل قول از|به نقل از) .{0,150}${address} ?:$`, 'i'),
  // 20.11.2025, 12:34, "Sara" <sara@example.com>:
  new RegExp(`^\\d{1,2}[./-]\\d{1,2}[./-]\\d{4}[,،]? .{0,150}${address} ?:$`),
  // في الخميس، ٢٠ نوفمبر ٢٠٢٥ في ١٢:٣٤ كتب … <…>:
  /^(فی|بتاریخ|یوم) .{4,300} (کتب|کتبت|کتابة ما یلی بواسطة).{0,200}:$/,
  // سارا نوشت (۱۴۰۴/۰۸/۲۹ ۱۲:۳۴):
  new RegExp(`^.{1,150} ${neveshte} \\(?.{4,80}\\)?:$`),
];

/** Without them a sentence such as "on Monday he wrote:" would cut off what follows. */
export const dated = /\d{1,2}[:٫.]\d{2}|\b(1[34]|20)\d\d\b|@|\d{1,4}[/-]\d{1,2}[/-]\d{1,4}/;
const mayBegin = /^(-{0,3} ?(On|At)|در|به تاریخ|بتاریخ|مورخ|فی|یوم|quoting|\d{4}[-/.]) |@|\d/i;

export function isAttribution(joined: string): boolean {
  return joined.length <= 500 && dated.test(joined) && attributions.some((pattern) => pattern.test(joined));
}

/** How many of these bare lines say together who wrote what is quoted below: programs wrap the sentence over up to four. */
export function attributionLength(lines: readonly string[]): number {
  if (!mayBegin.test(lines[0] ?? '') && !/:$/.test(lines[0] ?? '') && !/[<@]/.test(lines[1] ?? '')) return 0;
  let joined = '';
  for (let count = 1; count <= Math.min(4, lines.length); count += 1) {
    const line = lines[count - 1] ?? '';
    if (line === '' || line.length > 300) return 0;
    joined = `${joined} ${line}`.trim();
    if (line.endsWith(':') && isAttribution(joined)) return count;
  }
  return 0;
}

const separators = [
  /^[-_=*]{1,} ?(original (message|appointment|e-?mail)|reply message|quoted message|reply separator) ?[-_=*]{0,}$/i,
  // ---- On Thu, 20 Nov 2025 12:34:56 +0330 Sara <sara@example.com> wrote ---
  new RegExp(`^-{2,} ?(On|در|در تاریخ) .{4,300} (${wrote}|${neveshte}) ?:? ?-{2,}$`, 'i'),
  /^[-_=*]{2,} ?(متن )?(پیام|ایمیل|نامه|پیغام|رایانامه)[یٔ]? ?اصلی ?[-_=*]{0,}$/,
];
const forwards = [
  /^[-_=*]{2,} ?(forwarded (message|mail|e-?mail)|forwarded by .{0,100}) ?[-_=*]{0,}$/i,
  /^begin forwarded message ?:?$/i,
  /^[-_=*]{2,} ?(پیام|ایمیل|نامه|پیغام|رایانامه)[یٔ]? ?(هدایت|باز ?ارسال|فوروارد|فرستاده|ارجاع|باز ?فرستاده)( داده)? ?شده ?[-_=*]{0,}$/,
  /^(آغاز|شروع) (پیام|ایمیل|نامه)[یٔ]? ?(هدایت|باز ?ارسال|فوروارد) ?شده ?:?$/,
];

export const isSeparator = (line: string): boolean => separators.some((pattern) => pattern.test(line));
export const isForward = (line: string): boolean => forwards.some((pattern) => pattern.test(line));
export const isRule = (line: string): boolean => /^[-_=*─━]{5,}$/.test(line);

const fromLabel = /^(from|از|فرستنده) ?: ?\S?/i;
const otherLabels = [
  /^(sent|date|ارسال|ارسال ?شده(?: در)?|فرستاده ?شده|تاریخ(?: ارسال)?|زمان(?: ارسال)?) ?:/i,
  /^(to|به|گیرنده|گیرندگان) ?:/i,
  /^(subject|موضوع|عنوان) ?:/i,
  /^(cc|رونوشت|رونوشت به|کپی) ?:/i,
];

/** Lines `From: … Sent: … To: … Subject: …` in any order, as Outlook and others put them above what they quote. */
export function isLabelBlock(lines: readonly string[]): boolean {
  const first = lines[0] ?? '';
  if (!fromLabel.test(first) && !otherLabels.some((label) => label.test(first))) return false;
  const block = lines.slice(0, 10);
  const blank = block.findIndex((line, n) => line === '' && block[n + 1] === '');
  const within = blank < 0 ? block : block.slice(0, blank);
  const others = otherLabels.filter((label) => within.some((line) => label.test(line))).length;
  return within.some((line) => fromLabel.test(line)) && others >= 2;
}

export const isSignatureMark = (line: string): boolean => /^(--|—) ?$/.test(line);

const device =
  '(آیفون|ایفون|آیپد|گوشی|موبایل|تلفن|تبلت|سامسونگ|گلکسی|اندروید|هواوی|شیائومی|یاهو|یاهومیل|اوتلوک|جیمیل|iPhone|iPad|Android|Samsung|Galaxy|Huawei|Xiaomi|Yahoo|Outlook|Gmail|Mail|دستگاه)';
const mobile = [
  /^sent (from|via|using|with) (my|the|your)\b.{0,80}$/i,
  /^sent (from|via|using|with) (iphone|ipad|yahoo|outlook|mail for|samsung|galaxy|huawei|xiaomi|proton|gmail|blue ?mail|android|aol|a mobile|spark|k-9)\b.{0,80}$/i,
  /^(get|download) outlook for .{2,80}$/i,
  new RegExp(`^(ارسال|فرستاده) ?(شده)? (از|با|توسط|از طریق) .{0,30}${device}.{0,60}$`, 'i'),
  new RegExp(
    `^(این (پیام|ایمیل) )?(از|با) .{0,30}${device}.{0,40} ?(ارسال|فرستاده) ?(شد|شده|شده است|کردم)\\.?$`,
    'i',
  ),
  /^(دریافت|دانلود) (outlook|اوتلوک) .{2,80}$/i,
  /^(outlook|اوتلوک) (را )?برای .{2,60} (دریافت|دانلود) کنید.{0,60}$/i,
];

/** What a phone adds by itself. */
export const isMobileSignature = (line: string): boolean =>
  line.length <= 160 && mobile.some((pattern) => pattern.test(line));
