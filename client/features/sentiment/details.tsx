import type { RefObject } from 'react';
import { Dialog as AriaDialog } from 'react-aria-components/Dialog';
import { type Sentiment, type SentimentLabel, sentimentLabels } from '../../../shared/sentiment.ts';
import { Chip } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { cx } from '../../components/cx.ts';
import { Undo2 } from '../../components/icons.ts';
import { Kbd } from '../../components/kbd.tsx';
import { FloatingSurface } from '../../components/surface.tsx';
import { useFmt, useT } from '../../i18n/locale.tsx';
import { useSocialWords } from '../../i18n/social-words.ts';
import { plainName } from '../../lib/bidi.ts';
import { useHotkey, useHotkeyKeys, useHotkeyScope } from '../../lib/hotkeys.react.tsx';
import { useMe } from '../../state/hooks.tsx';
import { useUsers } from '../directory.ts';
import { sentimentIcons, sentimentInk } from './sign.tsx';

export interface DetailsProps {
  triggerRef: RefObject<HTMLElement | null>;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  text: string;
  sentiment: Sentiment;
  onSay: ((label: SentimentLabel | null) => void) | null;
}

export const commandOf = {
  positive: 'message.positive',
  neutral: 'message.neutral',
  negative: 'message.negative',
} as const;

/** Why a message has the face it has, and what is right instead. The words that counted are marked in the message itself. */
export default function Details(props: DetailsProps) {
  const { triggerRef, isOpen, onOpenChange, text, sentiment, onSay } = props;
  const w = useSocialWords().sentiment;
  return (
    <FloatingSurface
      trigger="DialogTrigger"
      triggerRef={triggerRef}
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      placement="bottom start"
      className="w-84 max-w-[calc(100vw-1rem)]"
      // biome-ignore lint/a11y/useValidAriaValues: empty takes back the name that React Aria gives to this plain box; the dialog in it has its own
      aria-labelledby=""
    >
      <AriaDialog aria-label={w.label} className="p-3 outline-none">
        <Inside text={text} sentiment={sentiment} onSay={onSay} onDone={() => onOpenChange(false)} />
      </AriaDialog>
    </FloatingSurface>
  );
}

const tones = { positive: 'ok', neutral: 'neutral', negative: 'danger' } as const;

function Inside({
  text,
  sentiment,
  onSay,
  onDone,
}: Pick<DetailsProps, 'text' | 'sentiment' | 'onSay'> & { onDone: () => void }) {
  const t = useT();
  const w = useSocialWords().sentiment;
  const fmt = useFmt();
  const me = useMe();
  const users = useUsers();
  useHotkeyScope('sentiment');
  const { label, score, confidence, about, words, by, byUserId, language } = sentiment;
  const who = byUserId === me.id ? t.common.you : (users.get(byUserId ?? '')?.name ?? t.common.unknown);
  const say = (next: SentimentLabel | null) => {
    onDone();
    onSay?.(next);
  };
  const Icon = sentimentIcons[label];
  return (
    <div className="flex flex-col gap-3 text-sm">
      <div className="flex items-center gap-2">
        <Icon size={20} aria-hidden className={sentimentInk[label]} />
        <strong className={cx('flex-1 font-semibold', sentimentInk[label])}>{w.labels[label]}</strong>
        <span className="text-2xs text-ink-faint">
          {by === 'agent' ? w.byAgent(plainName(who)) : w.byModel}
        </span>
      </div>
      {by === 'model' && (
        <dl className="grid grid-cols-[auto_1fr_auto] items-center gap-x-3 gap-y-1.5 text-xs">
          <dt className="text-ink-muted" title={w.scoreHelp}>
            {w.score}
          </dt>
          <dd aria-hidden className="contents">
            <Scale score={score} />
          </dd>
          <dd className="ltr text-end font-medium">{fmt.number(Math.round(score * 100) / 100)}</dd>
          <dt className="text-ink-muted">{w.confidence}</dt>
          <dd aria-hidden className="h-1.5 overflow-hidden rounded-full bg-sunken">
            <span
              className="block h-full rounded-full bg-ink-faint"
              style={{ width: `${Math.round(confidence * 100)}%` }}
            />
          </dd>
          <dd className="text-end font-medium">{fmt.percent(confidence)}</dd>
          <dt className="text-ink-muted">{w.languageOf}</dt>
          <dd className="col-span-2">{w.language[language]}</dd>
        </dl>
      )}
      {about.length > 0 && (
        <div className="text-xs">
          <h4 className="mb-1 text-ink-muted">{w.about}</h4>
          <p className="flex flex-wrap gap-1">
            {about.map((each) => (
              <Chip key={`${each.product} ${each.aspect}`} tone={tones[each.label]}>
                {w.aboutOne(
                  [each.product, each.aspect && w.aspects[each.aspect]].filter(Boolean).join(' · '),
                  w.labels[each.label],
                )}
              </Chip>
            ))}
          </p>
        </div>
      )}
      {by === 'model' && (
        <div className="text-xs">
          <h4 className="mb-1 text-ink-muted">{w.words}</h4>
          {words.length === 0 ? (
            <p className="text-ink-faint">{w.noWords}</p>
          ) : (
            <p className="flex flex-wrap gap-1">
              {words.map(({ at, weight }) => (
                <Chip key={at.join()} tone={weight > 0 ? 'ok' : 'danger'}>
                  <bdi>{text.slice(at[0], at[1])}</bdi>
                </Chip>
              ))}
            </p>
          )}
        </div>
      )}
      {onSay && (
        <div className="border-t border-line pt-2.5">
          <h4 className="mb-1.5 text-xs text-ink-muted">{w.correct}</h4>
          <div className="grid grid-cols-3 gap-1">
            {sentimentLabels.map((each) => (
              <Choice
                key={each}
                label={each}
                chosen={label === each && by === 'agent'}
                onChoose={() => say(each)}
              />
            ))}
          </div>
          {by === 'agent' && (
            <Button
              size="sm"
              variant="quiet"
              className="mt-1.5 -ms-2"
              icon={<Undo2 size={13} aria-hidden className="mirror" />}
              onPress={() => say(null)}
            >
              {w.giveBack}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}

function Choice({
  label,
  chosen,
  onChoose,
}: {
  label: SentimentLabel;
  chosen: boolean;
  onChoose: () => void;
}) {
  const w = useSocialWords().sentiment;
  const keys = useHotkeyKeys(commandOf[label]);
  useHotkey(commandOf[label], onChoose, { scope: 'sentiment' });
  const Icon = sentimentIcons[label];
  return (
    <Button
      size="sm"
      aria-pressed={chosen}
      className={cx(chosen && 'border-accent')}
      icon={<Icon size={14} aria-hidden className={sentimentInk[label]} />}
      onPress={onChoose}
    >
      {w.labels[label]}
      {keys && (
        <span aria-hidden className="pointer-coarse:hidden">
          <Kbd keys={keys} />
        </span>
      )}
    </Button>
  );
}

/** From negative to positive along the reading line, with a mark where it is. */
function Scale({ score }: { score: number }) {
  return (
    <span className="relative h-1.5 rounded-full bg-sunken">
      <span
        className={cx('absolute inset-y-0 rounded-full', score < 0 ? 'bg-danger' : 'bg-ok-ink')}
        style={
          score < 0
            ? { insetInlineEnd: '50%', width: `${-score * 50}%` }
            : { insetInlineStart: '50%', width: `${score * 50}%` }
        }
      />
      <span className="absolute inset-y-[-2px] start-1/2 w-px bg-line-strong" />
    </span>
  );
}
