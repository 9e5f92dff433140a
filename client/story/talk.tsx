import { deliveryStates } from '../../shared/message.ts';
import { Avatar } from '../components/avatar.tsx';
import { Badge, Chip } from '../components/badge.tsx';
import { ChannelGlyph } from '../components/channel-glyph.tsx';
import { StickyNote, TriangleAlert } from '../components/icons.ts';
import { Ticks } from '../components/ticks.tsx';
import { PublicMark } from '../features/inbox/public-mark.tsx';
import { SentimentSign } from '../features/sentiment/sign.tsx';
import { useFmt, useLocale, useT } from '../i18n/locale.tsx';
import { MessageText, PreviewText } from '../lib/message-text.tsx';
import { Section } from './section.tsx';

const now = Date.parse('2026-11-22T11:00:00Z');
const glyphs = 'sms telegram email webchat x instagram messenger whatsapp bale phone other'.split(' ');
const people = [
  'سارا احمدی',
  'Ali Rezaei',
  'مهدی کریمی',
  'Zahra',
  'نگار موسوی',
  '09121234567',
  'محمدرضا',
  'Digikala_support',
];
const messages = [
  'Sure! کد رهگیری شما IR-998-221 است و تا فردا (دوشنبه) می‌رسد.',
  'لینک: https://acme.ir/p/12?x=1&y=2 کار نمی‌کند (error 500)\n\nHi! Do you ship to Shiraz?',
  'شماره‌ام +98 912 123 4567 و ایمیل sara.a@gmail.com است.',
  '👍👍',
];
const previews = [
  '@acme_shop سلام، کد تخفیف WINTER-20 برای سفارش من کار نمی‌کند و دو بار هم امتحان کردم',
  'Hi! Do you ship to Shiraz? I need it before Friday because my sister is leaving',
  'سفارش #A-1290 هنوز نرسیده، لطفاً پیگیری کنید.',
];

export function Talk() {
  const t = useT();
  const fmt = useFmt();
  const { direction } = useLocale();
  return (
    <>
      <Section title={t.channels.title}>
        <div className="flex flex-wrap items-center gap-3">
          {glyphs.map((glyph) => (
            <ChannelGlyph key={glyph} glyph={glyph} size={28} label={glyph} />
          ))}
          {people.map((name, at) => (
            <Avatar key={name} name={name} seed={name} glyph={glyphs[at] ?? 'sms'} />
          ))}
          <Avatar name="سارا" seed="s" size="lg" glyph="telegram" />
          <Avatar name="سارا" seed="s" size="sm" />
          <Avatar name="سارا" seed="s" size="xs" />
        </div>
        <div className="flex flex-wrap items-center gap-2">
          <Badge label={t.row.unreadCount(3)}>{fmt.capped(3)}</Badge>
          <Badge>{fmt.capped(1000)}</Badge>
          <Badge tone="quiet">{fmt.number(128)}</Badge>
          {(['neutral', 'accent', 'danger', 'warn', 'ok', 'info', 'note', 'public'] as const).map((tone) => (
            <Chip key={tone} tone={tone} icon={tone === 'warn' && <TriangleAlert size={12} aria-hidden />}>
              {t.row.status.open}
            </Chip>
          ))}
          {deliveryStates.map((state) => (
            <Ticks key={state} state={state} worded />
          ))}
          {deliveryStates.map((state) => (
            <Ticks key={state} state={state} />
          ))}
        </div>
      </Section>

      <Section title={t.inbox.timeline}>
        <div className="grid gap-5 lg:grid-cols-[20rem_1fr]">
          <ul className="divide-y divide-line self-start rounded-lg border border-line">
            {previews.map((preview, at) => (
              <li key={preview} className="flex h-(--row) items-center gap-3 px-3 first:bg-accent-soft">
                <Avatar name={people[at] ?? ''} seed={preview} glyph={glyphs[at] ?? 'sms'} />
                <div className="min-w-0 flex-1">
                  <div className="flex items-baseline gap-2">
                    <bdi className="ui-start min-w-0 flex-1 truncate font-semibold">{people[at]}</bdi>
                    <time className="text-2xs text-ink-faint">
                      {fmt.short(now - at * 30 * 3_600_000, now)}
                    </time>
                  </div>
                  <PreviewText text={preview} fallback={direction} className="text-xs text-ink-muted" />
                </div>
              </li>
            ))}
          </ul>
          <div className="flex flex-col gap-2 rounded-lg bg-canvas p-4">
            <p className="self-center rounded-full bg-sunken px-3 py-0.5 text-2xs text-ink-muted">
              {fmt.day(now, now)}
            </p>
            {messages.map((text, at) => (
              <div
                key={text}
                className={
                  at % 2
                    ? 'max-w-[75%] self-start rounded-xl rounded-ss-sm border border-bubble-in-line bg-bubble-in px-3 py-2'
                    : 'max-w-[75%] self-end rounded-xl rounded-se-sm border border-bubble-out-line bg-bubble-out px-3 py-2'
                }
              >
                <MessageText text={text} fallback={direction} />
                <p className="mt-0.5 flex items-center gap-1 text-2xs text-ink-muted">
                  <time title={fmt.both(now)}>{fmt.time(now)}</time>
                  {at % 2 === 0 && <Ticks state={at ? 'read' : 'delivered'} />}
                </p>
              </div>
            ))}
            <div className="max-w-[75%] self-end rounded-xl border border-public-line bg-public px-3 py-2">
              <MessageText text={messages[1] ?? ''} fallback={direction} />
              <p className="mt-0.5 flex items-center justify-end gap-1.5 text-2xs text-ink-faint">
                <PublicMark />
                <SentimentSign label="positive" />
                <SentimentSign label="neutral" />
                <SentimentSign label="negative" />
              </p>
            </div>
            <div className="max-w-[75%] self-end rounded-xl border border-note-line bg-note px-3 py-2">
              <p className="flex items-center gap-1 text-2xs font-semibold text-note-ink">
                <StickyNote size={13} aria-hidden />
                {t.timeline.note} · {t.timeline.noteOnly}
              </p>
              <MessageText text="مرسولهٔ این مشتری دو بار برگشت خورده است." fallback={direction} />
            </div>
          </div>
        </div>
      </Section>
    </>
  );
}
