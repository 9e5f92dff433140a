import type { Aspect } from '../../shared/sentiment.ts';
import { finglishKey } from './finglish.ts';
import { WordList } from './lexicon.ts';
import { folded } from './tokens.ts';

/** Words that name what is spoken about, in Persian, English and Persian in Latin letters. */
const words: Readonly<Record<Aspect, string>> = {
  price:
    'قیمت* | گرون* | گران* | ارزون* | ارزان* | تخفیف* | هزینه* | مبلغ | تومن | تومان | می‌ارزه | نمی‌ارزه | به‌صرفه | price* | pricing | pricey | cheap* | expensive | overpriced | afford* | discount* | cost* | fee | fees | value for money | bargain | gheymat* | gheimat* | gerun* | geroon* | arzun* | arzoon* | takhfif* | hazine*',
  delivery:
    'ارسال* | تحویل* | پیک | پیکتون | پیکش | پست | پستچی | مرسوله* | رسید‌دستم | به‌دستم‌رسید | دیر‌رسید | زود‌رسید | نرسید* | راننده* | رهگیری | deliver* | ship | shipping | shipped | shipment | courier* | parcel* | arrived | arrive | arrives | tracking | driver | ersal* | tahvil* | peyk* | post | naresid* | dir resid | zud resid',
  quality:
    'کیفیت* | جنس | جنسش | جنسا | جنسات | جنسشون | دوخت* | پارچه* | متریال | باکیفیت | بی‌کیفیت | طعم* | مزه* | quality | fabric | material* | build | stitching | taste* | flavour* | flavor* | durab* | keyfiat* | keyfiyat* | keifiat* | jens | jensesh | tamesh',
  support:
    'پشتیبان* | پاسخگو* | جواب‌نمی* | جواب‌داد* | جواب‌نداد* | کارشناس* | اپراتور* | برخورد* | رفتار* | خدمات‌پس‌از‌فروش | گارانتی* | مسئولین | تلفن* | support | customer service | helpdesk | agent* | staff | representative* | service desk | aftercare | warranty | reply | replies | response | poshtiban* | javab nemi* | javab dad* | pasokhgu* | barkhord* | raftar* | garanti*',
  app: 'اپ | اپتون | اپلیکیشن* | برنامه* | سایت* | وبسایت* | نرم‌افزار* | آپدیت* | نسخه‌جدید | لاگین | app | apps | website* | site | update* | login | log in | interface | software | appetun | sitetun | aplikeyshen* | barname*',
  packaging:
    'بسته‌بندی* | جعبه* | کارتن* | کادو‌پیچ* | packag* | packed | packing | box | boxes | wrapp* | bastebandi* | jabe* | karton',
  payment:
    'پرداخت* | درگاه* | کارت‌به‌کارت | اقساط* | قسطی | برگشت‌وجه | پولم* | پولمو | بازپرداخت | کسر‌شد* | واریز* | payment* | pay | paid | paying | checkout | refund* | charged | billing | billed | invoice* | pardakht* | dargah* | ghest* | pulam* | pulamo | variz*',
  stock:
    'موجود | موجوده | موجودی* | ناموجود* | تموم‌شد* | تموم‌کرد* | شارژ‌میشه | in stock | out of stock | stock | restock* | sold out | available | unavailable | availability | mojud* | namojud*',
};

const all = Object.keys(words) as Aspect[];
const list = new WordList(
  all.flatMap((aspect, place) =>
    words[aspect].split('|').flatMap((word): [string, number][] => {
      const text = word.trim();
      const open = text.endsWith('*') ? '*' : '';
      const bare = text.replace(/\*$/, '');
      const joined = folded(bare).replace(/\s+/g, '');
      const sound = bare
        .split(/\s+/)
        .map((one) => finglishKey(folded(one)))
        .join('');
      return [...new Set([joined, sound])].map((key) => [`${key}${open}`, place]);
    }),
  ),
  () => [],
);

/** What is spoken about at a place of a text. */
export function aspectAt(keys: readonly string[], at: number): Aspect | null {
  const found = keys[at] ? list.find(keys, at) : null;
  return found ? (all[found.weight] ?? null) : null;
}
