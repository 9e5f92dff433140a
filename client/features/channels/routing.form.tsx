import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { type ChannelDetails, defaultRouting, type Routing } from '../../../shared/channel.ts';
import { Button } from '../../components/button.tsx';
import { NumberField } from '../../components/number-field.tsx';
import { Segmented } from '../../components/radio-group.tsx';
import { Select } from '../../components/select.tsx';
import { Switch } from '../../components/switch.tsx';
import { TextArea } from '../../components/text-area.tsx';
import { showToast } from '../../components/toast.tsx';
import { useLocale, useT } from '../../i18n/locale.tsx';
import { useWords } from '../../i18n/settings-words.ts';
import { dirOf } from '../../lib/bidi.ts';
import { useWorkspace } from '../../state/hooks.tsx';
import { errorText } from '../error-text.ts';
import { Form, FormError } from '../settings/form.tsx';
import { Card, useOffline } from '../settings/page.tsx';
import { HoursEditor } from './hours.editor.tsx';
import { useUpdateChannel } from './queries.ts';
import { orderedWeek, usualHours, weekIsWhole } from './week.ts';

export interface RoutingFormProps {
  channel: ChannelDetails;
  submitLabel: string;
  onSaved?: () => void;
  children?: ReactNode;
}

/** Where new conversations of a channel go, when it is open, and what is said automatically. */
export function RoutingForm({ channel, submitLabel, onSaved, children }: RoutingFormProps) {
  const t = useT();
  const w = useWords();
  const offline = useOffline();
  const update = useUpdateChannel(channel.id);
  const [routing, setRouting] = useState<Routing>(channel.routing ?? defaultRouting);
  const [tried, setTried] = useState<object | null>(null);
  const set = (part: Partial<Routing>) => setRouting((before) => ({ ...before, ...part }));
  const submit = () => {
    if (offline || update.isPending) return;
    const whole =
      (!routing.hours || weekIsWhole(routing.hours.week)) && !Number.isNaN(routing.silentAfter ?? 1);
    setTried(whole ? null : {});
    if (!whole) return;
    const hours = routing.hours && { ...routing.hours, week: orderedWeek(routing.hours.week) };
    const sent = { ...routing, hours };
    update.mutate(
      { routing: sent },
      {
        onSuccess: () => {
          setRouting(sent);
          showToast({ text: w.routing.saved, tone: 'ok' });
          onSaved?.();
        },
      },
    );
  };
  return (
    <Form onSubmit={submit} issues={tried ?? update.error} className="grid gap-4">
      {update.error && <FormError text={errorText(t, update.error)} error={update.error} />}
      <Team value={routing.teamId} onChange={(teamId) => set({ teamId })} />
      <Hours routing={routing} set={set} />
      <AutoReply routing={routing} set={set} />
      <Silence routing={routing} set={set} />
      <div className="flex flex-wrap gap-2">
        <Button type="submit" variant="primary" isPending={update.isPending} isDisabled={offline}>
          {submitLabel}
        </Button>
        {children}
      </div>
    </Form>
  );
}

interface PartProps {
  routing: Routing;
  set: (part: Partial<Routing>) => void;
}

function Team({ value, onChange }: { value: string | null; onChange: (teamId: string | null) => void }) {
  const w = useWords();
  const { calls } = useWorkspace();
  const teams = useQuery({ queryKey: ['teams'], queryFn: () => calls.teams() });
  const listed = (teams.data ?? []).filter((team) => !team.archived || team.id === value);
  return (
    <Card title={w.routing.team}>
      <Select
        label={<span className="sr-only">{w.routing.team}</span>}
        help={listed.length === 0 && teams.data ? w.teams.none : w.routing.teamHelp}
        options={[
          { id: 'none', label: w.routing.noTeam },
          ...listed.map((team) => ({ id: `team:${team.id}`, label: team.name })),
        ]}
        value={value === null ? 'none' : `team:${value}`}
        onChange={(id) => onChange(id === 'none' ? null : id.slice(5))}
        className="max-w-sm"
      />
    </Card>
  );
}

function Hours({ routing, set }: PartProps) {
  const w = useWords();
  const { timeZone } = useLocale();
  // What was set stays while somebody tries "always open".
  const [kept, keep] = useState(routing.hours ?? usualHours(timeZone));
  return (
    <Card title={w.routing.hours}>
      <Segmented
        label={w.routing.hours}
        bare
        options={[
          { id: 'always', label: w.routing.always },
          { id: 'scheduled', label: w.routing.scheduled },
        ]}
        value={routing.hours ? 'scheduled' : 'always'}
        onChange={(mode) => set({ hours: mode === 'always' ? null : kept })}
      />
      {routing.hours && (
        <div className="mt-4">
          <HoursEditor
            hours={routing.hours}
            onChange={(hours) => {
              keep(hours);
              set({ hours });
            }}
          />
        </div>
      )}
    </Card>
  );
}

function AutoReply({ routing, set }: PartProps) {
  const w = useWords();
  const { direction } = useLocale();
  const [shown, setShown] = useState<'open' | 'closed'>('open');
  const { autoReply, hours } = routing;
  const at = hours ? shown : 'open';
  const text = autoReply[at].trim();
  const write = (part: Partial<Routing['autoReply']>) => set({ autoReply: { ...autoReply, ...part } });
  return (
    <Card title={w.routing.autoReply} text={w.routing.autoReplyText}>
      <div className="grid gap-5 sm:grid-cols-2">
        <div className="flex flex-col gap-4">
          <TextArea
            label={hours ? w.routing.open : w.routing.autoReply}
            placeholder={w.routing.openPlaceholder}
            value={autoReply.open}
            onChange={(open) => {
              write({ open });
              setShown('open');
            }}
            rows={3}
            maxLength={2000}
          />
          {hours && (
            <TextArea
              label={w.routing.closed}
              placeholder={w.routing.closedPlaceholder}
              value={autoReply.closed}
              onChange={(closed) => {
                write({ closed });
                setShown('closed');
              }}
              rows={3}
              maxLength={2000}
            />
          )}
        </div>
        <section aria-label={w.routing.preview} className="rounded-lg bg-canvas p-3">
          <div className="mb-3 flex flex-wrap items-center justify-between gap-2">
            <h3 className="text-xs font-medium text-ink-muted">{w.routing.preview}</h3>
            {hours && (
              <Segmented
                label={w.routing.preview}
                bare
                size="sm"
                options={[
                  { id: 'open', label: w.routing.open },
                  { id: 'closed', label: w.routing.closed },
                ]}
                value={shown}
                onChange={setShown}
              />
            )}
          </div>
          <p className="me-8 w-fit rounded-lg border border-bubble-in-line bg-bubble-in px-3 py-2">
            {w.routing.previewCustomer}
          </p>
          {text ? (
            <p
              dir={dirOf(text, direction)}
              className="ms-auto mt-2 w-fit max-w-[85%] rounded-lg border border-bubble-out-line bg-bubble-out px-3 py-2 break-words whitespace-pre-wrap"
            >
              {text}
            </p>
          ) : (
            <p className="mt-3 text-center text-xs text-ink-faint">{w.routing.previewNothing}</p>
          )}
        </section>
      </div>
    </Card>
  );
}

function Silence({ routing, set }: PartProps) {
  const w = useWords();
  const t = useT();
  const on = routing.silentAfter !== null;
  return (
    <Card title={w.routing.silent}>
      <Switch
        isSelected={on}
        onChange={(chosen) => set({ silentAfter: chosen ? defaultRouting.silentAfter : null })}
      >
        {w.routing.silentOn}
      </Switch>
      {on && (
        <NumberField
          label={w.routing.silentHours}
          help={w.routing.silentHelp}
          value={routing.silentAfter ?? Number.NaN}
          onChange={(silentAfter) => set({ silentAfter })}
          min={1}
          max={720}
          error={Number.isNaN(routing.silentAfter) ? t.fields.number : undefined}
          className="mt-3 max-w-72"
        />
      )}
    </Card>
  );
}
