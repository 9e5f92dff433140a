import type { ReactNode } from 'react';
import { Badge } from '../../components/badge.tsx';
import { Activity, Bookmark, List, type LucideIcon, TriangleAlert } from '../../components/icons.ts';
import { type ListeningCatalog, useListeningWords } from '../../i18n/listening-words.ts';
import { useFmt, useT } from '../../i18n/locale.tsx';
import { Area } from '../shell/area.tsx';
import { useUnseenSpikes } from './queries.ts';

type Part = Exclude<keyof ListeningCatalog['area'], 'label' | 'unseen'>;

const parts: { part: Part; href: string; icon: LucideIcon }[] = [
  { part: 'stream', href: '/listening', icon: List },
  { part: 'overview', href: '/listening/overview', icon: Activity },
  { part: 'searches', href: '/listening/searches', icon: Bookmark },
  { part: 'spikes', href: '/listening/spikes', icon: TriangleAlert },
];

export interface ListeningAreaProps {
  part: Part;
  /** Of the window, where it is not the part's own. */
  name?: string;
  title?: ReactNode;
  text?: ReactNode;
  actions?: ReactNode;
  /** The page scrolls inside; else the page does. */
  fills?: boolean;
  children: ReactNode;
}

/** A page about what is said in public: the parts of the area at its side, its name and deeds, its content. */
export function ListeningArea({ part, name, title, ...rest }: ListeningAreaProps) {
  const t = useT();
  const w = useListeningWords().area;
  const fmt = useFmt();
  const unseen = useUnseenSpikes().length;
  return (
    <Area
      {...rest}
      label={w.label}
      name={name ?? `${w[part]} · ${t.rail.listening}`}
      title={title ?? w[part]}
      parts={parts.map(({ part: each, href, icon }) => ({
        href,
        icon,
        name: w[each],
        // What is only read aloud is held in its place: it would widen the page of a phone.
        count: each === 'spikes' && unseen > 0 && (
          <span className="relative ms-auto flex">
            <Badge label={w.unseen(unseen)}>{fmt.number(unseen)}</Badge>
          </span>
        ),
      }))}
    />
  );
}
