import { useState } from 'react';
import {
  type ChannelKind,
  type Consent,
  type ConsentPut,
  type ConsentSource,
  channelKinds,
} from '../../../../shared/profile.ts';
import { Chip } from '../../../components/badge.tsx';
import { Button, IconButton } from '../../../components/button.tsx';
import { History } from '../../../components/icons.ts';
import { Popover } from '../../../components/popover.tsx';
import { Select } from '../../../components/select.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { showToast } from '../../../components/toast.tsx';
import { useCustomerWords } from '../../../i18n/customer-words.ts';
import { useFmt, useT } from '../../../i18n/locale.tsx';
import { useNow } from '../../../lib/time.ts';
import { useUsers } from '../../directory.ts';
import { errorText } from '../../error-text.ts';
import { usePutConsent } from '../change.ts';
import { useMayWrite } from '../may-write.ts';
import { PanelCard } from './card.tsx';
import { EditForm } from './edit-line.tsx';
import type { PanelProps } from './panels.tsx';
import { ToMessage } from './to-message.tsx';

const tones = { granted: 'ok', withdrawn: 'danger', unknown: 'neutral' } as const;
const said: readonly ConsentSource[] = ['told', 'message', 'form', 'call', 'contract'];

/** Whether we may write to them, by kinds of channels: the ones they have, and the ones they spoke of. */
export function ConsentsPanel({ customer }: PanelProps) {
  const w = useCustomerWords();
  const reached = new Set<string>(customer.identities.map(({ kind }) => kind));
  const spoken = new Set<string>(customer.consents.map(({ kind }) => kind));
  const kinds = channelKinds.filter((kind) => reached.has(kind) || spoken.has(kind));
  const shown = kinds.length > 0 ? kinds : (['mobile', 'emailAddress'] as const);
  return (
    <PanelCard title={w.panels.names.consents}>
      <ul className="divide-y divide-line">
        {shown.map((kind) => (
          <Line
            key={kind}
            customer={customer}
            kind={kind}
            consent={customer.consents.find((each) => each.kind === kind)}
          />
        ))}
      </ul>
    </PanelCard>
  );
}

function Line({ customer, kind, consent }: PanelProps & { kind: ChannelKind; consent: Consent | undefined }) {
  const t = useT();
  const w = useCustomerWords();
  const writes = useMayWrite();
  const putConsent = usePutConsent(customer.id);
  const [granting, setGranting] = useState(false);
  const state = consent?.state ?? 'unknown';
  const put = (body: ConsentPut) => putConsent(kind, body);
  const withdraw = () =>
    put({ state: 'withdrawn', source: 'told', evidence: '', messageId: null }).catch((error: unknown) =>
      showToast({ text: errorText(t, error), tone: 'error' }),
    );
  return (
    <li className="py-1.5">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <span className="min-w-0 flex-1 truncate text-sm">{w.identityKind[kind]}</span>
        <Chip tone={tones[state]}>{w.consents[state]}</Chip>
        {consent && <Past customerId={customer.id} consent={consent} />}
      </div>
      {consent?.evidence && (
        <p dir="auto" className="ui-start text-2xs text-ink-muted">
          {consent.evidence}
        </p>
      )}
      {writes &&
        (granting ? (
          <Grant onPut={put} onClose={() => setGranting(false)} />
        ) : (
          <div className="-ms-2 flex gap-1">
            {state !== 'granted' && (
              <Button size="sm" variant="quiet" onPress={() => setGranting(true)}>
                {w.consents.grant}
              </Button>
            )}
            {state !== 'withdrawn' && (
              <Button size="sm" variant="quiet" onPress={() => void withdraw()}>
                {w.consents.withdraw}
              </Button>
            )}
          </div>
        ))}
    </li>
  );
}

/** Every word on it, the newest first. */
function Past({ customerId, consent }: { customerId: string; consent: Consent }) {
  const t = useT();
  const w = useCustomerWords();
  const fmt = useFmt();
  const now = useNow();
  const users = useUsers();
  return (
    <Popover
      label={w.consents.history}
      placement="bottom end"
      trigger={<IconButton size="sm" label={w.consents.history} icon={<History size={14} />} />}
    >
      <ol className="flex w-64 flex-col gap-2">
        {consent.history.map((each) => (
          <li key={`${each.at} ${each.state}`} className="text-xs">
            <p className="font-medium">{w.consents[each.state]}</p>
            <p className="text-2xs text-ink-muted">
              {w.consents.line(
                users.get(each.byUserId ?? '')?.name ?? t.common.unknown,
                w.consents.sources[each.source],
                fmt.date(each.at, now),
              )}
            </p>
            {each.evidence && (
              <p dir="auto" className="ui-start">
                {each.evidence}
              </p>
            )}
            {each.messageId && <ToMessage customerId={customerId} messageId={each.messageId} />}
          </li>
        ))}
      </ol>
    </Popover>
  );
}

function Grant({ onPut, onClose }: { onPut: (body: ConsentPut) => Promise<void>; onClose: () => void }) {
  const t = useT();
  const w = useCustomerWords();
  const [source, setSource] = useState<ConsentSource>('told');
  const [evidence, setEvidence] = useState('');
  const [error, setError] = useState<string>();
  const save = async () => {
    if (!evidence.trim()) return setError(w.consents.evidenceMissing);
    try {
      await onPut({ state: 'granted', source, evidence: evidence.trim(), messageId: null });
      onClose();
    } catch (failure) {
      setError(errorText(t, failure));
    }
  };
  return (
    <EditForm onSave={save} onClose={onClose} saveLabel={w.consents.grant}>
      <Select
        label={w.consents.source}
        value={source}
        onChange={setSource}
        options={said.map((id) => ({ id, label: w.consents.sources[id] }))}
      />
      <TextField
        label={w.consents.evidence}
        help={w.consents.evidenceHelp}
        value={evidence}
        onChange={setEvidence}
        error={error}
        maxLength={500}
        autoFocus
      />
    </EditForm>
  );
}
