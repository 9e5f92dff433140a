import type { Priority } from '../../../shared/conversation.ts';
import { ChevronDown, ChevronsUp, ChevronUp, Minus } from '../../components/icons.ts';
import { useT } from '../../i18n/locale.tsx';

const marks = {
  urgent: { Icon: ChevronsUp, tone: 'text-danger-ink' },
  high: { Icon: ChevronUp, tone: 'text-warn-ink' },
  normal: { Icon: Minus, tone: 'text-ink-faint' },
  low: { Icon: ChevronDown, tone: 'text-ink-faint' },
};

/** How urgent it is, by a drawing that is told apart without its colour; the ordinary is not marked. */
export function PriorityMark({ priority, always = false }: { priority: Priority; always?: boolean }) {
  const t = useT();
  if (priority === 'normal' && !always) return null;
  const { Icon, tone } = marks[priority];
  const name = t.priority.mark(t.priority.levels[priority]);
  return (
    <span role="img" aria-label={name} title={name} className={`inline-flex ${tone}`}>
      <Icon size={15} aria-hidden strokeWidth={2.5} />
    </span>
  );
}
