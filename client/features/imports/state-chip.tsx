import type { ImportState } from '../../../shared/import.ts';
import { Chip, type Tone } from '../../components/badge.tsx';
import {
  CircleAlert,
  CircleCheck,
  CircleDashed,
  LoaderCircle,
  type LucideIcon,
  Pause,
  Undo2,
} from '../../components/icons.ts';
import { useCustomerWords } from '../../i18n/customer-words.ts';

const looks: Record<ImportState, { tone: Tone; icon: LucideIcon; turns?: boolean }> = {
  uploaded: { tone: 'warn', icon: CircleDashed },
  checking: { tone: 'info', icon: LoaderCircle, turns: true },
  checked: { tone: 'warn', icon: CircleDashed },
  running: { tone: 'info', icon: LoaderCircle, turns: true },
  paused: { tone: 'warn', icon: Pause },
  done: { tone: 'ok', icon: CircleCheck },
  undoing: { tone: 'info', icon: LoaderCircle, turns: true },
  undone: { tone: 'neutral', icon: Undo2 },
  failed: { tone: 'danger', icon: CircleAlert },
};

export function StateChip({ state }: { state: ImportState }) {
  const w = useCustomerWords().imports;
  const { tone, icon: Icon, turns } = looks[state];
  return (
    <Chip
      tone={tone}
      className="shrink-0"
      icon={<Icon size={12} aria-hidden className={turns ? 'turning' : 'shrink-0'} />}
    >
      {w.state[state]}
    </Chip>
  );
}
