import type { Language } from './compose.ts';

/**
 * What people say of the shop where all can read it. Slots in braces are filled by public.say.ts; nobody in it is real, and neither is
 * the shop, its goods, or the shop it is compared with. `مهتاب` is moonlight too: what is said of the moon is not about the shop.
 */
export interface PublicWords {
  /** Of our goods, unasked. */
  praise: string[];
  recommend: string[];
  /** What somebody lived through, at some length. */
  told: string[];
  plain: string[];
  complain: string[];
  rival: string[];
  moon: string[];
  /** Under a post of ours. */
  liked: string[];
  disliked: string[];
  ask: { question: string; answers: string[] }[];
  thanks: string[];
  /** An answer of ours came. */
  heard: string[];
  /** Everybody has the same trouble at once. */
  burst: string[];
  posts: string[];
}

const fa: PublicWords = {
  praise: [
    '{product} مهتاب واقعاً عالیه، هر روز ازش استفاده می‌کنم 😍',
    'بالاخره {product} رسید و کیفیتش فوق‌العاده است. ممنون فروشگاه مهتاب {tag}',
    'از خریدم از مهتاب خیلی راضی‌ام؛ {product} بی‌نظیره',
    'بسته‌بندی {product} مهتاب اون‌قدر خوب بود که حیفم اومد بازش کنم 👏',
    'پشتیبانی مهتاب در {city} عالی جواب داد، خیلی خوش‌برخورد و سریع',
    'سه ماهه {product} رو از مهتاب گرفتم و هنوز مثل روز اول کار می‌کنه. دمشون گرم {tag}',
    'قهوهٔ صبحم با {tag} یه چیز دیگه شده، عاشقشم ☕',
    'ارسال مهتاب به {city} فقط دو روز طول کشید، خیلی خوب و مرتب',
    '{product} مهتاب هم خوشگله هم باکیفیت؛ مامانم ذوق کرد',
  ],
  recommend: [
    '{product} مهتاب رو به همه پیشنهاد می‌کنم، ارزش خریدش واقعاً بالاست {tag}',
    'اگه دنبال {product} هستید حتماً از مهتاب بخرید، من خیلی راضی‌ام',
    'شک نکنید و {product} مهتاب رو بگیرید؛ عالیه و بی‌صدا کار می‌کنه',
    'من که به دوستانم معرفی کردم: {product} مهتاب از دستش ندید 👌',
  ],
  told: [
    'پارسال {product} رو از مهتاب خریدم. بعد از یک سال استفادهٔ هرروزه یه بار هم خراب نشده، پشتیبانی‌شون هم وقتی قطعه خواستم همون روز جواب داد و فردا فرستادند به {city}. واقعاً راضی‌ام و دوباره ازشون خرید می‌کنم.',
    'برای جهیزیهٔ خواهرم {product} رو از مهتاب سفارش دادیم. سالم و زود رسید، فاکتور رسمی داشت و وقتی یه تیکه‌اش کم بود بدون هیچ حرفی برامون فرستادند. تجربهٔ خیلی خوبی بود و به همه پیشنهاد می‌کنم.',
  ],
  plain: [
    'کسی می‌دونه مهتاب توی {city} هم فروشگاه داره؟',
    'قیمت {product} مهتاب الان چنده؟',
    'دارم بین {product} مهتاب و چند مدل دیگه مقایسه می‌کنم',
    'مهتاب امروز {tag} رو معرفی کرد',
    'فردا میرم {product} مهتاب رو از نزدیک ببینم',
    'ساعت کار پشتیبانی مهتاب تا چنده؟',
  ],
  complain: [
    '{product} مهتاب بعد از {days} روز خراب شد، افتضاحه 😡',
    'سفارشم از مهتاب {days} روزه نرسیده و هیچ‌کس جواب نمیده. واقعاً بد',
    'قیمت {product} توی مهتاب خیلی گرون شده، اصلاً نمی‌ارزه',
    'پشتیبانی مهتاب سه بار قول داد و خبری نشد، خیلی ناامید شدم',
    'رنگ {product} مهتاب با عکسش فرق داشت، ناراضی‌ام',
    'بستهٔ مهتاب شکسته رسید {city}؛ بسته‌بندی ضعیف و بی‌دقت',
  ],
  rival: [
    'این بار {product} رو از چهارسوق‌کالا خریدم، ارسالش سریع بود',
    'چهارسوق‌کالا حراج گذاشته ولی پشتیبانیش افتضاحه',
    'کسی از چهارسوق‌کالا خرید کرده؟ راضی بودید؟',
  ],
  moon: [
    'امشب نور مهتاب روی دریا دیدنی بود 🌕',
    'شب مهتاب و صدای جیرجیرک، همین برام بسه',
    'عکس مهتاب از بالای کوه، ساعت سه شب',
    'زیر نور مهتاب قدم زدیم تا خود صبح',
  ],
  liked: [
    'چقدر قشنگه! من همین الان سفارش دادم 😍',
    'من دارمش، فوق‌العاده است و پیشنهاد می‌کنم',
    'کیفیت کارهاتون عالیه، ممنون',
    'بهترین {product} که تا حالا داشتم 👌',
    'خدا قوت، مثل همیشه عالی',
  ],
  disliked: [
    'چرا جواب پیام خصوصی رو نمی‌دید؟ {days} روزه منتظرم و خیلی ناراحتم',
    'من خریدم و پشیمونم؛ {product} بعد از یک هفته خراب شد',
    'گرونه و کیفیتش بد شده متأسفانه',
  ],
  ask: [
    {
      question: 'سلام، فیلتر {product} رو چطور تمیز کنم؟',
      answers: [
        'سلام، فیلتر رو دربیارید و با آب ولرم و کمی سرکه بشورید، ده دقیقه بعد خشک کنید و بذارید سر جاش.',
        'من هر دو هفته با آب ولرم می‌شورم و می‌ذارم خودش خشک بشه؛ مواد شوینده نزنید.',
      ],
    },
    {
      question: 'کسی می‌دونه گارانتی {product} رو کجا باید ثبت کرد؟',
      answers: [
        'توی برگهٔ داخل جعبه یه کد هست؛ اون رو توی سایت، قسمت گارانتی، وارد کنید تا فعال بشه.',
        'کد پشت کارت رو پیامک کنید، همون لحظه ثبت میشه و جوابش میاد.',
      ],
    },
    {
      question: 'چراغ {product} من چشمک می‌زنه و روشن نمیشه، چیکار کنم؟ کمک می‌خوام',
      answers: [
        'پنج ثانیه دکمهٔ روشن رو نگه دارید تا بازنشانی بشه؛ مال من هم همین‌طور بود و درست شد.',
        'مخزنش رو یه بار کامل خالی کنید و دوباره پر کنید، بعد روشنش کنید.',
      ],
    },
    {
      question: 'ارسال به {city} چقدر طول می‌کشه؟',
      answers: ['برای من که {city} هستم دو روز کاری طول کشید، پیامک پیگیری هم فرستادند.'],
    },
    {
      question: '{product} برای خانوادهٔ چهار نفره کافیه؟ چه مدلی بگیرم؟',
      answers: ['ما چهار نفریم و همین مدل کاملاً کافیه؛ فقط مدل کوچک‌تر رو نگیرید.'],
    },
  ],
  thanks: [
    'وای ممنون، درست شد 🙏',
    'دستتون درد نکنه، حل شد',
    'مرسی از راهنمایی‌تون، کار کرد',
    'خیلی ممنونم، مشکلم حل شد 🌹',
  ],
  heard: ['ممنون که جواب دادید، پیام خصوصی می‌فرستم', 'مرسی از پیگیری‌تون 🙏', 'باشه، منتظر خبرتون هستم'],
  burst: [
    'درگاه پرداخت مهتاب خرابه، پول کم شد ولی سفارشم ثبت نشد 😡',
    'مهتاب دو بار از حسابم پول کم کرد! پرداختش قطعه و کسی جواب نمیده',
    'الان توی پرداخت مهتاب خطا می‌گیرم، افتضاحه',
    'پرداخت مهتاب از صبح خرابه، پولم رو هوا مونده',
    'مهتاب پولم رو برگردون! پرداخت ناموفق بود ولی از حسابم کم شد',
    'سه بار پرداخت کردم و سفارش مهتاب ثبت نشد، واقعاً فاجعه',
    'درگاه مهتاب قطع شده، بدترین تجربهٔ خرید',
    'پرداخت مهتاب خطا میده و پشتیبانی هم جواب نمیده، خیلی بد',
    'کسی دیگه هم توی پرداخت مهتاب مشکل داره؟ پول کم شده و هیچی به هیچی 😤',
    'مهتاب لطفاً پرداختتون رو درست کنید، اعصابم خرد شد',
    'با پرداخت خراب مهتاب هدیه‌ام به موقع نمی‌رسه، خیلی ناراحتم',
    'پول از حسابم رفت، سفارش مهتاب لغو شد. کلاه‌برداریه؟',
  ],
  posts: [
    'قهوه‌ساز تازهٔ مهتاب رسید: K30 با آسیاب سرخود و گرم‌کن فنجان. از امروز در همهٔ شعبه‌ها و سایت. {tag}',
    'این هفته ارسال همهٔ سفارش‌ها به سراسر کشور رایگان است.',
    'پخت‌وپز پاییزی با {product}؛ دستورهای شما را در دیدگاه‌ها می‌خوانیم.',
    'راهنمای نگهداری {product}: سه کار ساده که عمرش را دو برابر می‌کند.',
    'به انتخاب شما، محبوب‌ترین کالای این ماه: {product}.',
  ],
};

const en: PublicWords = {
  praise: [
    'The {product} from Mahtab is excellent, I use it every single day 😍',
    'My Mahtab {product} arrived in {city} within two days. Wonderful packaging! {tag}',
    'Very happy with my Mahtab {product}, great quality and so quiet',
    'Mahtab support is fantastic: quick, kind and helpful {tag}',
  ],
  recommend: [
    'I highly recommend the {product} from Mahtab, worth every penny {tag}',
    'You should definitely get the Mahtab {product}. I love mine.',
  ],
  told: [
    'I bought the {product} from Mahtab a year ago and have used it every day since. When one part broke, they sent a new one to {city} the next morning without any questions. I would buy from them again and recommend it to everyone.',
  ],
  plain: [
    'Does Mahtab have a shop in {city}?',
    'Comparing the Mahtab {product} with two others this week',
    'Mahtab showed {tag} today',
  ],
  complain: [
    'My Mahtab {product} broke after {days} days. Terrible quality.',
    'Mahtab has ignored my messages for {days} days, really disappointing service',
    'The {product} from Mahtab came damaged to {city}. Awful packaging 😡',
  ],
  rival: ['Charsogh Kala delivers faster, but their support is awful'],
  moon: ['#mahtab means moonlight, and tonight the moonlight on the sea was unreal 🌕'],
  liked: [
    'So beautiful, just ordered mine!',
    'I have it and I love it, highly recommend',
    'Great work as always',
  ],
  disliked: [
    'Still no answer to my message after {days} days. Very disappointed.',
    'Bought it, regret it. The {product} is bad quality.',
  ],
  ask: [
    {
      question: 'How do I clean the filter of the {product}?',
      answers: [
        'Take it out, rinse it with warm water and a little vinegar, then let it dry for ten minutes.',
      ],
    },
    {
      question: 'Does anyone know where to register the warranty of the {product}?',
      answers: [
        'There is a code on the card in the box: enter it on their site under warranty and it is active at once.',
      ],
    },
  ],
  thanks: ['Thank you, that worked!', 'Thanks a lot, it works now 🙏'],
  heard: ['Thanks for answering, I will send you a message', 'Thank you, waiting to hear from you'],
  burst: [
    'Mahtab payment is broken: charged twice and no order. Awful!',
    'Mahtab took my money and the payment failed. Terrible 😡',
  ],
  posts: [],
};

const words: Record<Language, PublicWords> = { fa, en };
export const publicWords = (language: Language): PublicWords => words[language];

/** The goods of the launch, and the hashtag that it was given. */
export const launch = { product: { fa: 'قهوه‌ساز K30', en: 'K30 coffee maker' }, tag: '#مهتاب_K30' };
