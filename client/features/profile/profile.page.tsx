import { lazy, type ReactNode, Suspense, useState } from 'react';
import type { Preferences } from '../../../shared/user.ts';
import { Button } from '../../components/button.tsx';
import { Keyboard } from '../../components/icons.ts';
import { Segmented } from '../../components/radio-group.tsx';
import { Switch } from '../../components/switch.tsx';
import { showToast } from '../../components/toast.tsx';
import { useLocale, useT } from '../../i18n/locale.tsx';
import { useMe, useSession } from '../../state/hooks.tsx';
import { errorText } from '../error-text.ts';
import { LocaleFields } from '../settings/locale-fields.tsx';
import { Card, SettingsPage } from '../settings/page.tsx';
import { NameForm } from './name.form.tsx';
import { PasswordForm } from './password.form.tsx';

const CheatSheet = lazy(() => import('../cheat-sheet/cheat-sheet.page.tsx'));

/** What is one's own: name, how everything looks and speaks, keys, password. */
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
          <Shortcuts />
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

/** Chosen at once; put back where the server does not take it. */
function usePreference(): (part: Partial<Preferences>) => void {
  const t = useT();
  const me = useMe();
  const session = useSession();
  return (part) => {
    session.updated({ ...me, preferences: { ...me.preferences, ...part } });
    session.calls.updateProfile({ preferences: part }).catch((error: unknown) => {
      session.updated(me);
      showToast({ text: errorText(t, error), tone: 'error' });
    });
  };
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

function Shortcuts() {
  const t = useT();
  const me = useMe();
  const prefer = usePreference();
  const [sheet, setSheet] = useState(false);
  return (
    <Card title={t.profile.shortcuts}>
      <Switch
        isSelected={me.preferences.singleKeys}
        onChange={(singleKeys) => prefer({ singleKeys })}
        help={t.profile.singleKeysHelp}
      >
        {t.profile.singleKeys}
      </Switch>
      <Button
        size="sm"
        className="mt-4"
        icon={<Keyboard size={15} aria-hidden />}
        onPress={() => setSheet(true)}
      >
        {t.cheatSheet.title}
      </Button>
      {sheet && (
        <Suspense fallback={null}>
          <CheatSheet isOpen={sheet} onClose={() => setSheet(false)} />
        </Suspense>
      )}
    </Card>
  );
}
