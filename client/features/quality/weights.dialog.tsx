import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { completenessFields, defaultQualitySettings, type QualitySettings } from '../../../shared/quality.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { NumberField } from '../../components/number-field.tsx';
import { showToast } from '../../components/toast.tsx';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { useT } from '../../i18n/locale.tsx';
import { queries, useWorkspace } from '../../state/hooks.tsx';
import { errorText } from '../error-text.ts';
import { Loaded, useOffline } from '../settings/page.tsx';
import { useCompletenessName } from './field-name.ts';

const ageing = ['address', 'city', 'job', 'mobile'] as const;

/** How much each field counts in completeness, and after how long what nobody confirmed is stale. */
export default function WeightsDialog({ onClose }: { onClose: () => void }) {
  const t = useT();
  const w = useCustomerWords();
  const offline = useOffline();
  const formId = useId();
  const { calls } = useWorkspace();
  const query = useQuery({ queryKey: ['quality', 'settings'], queryFn: () => calls.qualitySettings() });
  const [draft, setDraft] = useState<QualitySettings | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const before = query.data;
  const shown = draft ?? before;
  const put = async (settings: QualitySettings, undo: QualitySettings | null) => {
    queries.setQueryData(['quality', 'settings'], await calls.saveQualitySettings(settings));
    showToast({
      text: w.quality.saved,
      tone: 'ok',
      ...(undo && {
        undo: () =>
          void put(undo, null).catch((failure: unknown) =>
            showToast({ text: errorText(t, failure), tone: 'error' }),
          ),
      }),
    });
    void queries.invalidateQueries({ queryKey: ['quality'] });
  };
  const save = async () => {
    if (!shown || !before || busy) return;
    setBusy(true);
    setError(null);
    try {
      await put(shown, before);
      onClose();
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      size="lg"
      title={w.quality.weights}
      actions={
        <>
          <Button variant="quiet" className="me-auto" onPress={() => setDraft(defaultQualitySettings)}>
            {w.quality.defaults}
          </Button>
          <Button onPress={onClose}>{t.common.cancel}</Button>
          <Button
            variant="primary"
            type="submit"
            form={formId}
            isPending={busy}
            isDisabled={offline || !draft}
          >
            {t.common.save}
          </Button>
        </>
      }
    >
      <p className="mb-4 text-pretty text-ink-muted">{w.quality.weightsText}</p>
      <Loaded query={query} failed={w.quality.loadFailed}>
        {(saved) => (
          <Fields
            formId={formId}
            settings={draft ?? saved}
            onChange={setDraft}
            onSubmit={() => void save()}
          />
        )}
      </Loaded>
      {error !== null && (
        <p role="alert" className="mt-3 text-sm text-danger-ink">
          {errorText(t, error)}
        </p>
      )}
    </Dialog>
  );
}

interface FieldsProps {
  formId: string;
  settings: QualitySettings;
  onChange: (settings: QualitySettings) => void;
  onSubmit: () => void;
}

function Fields({ formId, settings, onChange, onSubmit }: FieldsProps) {
  const w = useCustomerWords();
  const name = useCompletenessName();
  const whole = (value: number) => (Number.isFinite(value) ? Math.round(value) : 0);
  return (
    <form
      noValidate
      id={formId}
      className="flex flex-col gap-5"
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      <fieldset>
        <legend className="mb-2 text-sm font-bold">{w.quality.weight}</legend>
        <div className="grid grid-cols-2 gap-3 sm:grid-cols-3">
          {completenessFields.map((field) => (
            <NumberField
              key={field}
              label={name(field)}
              value={settings.weights[field]}
              min={0}
              max={100}
              onChange={(value) =>
                onChange({ ...settings, weights: { ...settings.weights, [field]: whole(value) } })
              }
            />
          ))}
        </div>
      </fieldset>
      <fieldset>
        <legend className="mb-2 text-sm font-bold">{w.quality.months}</legend>
        <div className="grid grid-cols-2 gap-3 sm:grid-cols-3">
          {ageing.map((field) => (
            <NumberField
              key={field}
              label={w.quality.stale[field]}
              value={settings.staleMonths[field]}
              min={0}
              max={120}
              onChange={(value) =>
                onChange({ ...settings, staleMonths: { ...settings.staleMonths, [field]: whole(value) } })
              }
            />
          ))}
        </div>
      </fieldset>
    </form>
  );
}
