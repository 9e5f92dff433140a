import type { Conversation } from '../../../shared/conversation.ts';
import { cx } from '../../components/cx.ts';
import { ErrorState } from '../../components/error-state.tsx';
import { Delayed, Skeleton } from '../../components/skeleton.tsx';
import { useT } from '../../i18n/locale.tsx';
import { useLoading, useTimeline, useWorkspace } from '../../state/hooks.tsx';
import type { Place } from '../../state/sync.stream.ts';
import { errorIdOf, errorText } from '../error-text.ts';
import { Stream } from './timeline.stream.tsx';

export interface TimelineProps {
  header: Conversation;
  /** A place to show, from a jump in the customer's history. */
  target: Place | null;
  onTargetShown: () => void;
}

/** One customer's whole stream, anchored to its end. */
export function CustomerTimeline({ header, target, onTargetShown }: TimelineProps) {
  const t = useT();
  const { sync } = useWorkspace();
  const timeline = useTimeline(header.customerId);
  const loading = useLoading('timeline');
  if (!timeline && loading.state === 'failed')
    return (
      <ErrorState
        title={t.timeline.loadFailed}
        text={errorText(t, loading.error)}
        errorId={errorIdOf(loading.error)}
        onRetry={() => void sync.open(header.id)}
      />
    );
  if (!timeline)
    return (
      <Delayed>
        <TimelineSkeleton />
      </Delayed>
    );
  return <Stream key={header.customerId} header={header} target={target} onTargetShown={onTargetShown} />;
}

function TimelineSkeleton() {
  const t = useT();
  const widths = ['w-1/2', 'w-2/5', 'w-3/5', 'w-1/3', 'w-1/2'];
  return (
    <div role="status" className="flex h-full flex-col justify-end gap-4 overflow-hidden p-5">
      <span className="sr-only">{t.common.loading}</span>
      {widths.map((width, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the shapes never change places
        <Skeleton key={at} className={cx('h-14 rounded-xl', width, at % 2 === 1 && 'self-end')} />
      ))}
    </div>
  );
}
