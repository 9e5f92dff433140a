import { Suspense, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { type Advocate, type AdvocateDetail, advocateStages } from '../../../shared/advocate.ts';
import { AppError } from '../../../shared/errors.ts';
import { Avatar } from '../../components/avatar.tsx';
import { Chip } from '../../components/badge.tsx';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import { ChannelGlyph } from '../../components/channel-glyph.tsx';
import { Drawer } from '../../components/dialog.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Gift, Lock, MessageSquare, User } from '../../components/icons.ts';
import { Select } from '../../components/select.tsx';
import { Delayed, Skeleton } from '../../components/skeleton.tsx';
import { Tabs } from '../../components/tabs.tsx';
import { showToast } from '../../components/toast.tsx';
import { Tooltip } from '../../components/tooltip.tsx';
import { useAdvocateWords } from '../../i18n/advocate-words.ts';
import { useFmt, useT } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import { useHotkey } from '../../lib/hotkeys.react.tsx';
import { later } from '../../lib/later.ts';
import { useWorkspace } from '../../state/hooks.tsx';
import { useChannelLook } from '../directory.ts';
import { errorIdOf, errorText } from '../error-text.ts';
import { PersonName } from '../inbox/person-name.tsx';
import { PersonRewards } from '../rewards/person-rewards.tsx';
import { useOffline } from '../settings/page.tsx';
import { Breakdown } from './breakdown.tsx';
import { useAdvocateChange } from './change.ts';
import { Evidences } from './evidence.tsx';
import { Glyphs, Kinds, OptedOut } from './kinds.tsx';
import { OwnerField } from './owner.tsx';
import { useAdvocate, useMayMove, useWay } from './queries.ts';
import { ReferralPart } from './referral.tsx';
import { TaskField } from './task.tsx';
import { PersonTestimonials } from './testimonials.tsx';

const Give = later(() => import('../rewards/give.dialog.tsx'));

export interface PersonDrawerProps {
  customerId: string;
  /** This person may give rewards. */
  gives: boolean;
  onClose: () => void;
}

/** All that is known of one advocate: why they score so, what they allowed, what they got, and what comes next. */
export default function PersonDrawer({ customerId, gives, onClose }: PersonDrawerProps) {
  const t = useT();
  const w = useAdvocateWords();
  const query = useAdvocate(customerId);
  const { data, error } = query;
  const missing = error instanceof AppError && error.code === 'notFound';
  return (
    <Drawer
      isOpen
      wide
      onClose={onClose}
      title={data ? <PersonName name={data.advocate.name} /> : w.person.label}
    >
      {data ? (
        <Loaded detail={data} gives={gives} />
      ) : missing ? (
        <EmptyState icon={<User size={24} />} title={w.person.notFoundTitle} text={w.person.notFoundText} />
      ) : error ? (
        <ErrorState
          title={w.person.loadFailed}
          text={errorText(t, error)}
          errorId={errorIdOf(error)}
          onRetry={() => void query.refetch()}
        />
      ) : (
        <Delayed>
          <div role="status" className="flex flex-col gap-4">
            <span className="sr-only">{t.common.loading}</span>
            <Skeleton className="h-14" />
            <Skeleton className="h-40" />
          </div>
        </Delayed>
      )}
    </Drawer>
  );
}

type Tab = 'evidence' | 'testimonials' | 'rewards' | 'referral';

function Loaded({ detail, gives }: { detail: AdvocateDetail; gives: boolean }) {
  const w = useAdvocateWords();
  const fmt = useFmt();
  const { advocate } = detail;
  const [tab, setTab] = useState<Tab>('evidence');
  const [giving, setGiving] = useState(false);
  const onReward = gives ? () => setGiving(true) : undefined;
  return (
    <div className="flex flex-col gap-4">
      <div className="flex items-start gap-3">
        <Avatar name={advocate.name} seed={advocate.customerId} size="lg" />
        <div className="min-w-0 flex-1">
          <div className="flex flex-wrap items-center gap-1">
            <Kinds kinds={advocate.kinds} />
            {advocate.optedOut && <OptedOut />}
          </div>
          <p className="mt-1.5 flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-ink-muted">
            <Glyphs channelIds={advocate.channelIds} />
            {advocate.reach !== null && <span>{w.board.reach(fmt.number(advocate.reach))}</span>}
            <Link
              href={`/customers/${advocate.customerId}`}
              className="inline-flex min-h-6 items-center font-medium text-accent-ink hover:underline"
            >
              {w.person.toCustomer}
            </Link>
          </p>
          {advocate.products.length > 0 && (
            <p className="mt-1 text-xs text-ink-muted">
              {w.person.products}:{' '}
              <bdi className="text-ink">{fmt.list(advocate.products.map((each) => plainName(each)))}</bdi>
            </p>
          )}
        </div>
      </div>
      <Deeds advocate={advocate} onReward={onReward} />
      <Where advocate={advocate} />
      <Breakdown detail={detail} />
      <Tabs
        label={w.person.label}
        value={tab}
        onChange={setTab}
        items={[
          {
            id: 'evidence',
            label: w.person.tabs.evidence,
            content: <Evidences key={advocate.customerId} detail={detail} />,
          },
          {
            id: 'testimonials',
            label: (
              <>
                {w.person.tabs.testimonials}
                <ConsentMark consent={advocate.consent} />
              </>
            ),
            content: <PersonTestimonials detail={detail} />,
          },
          {
            id: 'rewards',
            label: w.person.tabs.rewards,
            content: <PersonRewards advocate={advocate} onReward={onReward} />,
          },
          {
            id: 'referral',
            label: w.person.tabs.referral,
            content: <ReferralPart detail={detail} />,
          },
        ]}
      />
      {/* Inside of this one: a dialog beside it would not get the keyboard from it. */}
      <Suspense>{giving && <Give advocate={advocate} onClose={() => setGiving(false)} />}</Suspense>
    </div>
  );
}

function ConsentMark({ consent }: Pick<Advocate, 'consent'>) {
  const w = useAdvocateWords();
  if (consent === 'unknown') return null;
  const tone = consent === 'given' ? 'ok' : consent === 'refused' ? 'danger' : 'info';
  return <Chip tone={tone}>{w.person.consents[consent]}</Chip>;
}

/** Writing to them where they like to be written to; and thanking them. */
function Deeds({ advocate, onReward }: { advocate: Advocate; onReward: (() => void) | undefined }) {
  const t = useT();
  const w = useAdvocateWords();
  const writes = useMayMove();
  const offline = useOffline();
  const look = useChannelLook();
  const { calls } = useWorkspace();
  const [, navigate] = useLocation();
  const [busy, setBusy] = useState(false);
  const way = useWay(advocate.customerId, !advocate.optedOut);
  const refusal = way.error instanceof AppError ? way.error.reason : undefined;
  const optedOut = advocate.optedOut || refusal === 'optedOut';
  const closed = !optedOut && refusal === 'windowClosed';
  const noWay = !optedOut && refusal === 'badTarget';
  const place = way.data && (way.data.text ?? way.data.template);
  const channel = place && look(place.channelId);
  const start = async () => {
    setBusy(true);
    try {
      const { conversationId } = await calls.startContact(advocate.customerId);
      navigate(`/inbox/all/${conversationId}`);
    } catch (error) {
      showToast({ text: errorText(t, error), tone: 'error' });
      setBusy(false);
    }
  };
  useHotkey('board.reward', () => onReward?.(), { enabled: Boolean(onReward), scope: 'dialog' });
  const barred = optedOut
    ? w.board.optedOutText
    : noWay
      ? w.person.noWayText
      : closed
        ? w.reward.closedText
        : null;
  const startButton = (
    <Button
      variant="primary"
      icon={
        barred ? (
          <Lock size={15} aria-hidden />
        ) : channel ? (
          <ChannelGlyph glyph={channel.glyph} size={16} />
        ) : (
          <MessageSquare size={15} aria-hidden />
        )
      }
      isPending={busy}
      isDisabled={!writes || offline || barred !== null}
      onPress={() => void start()}
    >
      {channel && !barred ? w.person.startOn(channel.name) : w.person.start}
    </Button>
  );
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap gap-2">
        {place ? <Tooltip text={<bdi dir="ltr">{place.display}</bdi>}>{startButton}</Tooltip> : startButton}
        {onReward && (
          <Button icon={<Gift size={15} aria-hidden />} onPress={onReward}>
            {w.reward.give}
          </Button>
        )}
      </div>
      {barred && (
        <div className="overflow-hidden rounded-md [&>div]:justify-start">
          <Banner tone="warn" icon={<Lock size={14} />}>
            {barred}
          </Banner>
        </div>
      )}
    </div>
  );
}

/** Where they stand with us: stage, who looks after them, what is to be done next. */
function Where({ advocate }: { advocate: Advocate }) {
  const w = useAdvocateWords();
  const writes = useMayMove();
  const change = useAdvocateChange(advocate);
  return (
    <div className="grid gap-3 rounded-xl border border-line p-3 sm:grid-cols-2">
      <Select
        label={w.person.stage}
        value={advocate.stage}
        isDisabled={!writes}
        onChange={(stage) =>
          stage !== advocate.stage &&
          void change({ stage }, { stage: advocate.stage }, w.person.stageChanged(w.stage[stage]))
        }
        options={advocateStages.map((id) => ({ id, label: w.stage[id] }))}
      />
      <OwnerField advocate={advocate} />
      <div className="sm:col-span-2">
        <TaskField advocate={advocate} />
      </div>
    </div>
  );
}
