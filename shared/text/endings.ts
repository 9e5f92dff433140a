import { foldedWords } from './affixes.ts';

/** What people join to a name: whose it is, «را», «است». A bare ی is not among them: it makes گوشی of گوش. */
const endings = 'مون|تون|شون|مان|تان|شان|ام|ات|اش|م|ت|ش|و|ه';
const afterAny = new RegExp(`^(?:${endings})$`);
/** The plural, and what is joined to that. */
const afterPlural = new RegExp(`^ها(?:ی|یی|یم|یت|یش|یمان|یتان|یشان|${endings})?$`);
const shortestWithPlural = 3;
/** A shorter word with an ending is another word more often than not: کار and کارت. */
const shortestWithEnding = 4;

/** Words of their own that look like a shorter one with an ending. */
const ownWords = foldedWords(`
  آرامش آموزش آمیزش پذیرش پردازش پرورش پژوهش خواهش شمارش گسترش نگارش نگرش نوازش
  امامت امانت بشارت تجارت جمعیت خصوصیت سلامت شخصیت ضمانت عمارت عمومیت قیامت کتابت کیفیت مهارت واقعیت وضعیت
  ارتباطات اطلاعات اعتبارات امکانات انتخابات انتشارات تحصیلات تشکیلات تعطیلات تنظیمات
  پالتو ترازو چهارم ساختمان
  آوازه اندازه بهاره پارچه پیشینه جامعه جایزه حمیده خاطره خلاصه دایره دیواره رسانه زمینه سابقه ستاره سعیده شایعه شماره شناسه شیرازه
  طاهره فریده فهیمه کمینه کناره گزاره گزینه لطیفه مجموعه محاسبه مدرسه مراجعه مشاوره مصاحبه مقدمه منیره نفیسه وحیده هزاره`);

/** مردانه, سامانه, پایانه: what ends so is hardly ever somebody's «است». */
const makesAnother = /انه$/;

/**
 * Is it this Persian word in its plural, or with what people join to it: پاوربانکم, پاوربانکتون, پاوربانکو, گوشیهاش? Both are folded. Pure.
 */
export function isEnded(written: string, word: string): boolean {
  if (written.length <= word.length || word.length < shortestWithPlural || !written.startsWith(word))
    return false;
  const ending = written.slice(word.length);
  if (afterPlural.test(ending)) return /\p{Script=Arabic}$/u.test(word);
  return (
    word.length >= shortestWithEnding &&
    afterAny.test(ending) &&
    /^\p{Script=Arabic}+$/u.test(word) &&
    !makesAnother.test(written) &&
    !ownWords.has(written)
  );
}
