import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect } from 'react';
import { Link } from 'wouter';
import { may, type Permission } from '../../../shared/access.ts';
import { Badge } from '../../components/badge.tsx';
import { Banner } from '../../components/banner.tsx';
import { cx } from '../../components/cx.ts';
import { CloudOff } from '../../components/icons.ts';
import { type AdvocateCatalog, useAdvocateWords } from '../../i18n/advocate-words.ts';
import { useFmt, useT } from '../../i18n/locale.tsx';
import { useMe, useWorkspace } from '../../state/hooks.tsx';
import { useOffline } from '../settings/page.tsx';
import { useListEvents } from '../teams/queries.ts';

type Part = Exclude<keyof AdvocateCatalog['advocatesArea'], 'label' | 'waiting'>;

const parts: { part: Part; href: string; permission: Permission }[] = [
  { part: 'board', href: '/advocates', permission: 'advocate.read' },
  { part: 'rewards', href: '/advocates/rewards', permission: 'advocate.read' },
  { part: 'approvals', href: '/advocates/approvals', permission: 'advocate.read' },
  { part: 'coupons', href: '/advocates/coupons', permission: 'reward.give' },
  { part: 'testimonials', href: '/advocates/testimonials', permission: 'advocate.read' },
  { part: 'settings', href: '/advocates/settings', permission: 'advocate.read' },
  { part: 'report', href: '/reports/advocates', permission: 'report.read' },
];

export interface AdvocatesAreaProps {
  part: Part;
  text?: ReactNode;
  actions?: ReactNode;
  /** The page scrolls inside, e.g. a board that fills the height; else the page does. */
  fills?: boolean;
  children: ReactNode;
}

/** A page about advocates: the parts of the area above it, its name and deeds, its content. The board wants the width. */
export function AdvocatesArea({ part, text, actions, fills = false, children }: AdvocatesAreaProps) {
  const t = useT();
  const w = useAdvocateWords();
  const offline = useOffline();
  useListEvents();
  const name = w.advocatesArea[part];
  useEffect(() => {
    document.title = `${name} · ${t.app.name}`;
  }, [name, t]);
  useEffect(() => {
    // What had the keyboard went with the page before; who only just loaded this one begins at its beginning.
    if (document.activeElement === document.body && navigator.userActivation?.hasBeenActive)
      document.getElementById('content')?.focus();
  }, []);
  return (
    <div className="flex h-full flex-col">
      {offline && (
        <Banner tone="warn" icon={<CloudOff size={15} />}>
          {t.offline.settings}
        </Banner>
      )}
      <Parts part={part} />
      <div className={cx('min-h-0 min-w-0 flex-1', fills ? 'flex flex-col' : 'overflow-y-auto')}>
        <div
          className={cx(
            'flex w-full flex-col px-4 pt-4 sm:px-6',
            fills ? 'min-h-0 flex-1' : 'mx-auto min-h-full max-w-6xl pb-8',
          )}
        >
          <header className="mb-3 flex flex-wrap items-start gap-x-4 gap-y-2">
            <div className="min-w-0 flex-1 basis-40">
              <h1 className="flex min-h-(--control) items-center text-xl font-bold">{name}</h1>
              {text && <p className="max-w-prose text-pretty text-ink-muted max-sm:hidden">{text}</p>}
            </div>
            {actions && <div className="flex flex-wrap items-end gap-2">{actions}</div>}
          </header>
          {children}
        </div>
      </div>
    </div>
  );
}

function Parts({ part }: { part: Part }) {
  const w = useAdvocateWords();
  const me = useMe();
  return (
    <nav
      aria-label={w.advocatesArea.label}
      className="relative shrink-0 overflow-x-auto border-b border-line bg-surface px-2 sm:px-4"
    >
      <ul className="flex gap-1">
        {parts
          .filter(({ permission }) => may(me, permission))
          .map((each) => (
            <li key={each.part} className="shrink-0">
              <Link
                href={each.href}
                aria-current={each.part === part ? 'page' : undefined}
                className={cx(
                  '-mb-px flex min-h-10 items-center gap-1.5 border-b-2 px-2 text-sm font-medium whitespace-nowrap transition-colors focus-visible:outline-offset-[-2px]',
                  each.part === part
                    ? 'border-accent text-accent-ink'
                    : 'border-transparent text-ink-muted hover:text-ink',
                )}
              >
                {w.advocatesArea[each.part]}
                {each.part === 'approvals' && <Waiting />}
              </Link>
            </li>
          ))}
      </ul>
    </nav>
  );
}

const most = 50;

/** How many rewards wait for somebody; nothing where none does. */
function Waiting() {
  const w = useAdvocateWords();
  const fmt = useFmt();
  const { calls } = useWorkspace();
  const { data } = useQuery({
    queryKey: ['rewards', 'waiting'],
    queryFn: () => calls.rewards({ customerId: null, state: 'waiting', after: null, limit: most }),
  });
  const count = data?.rewards.length ?? 0;
  if (count === 0) return null;
  const said = data?.next ? `${fmt.number(most)}+` : fmt.number(count);
  return (
    <Badge tone="strong" label={w.advocatesArea.waiting(said)}>
      {said}
    </Badge>
  );
}
