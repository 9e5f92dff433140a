import { useLocation } from 'wouter';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Activity, CircleCheck, TriangleAlert } from '../../components/icons.ts';
import { useT } from '../../i18n/locale.tsx';
import { useWords } from '../../i18n/settings-words.ts';
import { conditionOf } from '../channels/condition.ts';
import { manifestsOf, useChannels, useConnectors } from '../channels/queries.ts';
import { Loaded, SettingsPage } from '../settings/page.tsx';
import { HealthCard } from './health.card.tsx';

/** How every channel does, live; those that need somebody first. */
export default function HealthPage() {
  const t = useT();
  const w = useWords();
  const channels = useChannels();
  const manifests = manifestsOf(useConnectors().data ?? []);
  const [, navigate] = useLocation();
  return (
    <SettingsPage title={w.healthPage.title} text={w.healthPage.text}>
      <Loaded query={channels} failed={w.healthPage.loadFailed}>
        {(list) => {
          const shown = list.filter((channel) => channel.state !== 'archived');
          const bad = shown.filter((channel) => conditionOf(channel) === 'attention');
          const rest = shown.filter((channel) => !bad.includes(channel));
          if (shown.length === 0)
            return (
              <EmptyState
                className="flex-1"
                icon={<Activity size={24} />}
                title={w.healthPage.emptyTitle}
                text={w.healthPage.emptyText}
                action={
                  <Button variant="primary" onPress={() => navigate('/channels/new')}>
                    {t.channels.add}
                  </Button>
                }
              />
            );
          return (
            <>
              <p
                role="status"
                className={`mb-4 flex items-center gap-2 rounded-md px-3 py-2 font-medium ${bad.length > 0 ? 'bg-danger-soft text-danger-ink' : 'bg-ok-soft text-ok-ink'}`}
              >
                {bad.length > 0 ? (
                  <TriangleAlert size={16} aria-hidden className="shrink-0" />
                ) : (
                  <CircleCheck size={16} aria-hidden className="shrink-0" />
                )}
                {bad.length > 0 ? w.healthPage.summaryBad(bad.length) : w.healthPage.summaryGood}
              </p>
              <div className="space-y-4">
                {[...bad, ...rest].map((channel) => (
                  <HealthCard
                    key={channel.id}
                    channel={channel}
                    manifest={manifests.get(channel.connector)}
                  />
                ))}
              </div>
            </>
          );
        }}
      </Loaded>
    </SettingsPage>
  );
}
