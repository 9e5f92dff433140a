export type Tongue = 'fa' | 'en';

interface Texts {
  title: string;
  shop: string;
  language: string;
  heading: string;
  lead: string;
  ask: string;
  goods: { name: string; price: string; look: string }[];
  signIn: string;
  signInText: string;
  nobody: string;
  users: { userId: string; name: string; email: string }[];
  aloud: string;
  aloudText: string;
  where: string;
  ways: Record<PublicWay, string>;
  name: string;
  words: string;
  say: string;
  wasSaid: string;
  footer: string;
}

/** Where whoever tries the demonstration may say something before all: under the shop's post, or on X to nobody in particular. */
export const publicWays = ['instagram', 'messenger', 'x', 'mention'] as const;
export type PublicWay = (typeof publicWays)[number];

/** What the shop says; a shop that does not exist. */
export const texts: Record<Tongue, Texts> = {
  fa: {
    title: 'فروشگاه مهتاب',
    shop: 'فروشگاه مهتاب',
    language: 'زبان',
    heading: 'پاییز، با رنگ‌های گرم',
    lead: 'این صفحه بیرون از یکجا است: شما اینجا مشتری هستید. گفتگوی گوشهٔ صفحه را باز کنید و بنویسید؛ پیام شما در صندوق پیام‌های یکجا دیده می‌شود.',
    ask: 'پرسش دربارهٔ سفارش',
    goods: [
      { name: 'مانتوی سرمه‌ای', price: '۱٬۴۸۰٬۰۰۰ تومان', look: 'navy' },
      { name: 'شال پشمی', price: '۴۲۰٬۰۰۰ تومان', look: 'rust' },
      { name: 'کیف چرمی', price: '۲٬۳۵۰٬۰۰۰ تومان', look: 'sand' },
      { name: 'کفش پیاده‌روی', price: '۱٬۹۶۰٬۰۰۰ تومان', look: 'moss' },
    ],
    signIn: 'ورود آزمایشی',
    signInText:
      'کاربری که وارد شده است با امضای سرور فروشگاه شناخته می‌شود؛ با خروج، گفتگوی او از این مرورگر پاک می‌شود.',
    nobody: 'بدون ورود',
    users: [
      { userId: 'c-1042', name: 'پریسا نیک‌بخت', email: 'parisa@customers.example' },
      { userId: 'c-1077', name: 'آرمان سپهری', email: 'arman@customers.example' },
    ],
    aloud: 'در جمع بگویید',
    aloudText:
      'زیر پست تازهٔ فروشگاه دیدگاه بگذارید، یا بی‌آنکه به فروشگاه بگویید از آن بنویسید: اولی گفتگویی در صندوق می‌شود، دومی در رصد شبکه‌های اجتماعی پیدا می‌شود.',
    where: 'کجا؟',
    ways: {
      instagram: 'زیر پست فروشگاه در اینستاگرام',
      messenger: 'زیر پست فروشگاه در فیس‌بوک',
      x: 'زیر پست فروشگاه در ایکس',
      mention: 'در ایکس، به هیچ‌کس (نام «مهتاب» را بیاورید)',
    },
    name: 'نام شما',
    words: 'نوشتهٔ شما',
    say: 'بگو',
    wasSaid: 'گفته شد. تا چند ثانیهٔ دیگر در یکجا دیده می‌شود.',
    footer: 'فروشگاهی برای نمایش؛ چیزی فروخته نمی‌شود.',
  },
  en: {
    title: 'Mahtab Shop',
    shop: 'Mahtab Shop',
    language: 'Language',
    heading: 'Autumn in warm colours',
    lead: 'This page is not part of Yekja: here you are the customer. Open the chat in the corner and write; your message appears in the inbox of Yekja.',
    ask: 'Ask about an order',
    goods: [
      { name: 'Navy coat', price: '1,480,000 toman', look: 'navy' },
      { name: 'Wool scarf', price: '420,000 toman', look: 'rust' },
      { name: 'Leather bag', price: '2,350,000 toman', look: 'sand' },
      { name: 'Walking shoes', price: '1,960,000 toman', look: 'moss' },
    ],
    signIn: 'Sign in, for trying',
    signInText:
      'Somebody signed in is recognised by the signature of the shop’s server; signing out removes their chat from this browser.',
    nobody: 'Nobody',
    users: [
      { userId: 'c-1042', name: 'Parisa Nikbakht', email: 'parisa@customers.example' },
      { userId: 'c-1077', name: 'Arman Sepehri', email: 'arman@customers.example' },
    ],
    aloud: 'Say it before all',
    aloudText:
      'Write under the shop’s new post, or of the shop and not to it: the first becomes a conversation in the inbox, the second is found by listening.',
    where: 'Where?',
    ways: {
      instagram: 'Under the shop’s post on Instagram',
      messenger: 'Under the shop’s post on Facebook',
      x: 'Under the shop’s post on X',
      mention: 'On X, to nobody (name “Mahtab”)',
    },
    name: 'Your name',
    words: 'Your words',
    say: 'Say it',
    wasSaid: 'Said. Yekja shows it within seconds.',
    footer: 'A shop for showing; nothing is sold.',
  },
};

/** The page's own script: who is signed in, and a button that opens the chat. */
export const script = `
const user = JSON.parse(document.currentScript.dataset.user);
window.yekja = { user, queue: [] };
document.addEventListener('DOMContentLoaded', () => {
  document.getElementById('ask').addEventListener('click', () => window.yekja.queue.push(['open']));
});
`;

export const style = `
*{box-sizing:border-box}
body{margin:0;font:16px/1.8 system-ui,sans-serif;color:#2a211c;background:#fbf7f2}
header,footer{display:flex;justify-content:space-between;align-items:center;gap:16px;padding:14px clamp(16px,5vw,64px);background:#fff;border-bottom:1px solid #eadfd3}
footer{background:none;border:0;color:#6d5f55;font-size:14px}
header strong{font-size:20px}
nav a{margin-inline-start:14px;color:inherit}
main{padding:24px clamp(16px,5vw,64px)}
h1{margin:0;font-size:clamp(26px,4vw,40px);line-height:1.4}
main>p{max-width:60ch}
button{font:inherit;padding:8px 18px;border:0;border-radius:8px;background:#7a3b1d;color:#fff;cursor:pointer}
ul{display:grid;grid-template-columns:repeat(auto-fill,minmax(170px,1fr));gap:18px;margin:24px 0;padding:0;list-style:none}
li{background:#fff;border:1px solid #eadfd3;border-radius:12px;overflow:hidden;padding-bottom:12px}
li h2{margin:10px 14px 0;font-size:16px}li p{margin:0 14px;color:#6d5f55}
.picture{display:block;height:150px}
.navy{background:linear-gradient(150deg,#22304f,#405a8c)}.rust{background:linear-gradient(150deg,#8c3a1c,#c8744a)}
.sand{background:linear-gradient(150deg,#b28a5c,#dcc3a0)}.moss{background:linear-gradient(150deg,#44553a,#7f936b)}
section h2{font-size:18px;margin:0}section{max-width:60ch}
form{display:grid;gap:10px;margin-top:12px}label{display:grid;gap:2px;font-size:14px;color:#6d5f55}
input,select,textarea{font:inherit;color:#2a211c;padding:7px 10px;border:1px solid #cbb9a8;border-radius:8px;background:#fff}
form button{justify-self:start}[role=status]{padding:8px 14px;border-radius:8px;background:#e7efe0}
section+section{margin-top:28px}
.users a{display:inline-block;margin-inline-end:10px;padding:4px 12px;border:1px solid #cbb9a8;border-radius:16px;color:inherit;text-decoration:none}
.users a[aria-current]{background:#2a211c;color:#fff}
`;
