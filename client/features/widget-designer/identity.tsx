import { useState } from 'react';
import { Button } from '../../components/button.tsx';
import { Tabs } from '../../components/tabs.tsx';
import { useLocale } from '../../i18n/locale.tsx';
import { Card } from '../settings/page.tsx';
import { Code } from './code.tsx';
import { identifySample, mintSecret, type SampleId, samples } from './samples.ts';
import { words } from './words.ts';

export interface IdentityProps {
  /** A secret is stored. */
  isSet: boolean;
  busy: boolean;
  /** Stores a new one; resolves with whether it is. */
  onSecret: (secret: string) => Promise<boolean>;
}

/** How the site vouches for its own users: the secret, and code for its server that makes the hash. */
export function Identity({ isSet, busy, onSecret }: IdentityProps) {
  const { language } = useLocale();
  const w = words[language];
  const [secret, setSecret] = useState<string | null>(null);
  const [sample, setSample] = useState<SampleId>('node');
  const renew = async () => {
    const made = mintSecret();
    // Shown only when it holds; why it does not stands above the form.
    if (await onSecret(made).catch(() => false)) setSecret(made);
  };
  return (
    <Card title={w.identity} text={w.identityText}>
      <div className="grid grid-cols-1 gap-4">
        {secret ? (
          <div role="status" className="grid grid-cols-1 gap-2">
            <p className="rounded-md bg-warn-soft px-3 py-2 text-warn-ink">{w.secretOnce}</p>
            <Code text={secret} label={w.secret} copy={w.copy} />
          </div>
        ) : (
          <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
            <p className="min-w-0 flex-1 basis-60 text-ink-muted">
              {isSet ? `${w.secretSet} ${w.secretWarning}` : w.secretNone}
            </p>
            <Button isPending={busy} onPress={() => void renew()}>
              {w.secretNew}
            </Button>
          </div>
        )}
        <section className="grid grid-cols-1 gap-2">
          <h3 className="font-semibold">{w.samples}</h3>
          <Tabs
            label={w.samples}
            value={sample}
            onChange={setSample}
            items={samples.map(({ id, name, code }) => ({
              id,
              label: name,
              content: <Code text={code} label={name} copy={w.copy} />,
            }))}
          />
        </section>
        <section className="grid grid-cols-1 gap-2">
          <h3 className="font-semibold">{w.onPage}</h3>
          <p className="text-ink-muted">{w.signOut}</p>
          <Code text={identifySample} label={w.onPage} copy={w.copy} />
        </section>
      </div>
    </Card>
  );
}
