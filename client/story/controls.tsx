import { useState } from 'react';
import { Button, IconButton } from '../components/button.tsx';
import { ChannelGlyph } from '../components/channel-glyph.tsx';
import { Sparkline } from '../components/charts/sparkline.tsx';
import { Checkbox } from '../components/checkbox.tsx';
import { DateTimePicker } from '../components/date-time-picker.tsx';
import { GrowingText } from '../components/growing-text.tsx';
import { AlarmClock, Check, Globe, Search, Send, Trash2, UserPlus } from '../components/icons.ts';
import { Kbd } from '../components/kbd.tsx';
import { NumberField } from '../components/number-field.tsx';
import { RadioGroup, Segmented } from '../components/radio-group.tsx';
import { Select } from '../components/select.tsx';
import { Slider } from '../components/slider.tsx';
import { Switch } from '../components/switch.tsx';
import { Tabs } from '../components/tabs.tsx';
import { TextArea } from '../components/text-area.tsx';
import { SearchField, TextField } from '../components/text-field.tsx';
import { useLocale, useT } from '../i18n/locale.tsx';
import { useWords } from '../i18n/settings-words.ts';
import { Section } from './section.tsx';

const shown = Date.parse('2026-11-23T05:30:00Z');

export function Controls() {
  const t = useT();
  const w = useWords();
  const { theme, density, calendar, language, change } = useLocale();
  const [name, setName] = useState('');
  const [search, setSearch] = useState('');
  const [text, setText] = useState('سلام، سفارش #A-1290 هنوز نرسیده است.');
  const [role, setRole] = useState<'administrator' | 'agent'>('agent');
  const [channel, setChannel] = useState<string | null>('sms');
  const [size, setSize] = useState(12);
  const [until, setUntil] = useState(shown);
  const [tab, setTab] = useState<'settings' | 'health'>('settings');
  return (
    <>
      <Section title={t.profile.display}>
        <div className="flex flex-wrap gap-6">
          <Segmented
            label={t.profile.language}
            value={language}
            onChange={(value) => change({ language: value })}
            options={[
              { id: 'fa', label: t.profile.languages.fa },
              { id: 'en', label: t.profile.languages.en },
            ]}
          />
          <Segmented
            label={t.profile.theme}
            value={theme}
            onChange={(value) => change({ theme: value })}
            options={(['system', 'light', 'dark'] as const).map((id) => ({
              id,
              label: t.profile.themes[id],
            }))}
          />
          <Segmented
            label={t.profile.density}
            value={density}
            onChange={(value) => change({ density: value })}
            options={(['compact', 'cosy', 'roomy'] as const).map((id) => ({
              id,
              label: t.profile.densities[id],
            }))}
          />
          <Segmented
            label={t.profile.calendar}
            value={calendar}
            onChange={(value) => change({ calendar: value })}
            options={(['jalali', 'gregorian'] as const).map((id) => ({ id, label: t.profile.calendars[id] }))}
          />
        </div>
      </Section>

      <Section title={t.cheatSheet.group.conversation}>
        <div className="flex flex-wrap items-center gap-2">
          <Button variant="primary" icon={<Send size={15} aria-hidden className="mirror" />}>
            {t.composer.send}
          </Button>
          <Button>{t.snooze.button}</Button>
          <Button variant="public" icon={<Globe size={15} aria-hidden />}>
            {t.composer.send}
          </Button>
          <Button variant="quiet">{t.common.cancel}</Button>
          <Button variant="danger" icon={<Trash2 size={15} aria-hidden />}>
            {t.composer.discardDraft}
          </Button>
          <Button variant="primary" isPending>
            {t.common.save}
          </Button>
          <Button isDisabled>{t.resolve.button}</Button>
          <Button size="sm">{t.common.edit}</Button>
          <IconButton label={t.snooze.button} icon={<AlarmClock size={17} />} hotkey="conversation.snooze" />
          <IconButton
            label={t.assign.button}
            icon={<UserPlus size={17} />}
            hotkey="conversation.assign"
            variant="secondary"
          />
          <IconButton
            label={t.resolve.button}
            icon={<Check size={17} />}
            hotkey="conversation.resolve"
            size="sm"
          />
          <Kbd keys="Mod+Shift+Enter" />
          <Kbd keys="g i" />
        </div>
      </Section>

      <Section title={t.profile.account}>
        <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
          <TextField
            label={t.users.name}
            value={name}
            onChange={setName}
            help={t.firstRun.organisationHelp}
          />
          <TextField label={t.signIn.email} type="email" defaultValue="sara@example.com" />
          <TextField label={t.signIn.email} type="email" defaultValue="sara@" error={t.fields.email} />
          <TextField label={t.signIn.password} type="password" defaultValue="correct horse" />
          <TextField
            label={t.channels.hookUrl}
            ltr
            optional
            defaultValue="https://inbox.example.com/hooks/x7"
          />
          <TextField label={t.users.name} isDisabled defaultValue="نگار موسوی" />
          <NumberField label={t.health.queued} value={size} onChange={setSize} min={0} max={90} />
          <Slider label={t.health.queued} value={size} onChange={setSize} max={90} className="w-48" />
          <Sparkline values={[size, 12, 14, 18, 16, 30]} tone="up" label={t.health.queued} />
          <Select
            label={t.channels.title}
            value={channel}
            onChange={setChannel}
            options={[
              { id: 'sms', label: t.customer.kind.smsLine, icon: <ChannelGlyph glyph="sms" /> },
              {
                id: 'telegram',
                label: t.customer.kind.telegramUser,
                icon: <ChannelGlyph glyph="telegram" />,
              },
            ]}
          />
          <Select
            label={t.profile.timeZone}
            value={null}
            onChange={() => {}}
            options={[{ id: 'a', label: 'Asia/Tehran' }]}
            error={t.fields.choose}
          />
          <DateTimePicker label={t.snooze.until} value={until} onChange={setUntil} />
          <DateTimePicker label={t.snooze.until} value={shown} onChange={setUntil} error={t.snooze.past} />
          <SearchField
            className="self-end"
            label={t.views.searchLabel}
            placeholder={t.views.searchPlaceholder}
            value={search}
            onChange={setSearch}
            trailing={<Kbd keys="/" />}
          />
          <TextArea label={t.composer.noteLabel} help={t.views.searchHint} value={text} onChange={setText} />
          <TextArea
            label={t.composer.noteLabel}
            value=""
            onChange={() => {}}
            error={t.fields.required}
            optional
          />
          <div className="rounded-lg border border-line-strong">
            <GrowingText
              id="story-composer"
              label={t.composer.textLabel}
              placeholder={t.composer.replyPlaceholder}
              value=""
              onChange={() => {}}
              onKeyDown={() => {}}
              onPaste={() => {}}
              rows={3}
              maxHeight="40dvh"
              maxLength={20_000}
              isDisabled={false}
              ref={null}
            />
          </div>
        </div>
      </Section>

      <Section title={t.users.role}>
        <div className="grid gap-6 sm:grid-cols-3">
          <RadioGroup
            label={t.users.role}
            value={role}
            onChange={setRole}
            options={(['administrator', 'agent'] as const).map((id) => ({
              id,
              label: t.users.roles[id],
              help: t.users.roleHelp[id],
            }))}
          />
          <div className="flex flex-col gap-2">
            <Checkbox defaultSelected>{t.users.allChannels}</Checkbox>
            <Checkbox>{t.users.someChannels}</Checkbox>
            <Checkbox isIndeterminate>{t.row.select}</Checkbox>
            <Checkbox isDisabled>{t.users.noChannels}</Checkbox>
          </div>
          <div className="flex flex-col gap-3">
            <Switch defaultSelected help={w.keysEditor.singleKeysHelp}>
              {w.keysEditor.singleKeys}
            </Switch>
            <Switch>{t.users.active}</Switch>
          </div>
        </div>
        <Tabs
          label={t.channels.settings}
          value={tab}
          onChange={setTab}
          items={[
            { id: 'settings', label: t.channels.settings, content: <p>{t.channels.nameHelp}</p> },
            {
              id: 'health',
              label: (
                <>
                  <Search size={14} aria-hidden />
                  {t.health.title}
                </>
              ),
              content: <p>{t.health.noError}</p>,
            },
          ]}
        />
      </Section>
    </>
  );
}
