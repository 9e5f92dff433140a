import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { FoundCustomer, FoundMessage, FoundRecord } from '../../../shared/search.ts';
import { Avatar } from '../../components/avatar.tsx';
import { ChannelGlyph } from '../../components/channel-glyph.tsx';
import { Paperclip, ShoppingBag, StickyNote, Wrench } from '../../components/icons.ts';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { useFmt, useLocale } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import { money } from '../../lib/money.ts';
import { useNow } from '../../lib/time.ts';
import { entryPath } from '../customers/history/query.ts';
import { useChannelLook, useUsers } from '../directory.ts';
import { PersonName } from '../inbox/person-name.tsx';
import { MarkedText } from './marked.tsx';

/** One line of what was found: a link that the arrow keys walk along. */
function Result({ href, children }: { href: string; children: ReactNode }) {
  return (
    <li>
      <Link
        href={href}
        data-result
        className="flex items-start gap-3 rounded-lg px-3 py-2.5 transition-colors hover:bg-hover focus-visible:bg-hover focus-visible:outline-offset-[-2px]"
      >
        {children}
      </Link>
    </li>
  );
}

export function CustomerResult({ found }: { found: FoundCustomer }) {
  const marks = new Map(found.identityHighlights.map((each) => [each.identityId, each.highlights]));
  // What was found comes before what merely belongs to them.
  // A channel that knows them by their name only adds nothing to it.
  const told = found.identities.filter(({ display }) => plainName(display) !== plainName(found.name));
  const shown = told.sort((a, b) => Number(marks.has(b.id)) - Number(marks.has(a.id)));
  return (
    <Result href={`/customers/${found.id}`}>
      <Avatar name={found.name} seed={found.id} size="sm" />
      <span className="min-w-0 flex-1">
        <span className="block truncate font-medium">
          <MarkedText text={plainName(found.name)} highlights={found.nameHighlights} />
        </span>
        <span className="flex flex-wrap gap-x-3 text-xs text-ink-muted">
          {shown.slice(0, 3).map(({ id, display }) => (
            <MarkedText key={id} ltr text={display} highlights={marks.get(id) ?? []} />
          ))}
        </span>
      </span>
      <code className="ltr shrink-0 pt-0.5 font-mono text-2xs text-ink-faint">{found.id}</code>
    </Result>
  );
}

export function MessageResult({ found }: { found: FoundMessage }) {
  const w = useCustomerWords();
  const fmt = useFmt();
  const now = useNow();
  const look = useChannelLook();
  const author = useUsers().get(found.authorId ?? '');
  const { glyph, name } = look(found.channelId);
  const { snippet } = found;
  return (
    <Result href={`/inbox/all/${found.conversationId}?message=${encodeURIComponent(found.id)}`}>
      <span className="grid w-7 shrink-0 place-items-center pt-0.5">
        {found.kind === 'note' ? (
          <StickyNote size={16} aria-label={w.searchPage.note} className="text-warn-ink" />
        ) : (
          <ChannelGlyph glyph={glyph} size={18} label={name} />
        )}
      </span>
      <span className="min-w-0 flex-1">
        <span className="flex items-baseline gap-2">
          <PersonName name={found.customer.name} className="min-w-0 font-medium" />
          {found.direction === 'out' && (
            <span className="shrink-0 text-2xs text-ink-faint">{w.searchPage.by(author?.name ?? null)}</span>
          )}
          {found.unwanted && (
            <span className="shrink-0 text-2xs text-danger-ink">{w.searchPage.unwanted}</span>
          )}
          <span className="flex-1" />
          <time dateTime={found.at} title={fmt.both(found.at)} className="shrink-0 text-2xs text-ink-faint">
            {fmt.date(found.at, now)}
          </time>
        </span>
        {found.subject && found.subject.highlights.length > 0 && (
          <span className="block text-xs font-medium">
            <MarkedText {...found.subject} />
          </span>
        )}
        {snippet.text && (
          <span className="block text-xs leading-relaxed text-ink-muted">
            <MarkedText
              text={snippet.text}
              highlights={snippet.highlights}
              cutBefore={snippet.cutBefore}
              cutAfter={snippet.cutAfter}
            />
          </span>
        )}
        {found.files.map((file) => (
          <span key={file.text} className="flex items-center gap-1 text-xs text-ink-muted">
            <Paperclip size={12} aria-hidden />
            <MarkedText {...file} />
          </span>
        ))}
      </span>
    </Result>
  );
}

export function RecordResult({ found }: { found: FoundRecord }) {
  const w = useCustomerWords();
  const fmt = useFmt();
  const now = useNow();
  const { language } = useLocale();
  const Icon = found.kind === 'service' ? Wrench : ShoppingBag;
  return (
    <Result href={entryPath(found.customer.id, found)}>
      <span className="grid w-7 shrink-0 place-items-center pt-0.5 text-ink-faint">
        <Icon size={16} aria-label={w.searchPage.record[found.kind === 'service' ? 'service' : 'purchase']} />
      </span>
      <span className="min-w-0 flex-1">
        <span className="flex items-baseline gap-2">
          <span className="min-w-0 truncate font-medium">
            <MarkedText {...found.title} />
          </span>
          <span className="flex-1" />
          <time dateTime={found.at} title={fmt.both(found.at)} className="shrink-0 text-2xs text-ink-faint">
            {fmt.date(found.at, now)}
          </time>
        </span>
        <span className="flex flex-wrap gap-x-3 text-xs text-ink-muted">
          <PersonName name={found.customer.name} />
          {found.externalId.text && <MarkedText ltr {...found.externalId} />}
          {found.amount !== null && found.currency !== null && (
            <span>{money(language, { amount: found.amount, currency: found.currency })}</span>
          )}
        </span>
      </span>
    </Result>
  );
}
