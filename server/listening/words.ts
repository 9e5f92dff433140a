import { signOf } from '../../shared/text/fold.ts';
import { tokenise } from '../../shared/text/tokens.ts';

const most = 40;
const longest = 30;
const links = /(?:https?:\/\/|www\.)\S+|[@#＃][\p{L}\p{N}\p{M}_.\u200C]+/giu;

/** Words that stand in every text and tell nothing of it, folded. */
const common = new Set(
  `از به با در بر تا که و یا اما ولی اگر چون پس هم نیز را رو برای براي این آن اون همین همان چه چی چرا کجا کی کدام هر هیچ همه چند خیلی بسیار
  فقط دیگه دیگر باز هنوز الان حالا اینجا آنجا اونجا اینکه آنکه اینو اونو من تو او ما شما آنها اونا ایشان خود خودم خودت خودش مال یک یه دو
  است هست هستم هستید هستند نیست نیستم بود بودم بودن باشد باشه باشم شد شدم شده شود میشه شدن نشد نشده کرد کردم کرده کردن کند کنم کنید کنه
  نکرد داد دادم داده دادن دارد دارم داره داریم دارید ندارد ندارم نداره داشت داشتم رفت گفت گفتم گفته بگم خواهد خواهم باید نباید شاید میخوام
  می نمی ها های هایی ای ام ات اش اند ایم اید تر ترین بی نه بله آره سلام مرسی ممنون لطفا لطف آقا خانم توی روی پیش بعد قبل وقتی مثل یعنی
  آیا البته حتی بدون بین طی ضمن جز مگر بلکه زیرا گر ز کس کسی چیز چیزی کار کنن بشه میکنم میکنه میکنید میشود
  the a an and or but if then of to in on at by for with from as is are was were be been being am it its this that these those i you he she we
  they me my your his her our their them us not no yes do does did done have has had will would can could should may might must just very so
  too also than there here what which who whom when where why how all any some more most much many one about into out up down over again only
  own same such s t re ve ll d m don im get got really please hi hello thanks`
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => [...word].map((char) => signOf(char.codePointAt(0) ?? 0).text).join('')),
);

/** What a text is about, in words that stand for it: folded, each once, in their order; no names of people, links, hashtags or numbers. */
export function tellingWords(text: string): string[] {
  const found = new Set<string>();
  for (const word of tokenise(text.replace(links, ' ')).words) {
    if (word.digits || word.text.length < 2 || common.has(word.text)) continue;
    found.add(word.text.slice(0, longest));
    if (found.size === most) break;
  }
  return [...found];
}
