import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import type { ApiKey } from '../../../shared/api-key.ts';
import { Chip } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ExternalLink, KeyRound, Plus } from '../../components/icons.ts';
import { showToast } from '../../components/toast.tsx';
import { useFmt, useT } from '../../i18n/locale.tsx';
import { useWords } from '../../i18n/settings-words.ts';
import { useKeptFocus } from '../../lib/kept-focus.ts';
import { useNow } from '../../lib/time.ts';
import { useWorkspace } from '../../state/hooks.tsx';
import { errorText } from '../error-text.ts';
import { Card, Loaded, SettingsPage, useOffline } from '../settings/page.tsx';
import { ApiKeyDialog } from './api-key.dialog.tsx';

/** Keys for other programs: made, shown once, revoked. */
export default function ApiKeysPage() {
  const w = useWords();
  const offline = useOffline();
  const { calls } = useWorkspace();
  const keys = useQuery({ queryKey: ['apiKeys'], queryFn: () => calls.apiKeys() });
  const [making, setMaking] = useState(false);
  const page = useRef<HTMLDivElement>(null);
  useKeptFocus(page);
  const add = (
    <Button
      variant="primary"
      icon={<Plus size={16} aria-hidden />}
      isDisabled={offline}
      onPress={() => setMaking(true)}
    >
      {w.apiKeys.add}
    </Button>
  );
  return (
    <SettingsPage title={w.apiKeys.title} text={w.apiKeys.text} actions={keys.data?.length ? add : undefined}>
      <div ref={page} className="flex flex-1 flex-col outline-none">
        <Loaded query={keys} failed={w.apiKeys.loadFailed}>
          {(list) =>
            list.length === 0 ? (
              <EmptyState
                className="flex-1"
                icon={<KeyRound size={24} />}
                title={w.apiKeys.emptyTitle}
                text={w.apiKeys.emptyText}
                action={add}
              />
            ) : (
              <ul className="divide-y divide-line rounded-xl border border-line bg-surface shadow-soft">
                {list.map((each) => (
                  <Row key={each.id} apiKey={each} />
                ))}
              </ul>
            )
          }
        </Loaded>
        <Card
          className="mt-6"
          title={w.apiKeys.tryIt}
          aside={
            <a
              href="/api/v1/openapi.json"
              target="_blank"
              rel="noreferrer"
              className="inline-flex items-center gap-1 text-sm text-accent-ink underline-offset-3 hover:underline"
            >
              {w.apiKeys.document}
              <ExternalLink size={13} aria-hidden />
            </a>
          }
        >
          <pre
            dir="ltr"
            className="rounded-md bg-sunken p-3 text-start font-mono text-xs break-all whitespace-pre-wrap"
          >
            {`curl -H "Authorization: Bearer KEY" "${location.origin}/api/v1/customers?kind=mobile&value=09121234567"`}
          </pre>
        </Card>
      </div>
      {making && <ApiKeyDialog onClose={() => setMaking(false)} />}
    </SettingsPage>
  );
}

function Row({ apiKey }: { apiKey: ApiKey }) {
  const t = useT();
  const w = useWords();
  const fmt = useFmt();
  const now = useNow();
  const offline = useOffline();
  const { calls } = useWorkspace();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const revoke = useMutation({
    mutationFn: () => calls.revokeApiKey(apiKey.id),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['apiKeys'] });
      showToast({ text: w.apiKeys.revoked(apiKey.name), tone: 'ok' });
      setAsking(false);
    },
    onError: (error) => showToast({ text: errorText(t, error), tone: 'error' }),
  });
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex items-center gap-2 font-medium">
          <bdi className="truncate">{apiKey.name}</bdi>
          <code className="ltr font-mono text-2xs text-ink-faint">{apiKey.prefix}…</code>
          {apiKey.revokedAt && <Chip tone="danger">{w.apiKeys.revokedChip}</Chip>}
        </p>
        <p className="text-xs text-ink-muted">
          {fmt.list(apiKey.scopes.map((scope) => w.apiKeys.scope[scope]))}
        </p>
        <p className="text-2xs text-ink-faint">
          {w.apiKeys.created(fmt.date(apiKey.createdAt, now))}
          {' · '}
          {apiKey.lastUsedAt ? w.apiKeys.used(fmt.relative(apiKey.lastUsedAt, now)) : w.apiKeys.neverUsed}
        </p>
      </div>
      {!apiKey.revokedAt && (
        <Button
          size="sm"
          variant="danger"
          isDisabled={offline}
          aria-label={w.apiKeys.revokeOf(apiKey.name)}
          onPress={() => setAsking(true)}
        >
          {w.apiKeys.revoke}
        </Button>
      )}
      <Dialog
        isOpen={asking}
        onClose={() => setAsking(false)}
        title={w.apiKeys.revokeOf(apiKey.name)}
        size="sm"
        alert
        actions={
          <>
            <Button onPress={() => setAsking(false)}>{t.common.cancel}</Button>
            <Button variant="danger" isPending={revoke.isPending} onPress={() => revoke.mutate()}>
              {w.apiKeys.revoke}
            </Button>
          </>
        }
      >
        <p className="text-ink-muted">{w.apiKeys.revokeText}</p>
      </Dialog>
    </li>
  );
}
