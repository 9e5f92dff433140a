import { type ReactNode, useEffect, useRef } from 'react';
import { Link, useLocation } from 'wouter';
import { Banner } from '../../components/banner.tsx';
import { cx } from '../../components/cx.ts';
import { CloudOff, type LucideIcon } from '../../components/icons.ts';
import { useT } from '../../i18n/locale.tsx';
import { useOffline } from '../settings/page.tsx';

/** A page of an area, as its list shows it. */
export interface AreaPart {
  href: string;
  name: string;
  icon: LucideIcon;
  /** What waits there. */
  count?: ReactNode;
}

export interface AreaProps {
  /** What the list of pages is called. */
  label: string;
  /** Those that the viewer may open; the first is the area's own page, under whose address the others stand. */
  parts: readonly AreaPart[];
  /** Of the window. */
  name: string;
  title?: ReactNode;
  text?: ReactNode;
  actions?: ReactNode;
  /** The page scrolls inside, e.g. a table that fills the height; else the page does. */
  fills?: boolean;
  children: ReactNode;
}

/** Pages that belong together: the list of them at the side, then the page's name and deeds, its content. */
export function Area(props: AreaProps) {
  const { label, parts, name, title, text, actions, fills = false, children } = props;
  const t = useT();
  const offline = useOffline();
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
      <div className="flex min-h-0 flex-1 flex-col lg:flex-row">
        <Parts label={label} parts={parts} />
        {/* What is only read aloud stays inside: it would make the page beneath scroll. */}
        <div className={cx('relative min-h-0 min-w-0 flex-1', fills ? 'flex flex-col' : 'overflow-y-auto')}>
          <div
            className={cx(
              'flex w-full flex-col px-4 pt-5 sm:px-6',
              fills ? 'min-h-0 flex-1' : 'mx-auto min-h-full max-w-6xl pb-8',
            )}
          >
            <header className="mb-4 flex flex-wrap items-start gap-x-4 gap-y-3">
              <div className="min-w-0 flex-1 basis-64">
                <h1 className="flex min-h-(--control) flex-wrap items-center gap-2 text-xl font-bold wrap-anywhere">
                  {title ?? name}
                </h1>
                {text && <p className="mt-1 max-w-prose text-pretty text-ink-muted">{text}</p>}
              </div>
              {actions && <div className="flex max-w-full shrink-0 flex-wrap gap-2">{actions}</div>}
            </header>
            {children}
          </div>
        </div>
      </div>
    </div>
  );
}

function Parts({ label, parts }: Pick<AreaProps, 'label' | 'parts'>) {
  const [location] = useLocation();
  const list = useRef<HTMLUListElement>(null);
  // In a narrow window the list goes beyond the edge: where one is stays in sight, also once a count made it longer.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another place is another one in sight
  useEffect(() => {
    if (!list.current) return;
    const observer = new ResizeObserver(([entry]) =>
      entry?.target
        .querySelector('[aria-current="page"]')
        ?.scrollIntoView({ block: 'nearest', inline: 'center' }),
    );
    observer.observe(list.current);
    return () => observer.disconnect();
  }, [location]);
  const [own, ...others] = parts;
  const here = others.find(({ href }) => location.startsWith(href)) ?? own;
  return (
    <nav
      aria-label={label}
      className="shrink-0 overflow-x-auto border-line bg-surface px-2 py-1.5 max-lg:border-b lg:w-52 lg:border-e lg:px-3 lg:py-5"
    >
      <ul ref={list} className="flex gap-1 max-lg:w-max lg:flex-col lg:gap-0.5">
        {parts.map((part) => {
          const Icon = part.icon;
          return (
            <li key={part.href} className="shrink-0">
              <Link
                href={part.href}
                aria-current={part === here ? 'page' : undefined}
                className={cx(
                  'flex min-h-(--control) items-center gap-2 rounded-md px-2 text-sm whitespace-nowrap transition-colors hover:bg-hover hover:text-ink',
                  part === here ? 'bg-accent-soft font-semibold text-accent-ink' : 'text-ink-muted',
                )}
              >
                <Icon size={16} aria-hidden />
                {part.name}
                {part.count}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
