import { Button } from '../../components/button.tsx';
import { ArrowDown, ArrowUp } from '../../components/icons.ts';
import { useT } from '../../i18n/locale.tsx';

export interface PillsProps {
  /** Asks again for what is older; null when that did not fail. */
  older: (() => void) | null;
  /** Messages that came late into what was read already. */
  late: number;
  onLate: () => void;
  /** To the newest message; null for who is there. */
  latest: (() => void) | null;
  below: number;
  typing: boolean;
}

/** What floats over the stream: ways to what is not on screen. */
export function Pills({ older, late, onLate, latest, below, typing }: PillsProps) {
  const t = useT();
  return (
    <>
      {older && (
        <div className="absolute inset-x-0 top-2 flex justify-center">
          <Button size="sm" onPress={older}>
            {t.timeline.loadOlderFailed} · {t.common.retry}
          </Button>
        </div>
      )}
      <div className="pointer-events-none absolute inset-x-0 bottom-3 flex flex-col items-center gap-2">
        {late > 0 && (
          <Button
            size="sm"
            icon={<ArrowUp size={14} aria-hidden />}
            className="pointer-events-auto rounded-full bg-warn-soft text-warn-ink"
            aria-label={t.timeline.jumpToLate}
            onPress={onLate}
          >
            {t.timeline.late(late)}
          </Button>
        )}
        {latest && (
          <Button
            size="sm"
            icon={<ArrowDown size={14} aria-hidden />}
            className="pointer-events-auto rounded-full shadow-float"
            onPress={latest}
          >
            {below > 0 ? t.timeline.newBelow(below) : t.timeline.jumpToLatest}
          </Button>
        )}
        {typing && (
          <span role="status" className="self-start ps-5 text-2xs text-ink-faint">
            {t.presence.customerTyping}
          </span>
        )}
      </div>
    </>
  );
}
