import type { Reward, RewardKind, RewardState } from '../../../shared/reward.ts';
import { Chip, type Tone } from '../../components/badge.tsx';
import { Award, type LucideIcon, MessageSquare, Ticket, TriangleAlert } from '../../components/icons.ts';
import { useAdvocateWords } from '../../i18n/advocate-words.ts';
import { useFmt, useLocale } from '../../i18n/locale.tsx';
import { money } from '../../lib/money.ts';

export const rewardIcons: Record<RewardKind, LucideIcon> = {
  points: Award,
  coupon: Ticket,
  message: MessageSquare,
};
const tones: Record<RewardState, Tone> = {
  waiting: 'warn',
  given: 'ok',
  refused: 'danger',
  undone: 'neutral',
};

/** What was given: so many points, a code of a list, words. */
export function What({ reward }: { reward: Reward }) {
  const w = useAdvocateWords();
  const fmt = useFmt();
  const { language } = useLocale();
  const { kind, points, coupon, cost, undoes } = reward;
  const Icon = rewardIcons[kind];
  return (
    <span className="flex min-w-0 items-start gap-1.5">
      <Icon size={14} aria-hidden className="mt-0.5 shrink-0 text-ink-muted" />
      <span className="min-w-0">
        <span className="font-medium">
          {kind === 'points' ? w.person.points(fmt.number(points)) : w.reward.kind[kind]}
        </span>
        {coupon && (
          <span className="block text-2xs text-ink-muted">
            <code dir="ltr" className="font-mono">
              {coupon.code}
            </code>{' '}
            · <bdi>{coupon.listName}</bdi>
          </span>
        )}
        {cost && <span className="block text-2xs text-ink-muted">{money(language, cost)}</span>}
        {undoes && <span className="block text-2xs text-ink-muted">{w.reward.undoes}</span>}
      </span>
    </span>
  );
}

export function StateChip({ reward }: { reward: Reward }) {
  const w = useAdvocateWords();
  return (
    <span className="inline-flex max-w-full flex-wrap items-center gap-1">
      <Chip tone={tones[reward.state]}>{w.reward.state[reward.state]}</Chip>
      {reward.notSent && (
        <>
          <Chip tone="warn" icon={<TriangleAlert size={11} aria-hidden />}>
            {w.reward.notSent}
          </Chip>
          <span className="w-full text-2xs text-pretty text-warn-ink">
            {w.reward.notSentWhy[reward.notSent]}
          </span>
        </>
      )}
    </span>
  );
}
