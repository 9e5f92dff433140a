import type { Manifest } from '../connector.ts';

type Field = Manifest['settings'][number];

const securities: Field['options'] = [
  { value: 'tls', label: { fa: 'TLS از آغاز', en: 'TLS from the start' } },
  { value: 'starttls', label: { fa: 'STARTTLS (اجباری)', en: 'STARTTLS (required)' } },
  { value: 'none', label: { fa: 'بدون رمزگذاری', en: 'Not encrypted' } },
];
const digits: Field['pattern'] = {
  source: '^[\\d\\u0660-\\u0669\\u06F0-\\u06F9]{1,5}$',
  message: { fa: 'فقط رقم.', en: 'Digits only.' },
};
const hostName: Field['pattern'] = {
  source: '^[^\\s/@]{1,253}$',
  message: {
    fa: 'فقط نام سرور، بی‌فاصله و بی ‎https://‎.',
    en: 'The server’s name alone, without spaces or https://.',
  },
};

const receiving: Field['group'] = { fa: 'دریافت (IMAP)', en: 'Receiving (IMAP)' };
const sending: Field['group'] = { fa: 'ارسال (SMTP)', en: 'Sending (SMTP)' };
const more: Field['group'] = { fa: 'بیشتر', en: 'More' };

/** What a channel of this connector is set up with, in the order of the form. */
export const settingFields: Field[] = [
  {
    key: 'address',
    label: { fa: 'نشانی ایمیل', en: 'E-mail address' },
    help: { fa: 'نشانی‌ای که مشتریان به آن می‌نویسند.', en: 'The address that customers write to.' },
    type: 'text',
    required: true,
    placeholder: 'support@example.com',
    pattern: {
      source: '^[^\\s@]{1,64}@[^\\s@]{1,253}$',
      message: {
        fa: 'یک نشانی کامل، مثلاً support@example.com.',
        en: 'A whole address, for example support@example.com.',
      },
    },
  },
  {
    key: 'name',
    label: { fa: 'نام فرستنده', en: 'Sender’s name' },
    help: { fa: 'نامی که مشتری کنار نشانی می‌بیند.', en: 'The name that customers see beside the address.' },
    type: 'text',
    required: false,
    pattern: {
      source: '^[^\\r\\n]{1,100}$',
      message: { fa: 'حداکثر ۱۰۰ نویسه.', en: 'At most 100 characters.' },
    },
  },
  {
    key: 'password',
    label: { fa: 'گذرواژه', en: 'Password' },
    help: {
      fa: 'اگر ورود دومرحله‌ای روشن است، گذرواژهٔ برنامه (app password) بسازید و آن را اینجا بگذارید.',
      en: 'With two-step sign-in, make an app password at your provider and enter that.',
    },
    type: 'secret',
    required: true,
  },
  {
    key: 'imapHost',
    group: receiving,
    label: { fa: 'سرور دریافت (IMAP)', en: 'Incoming server (IMAP)' },
    type: 'text',
    required: true,
    placeholder: 'imap.example.com',
    pattern: hostName,
  },
  {
    key: 'imapPort',
    group: receiving,
    label: { fa: 'درگاه IMAP', en: 'IMAP port' },
    help: { fa: 'خالی یعنی ۹۹۳، و با STARTTLS ‏۱۴۳.', en: 'Empty means 993, with STARTTLS 143.' },
    type: 'number',
    required: false,
    pattern: digits,
  },
  {
    key: 'imapSecurity',
    default: 'tls',
    group: receiving,
    label: { fa: 'رمزگذاری IMAP', en: 'IMAP encryption' },
    type: 'select',
    required: false,
    options: securities,
  },
  {
    key: 'user',
    group: receiving,
    label: { fa: 'نام کاربری', en: 'User name' },
    help: { fa: 'خالی یعنی همان نشانی ایمیل.', en: 'Empty means the e-mail address.' },
    type: 'text',
    required: false,
  },
  {
    key: 'smtpHost',
    group: sending,
    label: { fa: 'سرور ارسال (SMTP)', en: 'Outgoing server (SMTP)' },
    type: 'text',
    required: true,
    placeholder: 'smtp.example.com',
    pattern: hostName,
  },
  {
    key: 'smtpPort',
    group: sending,
    label: { fa: 'درگاه SMTP', en: 'SMTP port' },
    help: { fa: 'خالی یعنی ۴۶۵، و با STARTTLS ‏۵۸۷.', en: 'Empty means 465, with STARTTLS 587.' },
    type: 'number',
    required: false,
    pattern: digits,
  },
  {
    key: 'smtpSecurity',
    default: 'tls',
    group: sending,
    label: { fa: 'رمزگذاری SMTP', en: 'SMTP encryption' },
    type: 'select',
    required: false,
    options: securities,
  },
  {
    key: 'smtpUser',
    group: sending,
    label: { fa: 'نام کاربری SMTP', en: 'SMTP user name' },
    help: { fa: 'خالی یعنی مانند دریافت.', en: 'Empty means as for receiving.' },
    type: 'text',
    required: false,
  },
  {
    key: 'smtpPassword',
    group: sending,
    label: { fa: 'گذرواژهٔ SMTP', en: 'SMTP password' },
    help: { fa: 'خالی یعنی مانند دریافت.', en: 'Empty means as for receiving.' },
    type: 'secret',
    required: false,
  },
  {
    key: 'folder',
    group: more,
    label: { fa: 'پوشهٔ دریافت', en: 'Folder to read' },
    help: { fa: 'خالی یعنی INBOX.', en: 'Empty means INBOX.' },
    type: 'text',
    required: false,
    placeholder: 'INBOX',
  },
  {
    key: 'readLastDays',
    group: more,
    label: { fa: 'خواندن روزهای گذشته', en: 'Also read the last days' },
    help: {
      fa: 'نامه‌های چند روز گذشته به‌عنوان سابقهٔ بسته‌شده آورده شود؛ خالی یعنی از اکنون به بعد.',
      en: 'How many past days to bring in as closed history; empty means from now on.',
    },
    type: 'number',
    required: false,
    pattern: digits,
  },
  {
    key: 'copyToSent',
    default: true,
    group: more,
    label: { fa: 'رونوشت در پوشهٔ فرستاده‌ها', en: 'Keep a copy in Sent' },
    help: {
      fa: 'هر پاسخ در پوشهٔ فرستاده‌های صندوق هم گذاشته شود.',
      en: 'Puts each reply into the mailbox’s folder of sent mail as well.',
    },
    type: 'boolean',
    required: false,
  },
  {
    key: 'sentFolder',
    group: more,
    label: { fa: 'پوشهٔ فرستاده‌ها', en: 'Folder of sent mail' },
    help: { fa: 'خالی یعنی سرور خودش بگوید.', en: 'Empty means the one the server names.' },
    type: 'text',
    required: false,
    placeholder: 'Sent',
  },
  {
    key: 'readSent',
    group: more,
    label: { fa: 'آوردن نامه‌های فرستاده‌شده با برنامه‌های دیگر', en: 'Bring in what other programs send' },
    help: {
      fa: 'آنچه از همین صندوق با برنامهٔ دیگری فرستاده شود هم در گفتگوی گیرنده دیده می‌شود.',
      en: 'What is sent from this mailbox with another program shows in its receiver’s conversation too.',
    },
    type: 'boolean',
    required: false,
  },
  {
    key: 'maxMegabytes',
    group: more,
    label: { fa: 'بیشترین اندازهٔ پیوست‌ها (مگابایت)', en: 'Most attachments of a mail (MB)' },
    help: { fa: 'خالی یعنی ۲۵.', en: 'Empty means 25.' },
    type: 'number',
    required: false,
    pattern: digits,
  },
  {
    key: 'authserv',
    group: more,
    label: { fa: 'نام سرور بررسی فرستنده', en: 'Name of the checking server' },
    help: {
      fa: 'نامی که سرور شما در آغاز سرآیند Authentication-Results می‌نویسد؛ بدون آن، فرستنده با DKIM و DMARC همین‌جا سنجیده می‌شود.',
      en: 'What your server writes first in Authentication-Results; without it senders are checked here, by DKIM and DMARC.',
    },
    type: 'text',
    required: false,
    placeholder: 'mx.example.com',
  },
  {
    key: 'privateHosts',
    group: more,
    label: { fa: 'سرورهای شبکهٔ داخلی', en: 'Servers on a private network' },
    help: {
      fa: 'اگر سرور ایمیل در شبکهٔ داخلی است، نام یا نشانی آن را اینجا هم بنویسید؛ بدون آن، نشانی‌های داخلی رد می‌شوند.',
      en: 'If the mail server is on a private network, name it here too; otherwise private addresses are refused.',
    },
    type: 'text',
    required: false,
  },
];

const appPassword = {
  fa: 'گذرواژهٔ معمولی پذیرفته نمی‌شود: ورود دومرحله‌ای را روشن کنید و یک گذرواژهٔ برنامه (app password) بسازید.',
  en: 'The ordinary password is refused: turn on two-step sign-in and make an app password.',
};
const implicit = { imapPort: 993, imapSecurity: 'tls', smtpPort: 465, smtpSecurity: 'tls' };

/** Servers of the large providers, as their help pages name them. Those that take no password over IMAP are not among them. */
export const presets: NonNullable<Manifest['presets']> = [
  {
    id: 'gmail',
    name: { fa: 'جیمیل', en: 'Gmail' },
    help: appPassword,
    values: { ...implicit, imapHost: 'imap.gmail.com', smtpHost: 'smtp.gmail.com' },
  },
  {
    id: 'yahoo',
    name: { fa: 'یاهو', en: 'Yahoo' },
    help: appPassword,
    values: { ...implicit, imapHost: 'imap.mail.yahoo.com', smtpHost: 'smtp.mail.yahoo.com' },
  },
  {
    id: 'icloud',
    name: { fa: 'آی‌کلود', en: 'iCloud' },
    help: appPassword,
    values: {
      ...implicit,
      imapHost: 'imap.mail.me.com',
      smtpHost: 'smtp.mail.me.com',
      smtpPort: 587,
      smtpSecurity: 'starttls',
    },
  },
  {
    id: 'fastmail',
    name: { fa: 'فست‌میل', en: 'Fastmail' },
    help: appPassword,
    values: { ...implicit, imapHost: 'imap.fastmail.com', smtpHost: 'smtp.fastmail.com' },
  },
];
