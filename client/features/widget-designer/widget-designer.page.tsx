import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { type ReactNode, useId, useState } from 'react';
import type { ChannelDetails } from '../../../shared/channel.ts';
import type { Manifest } from '../../../shared/connector.ts';
import { AppError } from '../../../shared/errors.ts';
import type { WidgetConfig } from '../../../shared/visitor.ts';
import { Button } from '../../components/button.tsx';
import { showToast } from '../../components/toast.tsx';
import { useLocale, useT } from '../../i18n/locale.tsx';
import { useWorkspace } from '../../state/hooks.tsx';
import { manifestsOf, useChannels, useConnectors, useUpdateChannel } from '../channels/queries.ts';
import { SettingControl } from '../channels/setting-control.tsx';
import { groupsOf, initialValues, readSettings, type SettingValues } from '../channels/settings-form.ts';
import { errorText } from '../error-text.ts';
import { type FieldIssue, issueText } from '../settings/check.ts';
import { Form, FormError } from '../settings/form.tsx';
import { Card, Loaded, SettingsPage, useOffline } from '../settings/page.tsx';
import { Identity } from './identity.tsx';
import { Install } from './install.tsx';
import { Origins } from './origins.tsx';
import { Preview } from './preview.tsx';
import { words } from './words.ts';

/** `/channels/:id/widget`: how a channel's chat looks on a site, and what the site needs for it. */
export default function WidgetDesigner({ channelId }: { channelId: string }) {
  const t = useT();
  const { language } = useLocale();
  const w = words[language];
  const channels = useChannels();
  const connectors = useConnectors();
  const channel = channels.data?.find(({ id }) => id === channelId);
  const manifest = channel && manifestsOf(connectors.data ?? []).get(channel.connector);
  const awaited: UseQueryResult<unknown> = channels.data && !connectors.data ? connectors : channels;
  const back = { href: `/channels/${channelId}`, label: w.back };
  return (
    <SettingsPage title={w.title} text={w.text} back={back} wide>
      <Loaded query={awaited} failed={t.channels.loadFailed}>
        {() =>
          channel && manifest?.capabilities.sessions ? (
            <Ready key={channel.id} channel={channel} manifest={manifest} />
          ) : (
            connectors.data && <p>{channel ? w.notASession : t.channels.notFoundText}</p>
          )
        }
      </Loaded>
    </SettingsPage>
  );
}

interface OfChannel {
  channel: ChannelDetails;
  manifest: Manifest;
}

function Ready({ channel, manifest }: OfChannel) {
  const t = useT();
  const { calls } = useWorkspace();
  const site = String(channel.settings['site'] ?? '');
  const config = useQuery({
    queryKey: ['widget', site, channel.settings],
    queryFn: () => calls.widgetConfig(site),
    placeholderData: (before) => before,
  });
  return (
    <Loaded query={config} failed={t.channels.loadFailed}>
      {(effective) => <Designer channel={channel} manifest={manifest} effective={effective} />}
    </Loaded>
  );
}

/** What has a card of its own, or is not for changing. */
const apart = ['allowedOrigins', 'identitySecret', 'site'];

function Designer({ channel, manifest, effective }: OfChannel & { effective: WidgetConfig }) {
  const t = useT();
  const { language } = useLocale();
  const w = words[language];
  const form = useId();
  const offline = useOffline();
  const update = useUpdateChannel(channel.id);
  const stored = initialValues(manifest.settings, channel.settings as SettingValues);
  const [changed, setChanged] = useState<SettingValues>({});
  const [issues, setIssues] = useState<Record<string, FieldIssue> | null>(null);
  const values: SettingValues = { ...stored, ...changed };
  const isChanged = Object.keys(changed).some((key) => !Object.is(changed[key], stored[key]));
  const kept = Object.keys(channel.secrets).filter((key) => channel.secrets[key]);
  const refused = update.error instanceof AppError ? (update.error.body.fields ?? {}) : {};
  const set = (part: SettingValues) => {
    setChanged((before) => ({ ...before, ...part }));
    setIssues(null);
  };
  const store = async (next: SettingValues): Promise<boolean> => {
    const read = readSettings(manifest.settings, next, { kept, language });
    setIssues(read.issues);
    if (read.settings) await update.mutateAsync({ settings: read.settings });
    return read.settings !== null;
  };
  const save = async () => {
    if (update.isPending || offline) return;
    // What the server says against it stands at its field.
    if (!(await store(values).catch(() => false))) return;
    setChanged({});
    showToast({ text: w.saved, tone: 'ok' });
  };
  const home = new URL(channel.hookUrl, window.location.origin).origin;
  const site = String(channel.settings['site'] ?? '');
  const shown = manifest.settings.filter(({ key }) => !apart.includes(key));
  const misplaced = Object.keys(refused).every((path) => !path.startsWith('settings.'));
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_minmax(0,26rem)]">
      <div className="grid min-w-0 grid-cols-1 gap-4">
        <Form
          id={form}
          onSubmit={() => void save()}
          issues={issues ?? update.error}
          className="grid grid-cols-1 gap-4"
        >
          {update.error && misplaced && <FormError text={errorText(t, update.error)} error={update.error} />}
          {groupsOf(shown, () => false).map((group) => (
            <Group key={group.title?.en ?? ''} title={group.title?.[language] ?? w.other}>
              {group.fields.map((field) => (
                <SettingControl
                  key={field.key}
                  field={field}
                  value={values[field.key] ?? ''}
                  isKept={kept.includes(field.key)}
                  onChange={(value) => set({ [field.key]: value })}
                  error={issueText(t, issues?.[field.key])}
                  refused={issues ? undefined : refused[`settings.${field.key}`]}
                />
              ))}
            </Group>
          ))}
        </Form>
        <Origins
          value={String(values['allowedOrigins'] ?? '')}
          onChange={(allowedOrigins) => set({ allowedOrigins })}
          refused={refused['settings.allowedOrigins']}
        />
        <div className="sticky bottom-0 z-10 flex flex-wrap items-center gap-3 rounded-xl border border-line bg-surface p-3 shadow-float">
          <Button
            type="submit"
            form={form}
            variant="primary"
            isPending={update.isPending}
            isDisabled={offline || !isChanged}
          >
            {t.common.save}
          </Button>
          <p role="status" className="text-ink-muted">
            {isChanged && w.changed}
          </p>
        </div>
      </div>
      <div className="grid min-w-0 grid-cols-1 gap-4 lg:sticky lg:top-0 lg:row-span-2">
        <Preview config={drafted(values, effective)} />
      </div>
      <div className="grid min-w-0 grid-cols-1 gap-4">
        <Install home={home} site={site} />
        <Identity
          isSet={channel.secrets['identitySecret'] === true}
          busy={update.isPending}
          // By itself: what else is being edited waits for its own button.
          onSecret={(identitySecret) => store({ ...stored, identitySecret })}
        />
      </div>
    </div>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Card title={title}>
      <div className="grid grid-cols-1 gap-4">{children}</div>
    </Card>
  );
}

/** What visitors would get if this were saved; what is left empty is as the server fills it. */
function drafted(values: SettingValues, effective: WidgetConfig): WidgetConfig {
  const text = (key: string) => String(values[key] ?? '').trim();
  const colour = text('colour');
  const one = <T extends string>(key: string, known: readonly T[], otherwise: T) =>
    known.find((value) => value === values[key]) ?? otherwise;
  return {
    ...effective,
    name: text('name') || effective.name,
    language: one('language', ['auto', 'fa', 'en'], 'auto'),
    colour: /^#[0-9a-f]{6}$/i.test(colour) ? colour : effective.colour,
    position: one('position', ['end', 'start'], 'end'),
    welcome: { fa: text('welcomeFa') || effective.welcome.fa, en: text('welcomeEn') || effective.welcome.en },
    offline: { fa: text('offlineFa') || effective.offline.fa, en: text('offlineEn') || effective.offline.en },
    preChat: one('preChat', ['off', 'optional', 'required'], 'off'),
    sound: values['sound'] !== false,
  };
}
