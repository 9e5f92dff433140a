import { Banner } from '../components/banner.tsx';
import { Button } from '../components/button.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { CloudOff, Inbox } from '../components/icons.ts';
import { SkeletonRows } from '../components/skeleton.tsx';
import { useT } from '../i18n/locale.tsx';
import { Section } from './section.tsx';

export function States() {
  const t = useT();
  return (
    <Section title={t.common.loading}>
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
