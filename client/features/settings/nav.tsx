import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { cx } from '../../components/cx.ts';
import { SearchField } from '../../components/text-field.tsx';
import { useT } from '../../i18n/locale.tsx';
import { useWords } from '../../i18n/settings-words.ts';
import { useMe } from '../../state/hooks.tsx';
import { sectionIcon } from './section-icons.tsx';
import { type SectionGroup, searchSettings, sectionsFor, sectionTitle } from './sections.ts';

const groups: SectionGroup[] = ['mine', 'work', 'data', 'channels'];

/** The pages of the settings beside the one that is open, and a search over all of them. */
export function SettingsNav() {
  const t = useT();
  const w = useWords();
  const sections = sectionsFor(useMe());
  const [location] = useLocation();
  const [query, setQuery] = useState('');
  return (
    <nav aria-label={w.area.title} className="flex flex-col gap-4">
      <SearchField label={w.area.search} placeholder={w.area.search} value={query} onChange={setQuery} />
      {query.trim() !== '' ? (
        <SearchResults query={query} onFollow={() => setQuery('')} compact />
      ) : (
        groups.map((group) => {
          const own = sections.filter((section) => section.group === group);
          if (own.length === 0) return null;
          return (
            <div key={group}>
              <p className="mb-1 px-2 text-2xs font-semibold text-ink-faint">{w.area.groups[group]}</p>
              <ul>
                {own.map(({ id, href }) => {
                  const here = location === href || location.startsWith(`${href}/`);
                  return (
                    <li key={id}>
                      <Link
                        href={href}
                        aria-current={here ? 'page' : undefined}
                        className={cx(
                          'flex min-h-(--control) items-center gap-2 rounded-md px-2 text-sm transition-colors hover:bg-hover hover:text-ink',
                          here ? 'bg-accent-soft font-semibold text-accent-ink' : 'text-ink-muted',
                        )}
                      >
                        {sectionIcon(id, 16)}
                        {sectionTitle(id, { t, w })}
                      </Link>
                    </li>
                  );
                })}
              </ul>
            </div>
          );
        })
      )}
    </nav>
  );
}

export interface SearchResultsProps {
  query: string;
  onFollow?: () => void;
  compact?: boolean;
}

/** What the settings hold of a word, each a way to its page. */
export function SearchResults({ query, onFollow, compact = false }: SearchResultsProps) {
  const t = useT();
  const w = useWords();
  const sections = sectionsFor(useMe());
  const results = searchSettings(query, sections, { t, w });
  return (
    <div>
      <p role="status" className={cx('mb-2 text-xs text-ink-faint', compact && 'px-2')}>
        {results.length > 0 ? w.area.results(results.length) : w.area.noResults(query.trim())}
      </p>
      {results.length === 0 && (
        <p className={cx('text-xs text-pretty text-ink-muted', compact && 'px-2')}>{w.area.noResultsText}</p>
      )}
      <ul>
        {results.map(({ section, label }) => (
          <li key={`${section.id} ${label ?? ''}`}>
            <Link
              href={section.href}
              onClick={onFollow}
              className="flex min-h-(--control) items-start gap-2 rounded-md px-2 py-1.5 text-sm hover:bg-hover"
            >
              <span className="mt-0.5 text-ink-faint">{sectionIcon(section.id, 16)}</span>
              <span className="min-w-0">
                {label ?? sectionTitle(section.id, { t, w })}
                {label && (
                  <span className="block text-xs text-ink-faint">{sectionTitle(section.id, { t, w })}</span>
                )}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
