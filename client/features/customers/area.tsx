import { type ReactNode, useEffect, useRef } from 'react';
import { Link, useLocation } from 'wouter';
import { may, type Permission } from '../../../shared/access.ts';
import { Banner } from '../../components/banner.tsx';
import { cx } from '../../components/cx.ts';
import {
  Building,
  CloudOff,
  CopyCheck,
  FileUp,
  ListFilter,
  type LucideIcon,
  ShieldCheck,
  Users,
} from '../../components/icons.ts';
import { type CustomerCatalog, useCustomerWords } from '../../i18n/customer-words.ts';
import { useT } from '../../i18n/locale.tsx';
import { useMe } from '../../state/hooks.tsx';
import { DuplicateCount } from '../duplicates/count.tsx';
import { useOffline } from '../settings/page.tsx';

type Part = Exclude<keyof CustomerCatalog['customersArea'], 'label'>;

/** The pages of the area, in the order of their list. */
const parts: { part: Part; href: string; icon: LucideIcon; permission: Permission }[] = [
  { part: 'all', href: '/customers', icon: Users, permission: 'customer.read' },
  { part: 'segments', href: '/customers/segments', icon: ListFilter, permission: 'customer.read' },
  { part: 'companies', href: '/customers/companies', icon: Building, permission: 'customer.read' },
  { part: 'duplicates', href: '/customers/duplicates', icon: CopyCheck, permission: 'customer.link' },
  { part: 'quality', href: '/customers/quality', icon: ShieldCheck, permission: 'quality.read' },
  { part: 'imports', href: '/customers/imports', icon: FileUp, permission: 'customer.import' },
];

export interface AreaProps {
  part: Part;
  /** Of the window, where it is not the part's own. */
  name?: string;
  title?: ReactNode;
  text?: ReactNode;
  actions?: ReactNode;
  /** The page scrolls inside, e.g. a table that fills the height; else the page does. */
  fills?: boolean;
  children: ReactNode;
}

/** A page about customers: the parts of the area at its side, its name and deeds, its content. */
export function CustomersArea({ part, name, title, text, actions, fills = false, children }: AreaProps) {
  const t = useT();
  const w = useCustomerWords();
  const offline = useOffline();
  const own = name ?? w.customersArea[part];
  useEffect(() => {
    document.title = `${own} · ${t.app.name}`;
  }, [own, t]);
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
      <div className="flex min-h-0 flex-1 flex-col lg:flex-row">
        <Parts />
        <div className={cx('min-h-0 min-w-0 flex-1', fills ? 'flex flex-col' : 'overflow-y-auto')}>
          <div
            className={cx(
              'flex w-full flex-col px-4 pt-5 sm:px-6',
              fills ? 'min-h-0 flex-1' : 'mx-auto min-h-full max-w-6xl pb-8',
            )}
          >
            <header className="mb-4 flex flex-wrap items-start gap-x-4 gap-y-3">
              <div className="min-w-0 flex-1">
                <h1 className="flex min-h-(--control) flex-wrap items-center gap-2 text-xl font-bold">
                  {title ?? own}
                </h1>
                {text && <p className="mt-1 max-w-prose text-pretty text-ink-muted">{text}</p>}
              </div>
              {actions && <div className="flex shrink-0 flex-wrap gap-2">{actions}</div>}
            </header>
            {children}
          </div>
        </div>
      </div>
    </div>
  );
}

function Parts() {
  const w = useCustomerWords();
  const me = useMe();
  const [location] = useLocation();
  const allowed = parts.filter(({ permission }) => may(me, permission));
  const list = useRef<HTMLUListElement>(null);
  // In a narrow window the list goes beyond the edge: where one is stays in sight.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another place is another one in sight
  useEffect(() => {
    list.current
      ?.querySelector('[aria-current="page"]')
      ?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [location]);
  const named = allowed.find(({ href }) => href !== '/customers' && location.startsWith(href));
  return (
    <nav
      aria-label={w.customersArea.label}
      className="shrink-0 overflow-x-auto border-line bg-surface px-2 py-1.5 max-lg:border-b lg:w-52 lg:border-e lg:px-3 lg:py-5"
    >
      <ul ref={list} className="flex gap-1 lg:flex-col lg:gap-0.5">
        {allowed.map((each) => {
          const here = each === (named ?? allowed[0]);
          const Icon = each.icon;
          return (
            <li key={each.part} className="shrink-0">
              <Link
                href={each.href}
                aria-current={here ? 'page' : undefined}
                className={cx(
                  'flex min-h-(--control) items-center gap-2 rounded-md px-2 text-sm whitespace-nowrap transition-colors hover:bg-hover hover:text-ink',
                  here ? 'bg-accent-soft font-semibold text-accent-ink' : 'text-ink-muted',
                )}
              >
                <Icon size={16} aria-hidden />
                {w.customersArea[each.part]}
                {each.part === 'duplicates' && <DuplicateCount />}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
