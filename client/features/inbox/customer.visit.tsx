import type { Presence } from '../../../shared/events.ts';
import { useT } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import { usePresence } from '../../state/hooks.tsx';

/** That a visitor has a page of the site open at this moment. */
export function OnlineMark({ conversationId }: { conversationId: string }) {
  const t = useT();
  if (!usePresence(conversationId)?.visit?.online) return null;
  return (
    <span className="inline-flex shrink-0 items-center gap-1 text-2xs whitespace-nowrap text-ok-ink">
      <span aria-hidden className="size-2 rounded-full bg-ok-ink" />
      {t.presence.online}
    </span>
  );
}

/** Where on the site a visitor is, or was last. */
export function VisitLine({ conversationId }: { conversationId: string }) {
  const t = useT();
  const visit = usePresence(conversationId)?.visit;
  const page = visit?.page && pageOf(visit.page);
  if (!visit || (!visit.online && !page)) return null;
  return (
    <div className="flex max-w-full min-w-0 flex-col items-center gap-0.5 text-2xs text-ink-muted">
      <OnlineMark conversationId={conversationId} />
      {page && (
        <p className="flex max-w-full min-w-0 gap-1">
          <span className="shrink-0">{visit.online ? t.presence.onPage : t.presence.lastPage}</span>
          {page.href ? (
            <a
              href={page.href}
              title={page.href}
              target="_blank"
              rel="noopener noreferrer"
              className="min-w-0 truncate underline decoration-current/40 underline-offset-3 hover:decoration-current"
            >
              <bdi>{page.name}</bdi>
            </a>
          ) : (
            <bdi className="min-w-0 truncate">{page.name}</bdi>
          )}
        </p>
      )}
    </div>
  );
}

/** What a visitor's window says of its page: a link only when it leads to a site. */
export function pageOf({
  url,
  title,
}: NonNullable<NonNullable<Presence['visit']>['page']>): { name: string; href: string | null } | null {
  const at = URL.canParse(url) ? new URL(url) : null;
  const href = at && /^https?:$/.test(at.protocol) ? at.href : null;
  const name = plainName(title) || (at && href ? `${at.host}${at.pathname}` : '');
  return name ? { name, href } : null;
}
