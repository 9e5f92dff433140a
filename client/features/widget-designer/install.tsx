import { useLocale } from '../../i18n/locale.tsx';
import { Card } from '../settings/page.tsx';
import { Code } from './code.tsx';
import { policyOf, snippetOf, strictSnippetOf } from './samples.ts';
import { words } from './words.ts';

/** What an organisation puts into its pages. */
export function Install({ home, site }: { home: string; site: string }) {
  const { language } = useLocale();
  const w = words[language];
  const isLocal = /^(?:localhost|127\.|\[::1\])/.test(new URL(home).hostname);
  return (
    <Card title={w.install} text={w.installText}>
      <div className="grid grid-cols-1 gap-3">
        {isLocal && <p className="rounded-md bg-warn-soft px-3 py-2 text-warn-ink">{w.local}</p>}
        <Code text={snippetOf(home, site)} label={w.snippet} copy={w.copy} />
        <details className="rounded-md border border-line px-3 py-2">
          <summary className="cursor-pointer font-medium">{w.strict}</summary>
          <div className="mt-2 grid grid-cols-1 gap-2">
            <p className="text-ink-muted">{w.strictText}</p>
            <Code text={strictSnippetOf(home, site)} label={w.strict} copy={w.copy} />
            <Code text={policyOf(home)} label="Content-Security-Policy" copy={w.copy} />
          </div>
        </details>
      </div>
    </Card>
  );
}
