import { Banner } from '../components/banner.tsx';
import { Button } from '../components/button.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { FileDrop } from '../components/file-drop.tsx';
import { CloudOff, Inbox } from '../components/icons.ts';
import { Progress } from '../components/progress.tsx';
import { SkeletonRows } from '../components/skeleton.tsx';
import { Steps } from '../components/steps.tsx';
import { useFmt, useT } from '../i18n/locale.tsx';
import { Section } from './section.tsx';

export function States() {
  const t = useT();
  const fmt = useFmt();
  const steps = [t.rail.inbox, t.rail.customers, t.rail.search].map((label) => ({ id: label, label }));
  return (
    <Section title={t.common.loading}>
      <Steps label={t.common.next} steps={steps} at={1} done={t.common.back} />
      <Progress label={t.rail.search} share={0.42} said={fmt.percent(0.42)} />
      <Progress label={t.rail.inbox} share={0.8} said={fmt.percent(0.8)} paused />
      <Progress label={t.rail.customers} share={null} said={t.common.loading} />
      <FileDrop title={t.rail.search} choose={t.common.edit} onFiles={() => {}} />
      <Banner tone="warn" live icon={<CloudOff size={14} />}>
        {t.offline.offlineQueued(3)}
      </Banner>
      <Banner tone="ok">{t.offline.upToDate}</Banner>
      <Banner tone="info">
        {t.demo.ribbon}: {t.demo.text}
      </Banner>
      <Banner tone="danger" action={<Button size="sm">{t.channels.bannerFix}</Button>}>
        {t.channels.bannerPaused('SMS')}
      </Banner>
      <div className="grid gap-4 md:grid-cols-3">
        <div className="rounded-lg border border-line">
          <SkeletonRows rows={4} />
        </div>
        <div className="rounded-lg border border-line">
          <EmptyState
            icon={<Inbox size={24} />}
            title={t.views.emptyTitle.all}
            text={t.views.emptyText.all}
            action={<Button variant="primary">{t.views.connectChannel}</Button>}
          />
        </div>
        <div className="rounded-lg border border-line">
          <ErrorState text={t.errors.code.internal} errorId="7f3a-91c2" onRetry={() => {}} />
        </div>
      </div>
    </Section>
  );
}
