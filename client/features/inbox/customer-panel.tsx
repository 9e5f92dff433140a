import { useQuery } from '@tanstack/react-query';
import { type ReactNode, Suspense, useEffect, useState } from 'react';
import { Link } from 'wouter';
import type { Conversation } from '../../../shared/conversation.ts';
import type { Claim, Customer } from '../../../shared/customer.ts';
import { Avatar } from '../../components/avatar.tsx';
import { Button, IconButton } from '../../components/button.tsx';
import { ChannelGlyph } from '../../components/channel-glyph.tsx';
import { cx } from '../../components/cx.ts';
import { ErrorState } from '../../components/error-state.tsx';
import { Copy, Link2, Pencil } from '../../components/icons.ts';
import { Kbd } from '../../components/kbd.tsx';
import { Delayed, Skeleton } from '../../components/skeleton.tsx';
import { TextField } from '../../components/text-field.tsx';
import { showToast } from '../../components/toast.tsx';
import { useFmt, useLocale, useT } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import { useHotkeyKeys } from '../../lib/hotkeys.react.tsx';
import { later } from '../../lib/later.ts';
import { PreviewText } from '../../lib/message-text.tsx';
import { useNow } from '../../lib/time.ts';
import { queries, useCustomerSummary, useStore, useWorkspace } from '../../state/hooks.tsx';
import { useChannelLook } from '../directory.ts';
import { errorIdOf, errorText } from '../error-text.ts';
import { IdentityLine } from './customer.identity.tsx';
import { VisitLine } from './customer.visit.tsx';
import { PersonName } from './person-name.tsx';
import { useSuggested } from './suggested.ts';

const MergeDialog = later(() => import('../merge/merge.dialog.tsx'));

const Summary = later(() => import('./customer.summary.tsx'));

export interface CustomerPanelProps {
  header: Conversation;
  /** Shows where a conversation of theirs begins. */
  onOpenConversation: (conversationId: string) => void;
}

/** All that is known about the person the agent is talking to, whatever channels they write on. */
export function CustomerPanel({ header, onOpenConversation }: CustomerPanelProps) {
  const t = useT();
  const { calls } = useWorkspace();
  const { customerId } = header;
  const summary = useCustomerSummary(customerId);
  const { data, error, refetch } = useQuery({
    queryKey: ['customer', customerId],
    queryFn: () => calls.customer(customerId),
  });
  // A rename, a link, a new identity raise the customer's version; a message of theirs changes the history.
  const version = summary?.version;
  // biome-ignore lint/correctness/useExhaustiveDependencies: these are what makes the page old
  useEffect(() => {
    void queries.invalidateQueries({ queryKey: ['customer', customerId] });
  }, [customerId, version, header.status, header.seq]);

  if (error && !data)
    return (
      <ErrorState
        title={t.customer.loadFailed}
        text={errorText(t, error)}
        errorId={errorIdOf(error)}
        onRetry={() => void refetch()}
      />
    );
  if (!data)
    return (
      <Delayed>
        <div role="status" className="space-y-4 p-4">
          <span className="sr-only">{t.common.loading}</span>
          <Skeleton className="size-14 rounded-full" />
          <Skeleton className="h-4 w-2/3" />
          <Skeleton className="h-20" />
          <Skeleton className="h-32" />
        </div>
      </Delayed>
    );
  return <Loaded key={data.id} customer={data} header={header} onOpenConversation={onOpenConversation} />;
}

function Loaded({ customer, header, onOpenConversation }: CustomerPanelProps & { customer: Customer }) {
  const t = useT();
  const fmt = useFmt();
  const now = useNow();
  const [linking, setLinking] = useState<Claim | 'search' | null>(null);
  const claim = typeof linking === 'object' ? linking : null;
  const other = useSuggested(claim?.suggestsCustomerId ?? null);
  return (
    <div className="flex h-full flex-col overflow-y-auto pb-6">
      <div className="flex flex-col items-center gap-1.5 px-4 pt-6 pb-4 text-center">
        <Avatar name={customer.name} seed={customer.id} size="lg" />
        <Name customer={customer} />
        <VisitLine conversationId={header.id} />
        <p className="text-2xs text-ink-faint">{t.customer.since(fmt.date(customer.createdAt, now))}</p>
        <p className="inline-flex items-center gap-1 text-2xs text-ink-faint">
          {t.customer.cid}
          <code className="ltr font-mono select-all">{customer.id}</code>
          <IconButton
            size="sm"
            label={t.customer.copyCid}
            icon={<Copy size={13} />}
            onPress={() => {
              void navigator.clipboard
                ?.writeText(customer.id)
                .then(() => showToast({ text: t.common.copied, stays: 2_000 }));
            }}
          />
        </p>
        <Link
          href={`/customers/${customer.id}`}
          className="mt-1 inline-flex min-h-6 items-center gap-2 rounded-md px-1 text-xs font-medium text-accent-ink underline-offset-3 hover:underline"
        >
          {t.commands['panes.customerPage']}
          <Keys />
        </Link>
      </div>
      <Suspense>
        <Summary customer={customer} />
      </Suspense>
      <Card title={t.customer.identities}>
        {customer.identities.length === 0 ? (
          <p className="text-xs text-ink-faint">{t.customer.noIdentities}</p>
        ) : (
          <ul className="flex flex-col gap-2.5">
            {customer.identities.map((identity) => (
              <IdentityLine key={identity.id} identity={identity} customerId={customer.id} />
            ))}
          </ul>
        )}
        {customer.claims.map((each) => (
          <Suggestion key={each.id} claim={each} onLink={() => setLinking(each)} />
        ))}
        <Button
          size="sm"
          className="mt-3 w-full"
          icon={<Link2 size={14} aria-hidden />}
          onPress={() => setLinking('search')}
        >
          {t.link.button}
        </Button>
      </Card>
      <Card title={t.customer.history} aside={t.customer.conversations(customer.conversations.length)}>
        <History customer={customer} header={header} onOpen={onOpenConversation} />
      </Card>
      {linking !== null && (
        <Suspense fallback={null}>
          <MergeDialog
            onClose={() => setLinking(null)}
            customer={customer}
            {...(claim?.suggestsCustomerId && {
              other: { id: claim.suggestsCustomerId, name: other ?? claim.value },
              reason: plainName(
                t.link.suggestionText(t.link.sources[claim.source] ?? claim.source, claim.value),
              ),
            })}
          />
        </Suspense>
      )}
    </div>
  );
}

function Keys() {
  const keys = useHotkeyKeys('panes.customerPage');
  return keys ? (
    <span aria-hidden className="pointer-coarse:hidden">
      <Kbd keys={keys} />
    </span>
  ) : null;
}

function Card({ title, aside, children }: { title: string; aside?: string; children: ReactNode }) {
  return (
    <section className="border-t border-line px-4 py-3.5">
      <h3 className="mb-2.5 flex items-baseline justify-between text-xs font-semibold text-ink-muted">
        {title}
        {aside && <span className="text-2xs font-normal text-ink-faint">{aside}</span>}
      </h3>
      {children}
    </section>
  );
}

function Name({ customer }: { customer: Customer }) {
  const t = useT();
  const { calls } = useWorkspace();
  const [draft, setDraft] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const save = async () => {
    const name = draft?.trim();
    if (!name || name === customer.name) return setDraft(null);
    try {
      queries.setQueryData(['customer', customer.id], await calls.renameCustomer(customer.id, name));
      setDraft(null);
      showToast({ text: t.customer.renamed, stays: 3_000 });
    } catch (failure) {
      setError(failure);
    }
  };
  if (draft === null)
    return (
      <div className="group flex max-w-full items-center gap-0.5 ps-7">
        <h2 className="min-w-0 text-lg font-bold">
          <PersonName name={customer.name} />
        </h2>
        <IconButton
          size="sm"
          label={t.customer.rename}
          icon={<Pencil size={13} />}
          onPress={() => setDraft(customer.name)}
        />
      </div>
    );
  return (
    <form
      noValidate
      className="flex w-full flex-col gap-2 text-start"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') setDraft(null);
      }}
    >
      <TextField
        label={t.customer.name}
        value={draft}
        onChange={setDraft}
        autoFocus
        maxLength={120}
        error={error ? errorText(t, error) : undefined}
      />
      <div className="flex justify-end gap-1.5">
        <Button size="sm" variant="quiet" onPress={() => setDraft(null)}>
          {t.common.cancel}
        </Button>
        <Button size="sm" variant="primary" type="submit">
          {t.common.save}
        </Button>
      </div>
    </form>
  );
}

/** A claim that points to another customer: never a link by itself, always a person's decision. */
function Suggestion({ claim, onLink }: { claim: Claim; onLink: () => void }) {
  const t = useT();
  const name = useSuggested(claim.suggestsCustomerId);
  if (!claim.suggestsCustomerId) return null;
  return (
    <div className="mt-3 rounded-lg bg-info-soft px-3 py-2 text-xs text-info-ink">
      <p className="font-semibold">{t.link.suggestion}</p>
      {name && <PersonName name={name} className="text-sm font-medium text-ink" />}
      <p className="mb-2">
        {t.link.suggestionText(t.link.sources[claim.source] ?? claim.source, claim.value)}
      </p>
      <Button size="sm" onPress={onLink}>
        {t.link.title}
      </Button>
    </div>
  );
}

function History(props: {
  customer: Customer;
  header: Conversation;
  onOpen: CustomerPanelProps['onOpenConversation'];
}) {
  const { customer, header, onOpen } = props;
  const t = useT();
  const fmt = useFmt();
  const now = useNow();
  const look = useChannelLook();
  const { direction } = useLocale();
  const headers = useStore((state) => state.headers);
  if (customer.conversations.length === 0)
    return <p className="text-xs text-ink-faint">{t.customer.historyEmpty}</p>;
  return (
    <ol className="-mx-2 flex flex-col">
      {customer.conversations.map((each) => {
        const here = each.id === header.id;
        const status = headers.get(each.id)?.status ?? each.status;
        return (
          <li key={each.id}>
            <button
              type="button"
              aria-current={here ? 'true' : undefined}
              onClick={() => onOpen(each.id)}
              className={cx(
                'flex w-full flex-col gap-0.5 rounded-md px-2 py-1.5 text-start hover:bg-hover',
                here && 'bg-accent-soft',
              )}
            >
              <span className="flex w-full items-center gap-1.5 text-2xs text-ink-faint">
                {each.channelIds.map((id) => (
                  <ChannelGlyph key={id} glyph={look(id).glyph} size={14} label={look(id).name} />
                ))}
                <span className={here ? 'font-semibold text-accent-ink' : ''}>
                  {here ? t.customer.current : (t.row.status as Record<string, string>)[status]}
                </span>
                <span className="flex-1" />
                <time dateTime={each.lastAt} title={fmt.both(each.lastAt)}>
                  {fmt.date(each.lastAt, now)}
                </time>
              </span>
              <span className="block w-full text-xs text-ink-muted">
                <PreviewText
                  text={each.preview || t.customer.messages(each.messageCount)}
                  fallback={direction}
                />
              </span>
            </button>
          </li>
        );
      })}
    </ol>
  );
}
