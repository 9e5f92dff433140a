import type { ReactNode } from 'react';
import { Segmented } from '../../components/radio-group.tsx';
import { useLocale, useT } from '../../i18n/locale.tsx';
import { useMe } from '../../state/hooks.tsx';
import { LocaleFields } from '../settings/locale-fields.tsx';
import { Card, SettingsPage } from '../settings/page.tsx';
import { NameForm } from './name.form.tsx';
import { PasswordForm } from './password.form.tsx';
import { usePreference } from './use-preference.ts';

/** What is one's own: name, how everything looks and speaks, password. */
export default function ProfilePage() {
  const t = useT();
  return (
    <SettingsPage title={t.profile.title}>
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <div className="grid gap-4">
          <Card title={t.profile.account}>
            <NameForm />
          </Card>
          <Card title={t.profile.password}>
            <PasswordForm />
          </Card>
        </div>
        <div className="grid gap-4">
          <Display />
          <Writing />
        </div>
      </div>
    </SettingsPage>
  );
}

function Display() {
  const t = useT();
  const { theme, density, change } = useLocale();
  return (
    <Card title={t.profile.display} text={t.profile.atOnce}>
      <div className="flex flex-col gap-4">
        <LocaleFields labels={t.profile} />
        <Segmented
          label={t.profile.theme}
          options={[
            { id: 'system', label: t.profile.themes.system },
            { id: 'light', label: t.profile.themes.light },
            { id: 'dark', label: t.profile.themes.dark },
          ]}
          value={theme}
          onChange={(chosen) => change({ theme: chosen })}
        />
        <Segmented
          label={t.profile.density}
          options={[
            { id: 'compact', label: t.profile.densities.compact },
            { id: 'cosy', label: t.profile.densities.cosy },
            { id: 'roomy', label: t.profile.densities.roomy },
          ]}
          value={density}
          onChange={(chosen) => change({ density: chosen })}
        />
      </div>
    </Card>
  );
}

function Writing() {
  const t = useT();
  const me = useMe();
  const prefer = usePreference();
  const keys = (label: string): ReactNode => <span className="ltr">{label}</span>;
  return (
    <Card title={t.profile.writing}>
      <Segmented
        label={t.profile.sendWith}
        help={me.preferences.sendWith === 'enter' ? t.composer.sendWithEnter : t.composer.sendWithCtrlEnter}
        options={[
          { id: 'ctrlEnter', label: keys(t.profile.sendWiths.ctrlEnter) },
          { id: 'enter', label: keys(t.profile.sendWiths.enter) },
        ]}
        value={me.preferences.sendWith}
        onChange={(sendWith) => prefer({ sendWith })}
      />
    </Card>
  );
}
