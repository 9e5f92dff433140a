import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { may } from '../../../shared/access.ts';
import {
  type AdvocateSettings,
  type AdvocateWeights,
  defaultWeights,
  type ScorePart,
  scoreParts,
} from '../../../shared/advocate.ts';
import { Button } from '../../components/button.tsx';
import { NumberField } from '../../components/number-field.tsx';
import { Select } from '../../components/select.tsx';
import { Slider } from '../../components/slider.tsx';
import { showToast } from '../../components/toast.tsx';
import { useAdvocateWords } from '../../i18n/advocate-words.ts';
import { useFmt, useT } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import { useMe, useWorkspace } from '../../state/hooks.tsx';
import { errorText } from '../error-text.ts';
import { Form, FormError } from '../settings/form.tsx';
import { Card, Loaded, useOffline } from '../settings/page.tsx';
import { useTeams } from '../teams/queries.ts';
import { AdvocatesArea } from './area.tsx';
import { WeightsPreview } from './preview.tsx';
import { useAdvocateSettings } from './queries.ts';

/** How the score is made, from where on somebody is what, and which rewards need approval. */
export default function SettingsPage() {
  const w = useAdvocateWords();
  const query = useAdvocateSettings();
  return (
    <AdvocatesArea part="settings" text={w.weights.text}>
      <Loaded query={query} failed={w.weights.loadFailed}>
        {(saved) => <Editor saved={saved} />}
      </Loaded>
    </AdvocatesArea>
  );
}

const weighsNothing = (weights: AdvocateWeights) => scoreParts.every((part) => weights[part] === 0);
const whole = (value: number, least: number) => (Number.isFinite(value) ? Math.round(value) : least);

function Editor({ saved }: { saved: AdvocateSettings }) {
  const t = useT();
  const w = useAdvocateWords();
  const me = useMe();
  const offline = useOffline();
  const { calls } = useWorkspace();
  const client = useQueryClient();
  const [draft, setDraft] = useState<AdvocateSettings | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const shown = draft ?? saved;
  const manages = may(me, 'advocate.manage');
  const dirty = draft !== null && JSON.stringify(draft) !== JSON.stringify(saved);
  const nothing = weighsNothing(shown.weights);
  const put = async (settings: AdvocateSettings, undo: AdvocateSettings | null) => {
    client.setQueryData(['advocates', 'settings'], await calls.saveAdvocateSettings(settings));
    void client.invalidateQueries({ queryKey: ['advocates'] });
    setDraft(null);
    showToast({
      text: w.weights.saved,
      tone: 'ok',
      ...(undo && {
        undo: () =>
          void put(undo, null).catch((failure: unknown) =>
            showToast({ text: errorText(t, failure), tone: 'error' }),
          ),
      }),
    });
  };
  const save = async () => {
    if (busy || !dirty || nothing) return;
    setBusy(true);
    setError(null);
    try {
      await put(shown, saved);
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  const change = (what: Partial<AdvocateSettings>) => setDraft({ ...shown, ...what });
  return (
    <Form onSubmit={() => void save()} className="flex flex-1 flex-col gap-4">
      {!manages && <p className="text-sm text-ink-muted">{w.weights.readOnly}</p>}
      <div className="grid items-start gap-4 lg:grid-cols-[3fr_2fr]">
        <div className="flex flex-col gap-4">
          <Weights
            weights={shown.weights}
            isDisabled={!manages}
            onChange={(weights) => change({ weights })}
          />
          <Thresholds settings={shown} isDisabled={!manages} onChange={change} />
        </div>
        {manages && <WeightsPreview weights={shown.weights} changed={dirty} enabled={!nothing} />}
      </div>
      {manages && (
        <div
          className={
            dirty
              ? 'sticky bottom-0 z-10 -mx-4 mt-auto flex flex-wrap items-center gap-2 border-t border-line bg-surface px-4 py-3 shadow-float sm:-mx-6 sm:px-6'
              : 'sr-only'
          }
        >
          {dirty && (
            <>
              <p role="status" className="flex-1 text-sm text-ink-muted max-sm:w-full max-sm:flex-none">
                {nothing ? w.weights.zero : w.weights.unsaved}
              </p>
              <Button
                variant="quiet"
                onPress={() => {
                  setDraft(null);
                  setError(null);
                }}
              >
                {w.weights.discard}
              </Button>
              <Button variant="primary" type="submit" isPending={busy} isDisabled={offline || nothing}>
                {t.common.save}
              </Button>
              {error !== null && (
                <div className="w-full">
                  <FormError text={errorText(t, error)} error={error} />
                </div>
              )}
            </>
          )}
        </div>
      )}
    </Form>
  );
}

interface WeightsProps {
  weights: AdvocateWeights;
  isDisabled: boolean;
  onChange: (weights: AdvocateWeights) => void;
}

function Weights({ weights, isDisabled, onChange }: WeightsProps) {
  const w = useAdvocateWords();
  const fmt = useFmt();
  const total = scoreParts.reduce((sum, part) => sum + weights[part], 0);
  const set = (part: ScorePart, value: number) => onChange({ ...weights, [part]: whole(value, 0) });
  return (
    <Card
      title={w.weights.title}
      aside={
        !isDisabled && (
          <Button size="sm" variant="quiet" onPress={() => onChange(defaultWeights)}>
            {w.weights.usual}
          </Button>
        )
      }
    >
      <ul className="flex flex-col divide-y divide-line">
        {scoreParts.map((part) => (
          <li
            key={part}
            className="grid grid-cols-[1fr_8.5rem] items-center gap-x-4 gap-y-1 py-3 first:pt-0 last:pb-0 sm:grid-cols-[13rem_1fr_8.5rem]"
          >
            <div className="col-span-2 sm:col-span-1">
              <p className="text-sm font-semibold">{w.part[part]}</p>
              <p className="text-2xs text-pretty text-ink-muted">{w.partHelp[part]}</p>
            </div>
            <div>
              <Slider
                label={w.weights.weightOf(w.part[part])}
                value={weights[part]}
                onChange={(value) => set(part, value)}
                isDisabled={isDisabled}
              />
              <p className="text-2xs text-ink-muted">
                {w.weights.share(fmt.percent(total === 0 ? 0 : weights[part] / total))}
              </p>
            </div>
            <NumberField
              bare
              label={w.weights.weightOf(w.part[part])}
              value={weights[part]}
              onChange={(value) => set(part, value)}
              min={0}
              max={100}
              isDisabled={isDisabled}
            />
          </li>
        ))}
      </ul>
    </Card>
  );
}

const nobody = 'nobody';

interface ThresholdsProps {
  settings: AdvocateSettings;
  isDisabled: boolean;
  onChange: (change: Partial<AdvocateSettings>) => void;
}

function Thresholds({ settings, isDisabled, onChange }: ThresholdsProps) {
  const w = useAdvocateWords();
  const me = useMe();
  const { data: teams } = useTeams();
  const approves = may(me, 'reward.approve');
  const team = settings.supportTeamId;
  return (
    <>
      <Card title={w.weights.thresholds}>
        <div className="grid items-end gap-4 sm:grid-cols-2">
          <NumberField
            label={w.weights.advocateScore}
            value={settings.advocateScore}
            onChange={(value) => onChange({ advocateScore: whole(value, 1) })}
            min={1}
            max={100}
            isDisabled={isDisabled}
          />
          <NumberField
            label={w.weights.influencerReach}
            value={settings.influencerReach}
            onChange={(value) => onChange({ influencerReach: whole(value, 1) })}
            min={1}
            max={1_000_000_000}
            isDisabled={isDisabled}
          />
          <NumberField
            label={w.weights.dormantDays}
            value={settings.dormantDays}
            onChange={(value) => onChange({ dormantDays: whole(value, 1) })}
            min={1}
            max={3650}
            isDisabled={isDisabled}
          />
          <NumberField
            label={w.weights.detractorReach}
            value={settings.detractorReach}
            onChange={(value) => onChange({ detractorReach: whole(value, 1) })}
            min={1}
            max={1_000_000_000}
            isDisabled={isDisabled}
          />
          <Select
            label={w.weights.supportTeam}
            value={team ?? nobody}
            onChange={(id) => onChange({ supportTeamId: id === nobody ? null : id })}
            isDisabled={isDisabled}
            options={[
              { id: nobody, label: w.weights.noTeam },
              ...(teams ?? [])
                .filter(({ id, archived }) => !archived || id === team)
                .map(({ id, name }) => ({ id, label: plainName(name) })),
            ]}
          />
          <p className="text-xs text-pretty text-ink-muted">{w.weights.detractorHelp}</p>
        </div>
      </Card>
      <Card title={w.weights.approval}>
        <div className="grid items-end gap-4 sm:grid-cols-2">
          <NumberField
            label={w.weights.approveAbove}
            value={settings.approveAbove}
            onChange={(value) => onChange({ approveAbove: whole(value, 0) })}
            min={0}
            max={1_000_000_000}
            isDisabled={isDisabled || !approves}
          />
          <NumberField
            label={w.weights.approveCostAbove}
            value={settings.approveCostAbove.amount / 10}
            onChange={(value) =>
              onChange({ approveCostAbove: { amount: whole(value * 10, 0), currency: 'IRR' } })
            }
            min={0}
            max={1_000_000_000_000}
            isDisabled={isDisabled || !approves}
          />
        </div>
        <p className="mt-3 text-xs text-pretty text-ink-muted">
          {w.weights.approvalHelp} {!approves && w.weights.approveOthers}
        </p>
      </Card>
    </>
  );
}
