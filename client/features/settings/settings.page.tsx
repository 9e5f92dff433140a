import { useState } from 'react';
import { Link } from 'wouter';
import { ChevronRight } from '../../components/icons.ts';
import { SearchField } from '../../components/text-field.tsx';
import { useT } from '../../i18n/locale.tsx';
import { useWords } from '../../i18n/settings-words.ts';
import { useMe } from '../../state/hooks.tsx';
import { SearchResults } from './nav.tsx';
import { SettingsPage } from './page.tsx';
import { sectionIcon } from './section-icons.tsx';
import { type SectionGroup, sectionsFor, sectionTitle } from './sections.ts';

const groups: SectionGroup[] = ['mine', 'work', 'data', 'channels'];

/** Everything that can be set, to be looked through or searched. */
export default function SettingsIndexPage() {
  const t = useT();
  const w = useWords();
  const sections = sectionsFor(useMe());
  const [query, setQuery] = useState('');
  return (
    <SettingsPage title={w.area.title} index>
      <SearchField
        label={w.area.search}
        placeholder={w.area.search}
        value={query}
        onChange={setQuery}
        className="mb-6 max-w-lg"
      />
      {query.trim() !== '' ? (
        <SearchResults query={query} />
      ) : (
        groups.map((group) => {
          const own = sections.filter((section) => section.group === group);
          if (own.length === 0) return null;
          return (
            <section key={group} className="mb-7">
              <h2 className="mb-2 text-xs font-semibold text-ink-muted">{w.area.groups[group]}</h2>
              <ul className="grid gap-2.5 sm:grid-cols-2">
                {own.map(({ id, href }) => (
                  <li key={id}>
                    <Link
                      href={href}
                      className="flex h-full items-center gap-3 rounded-xl border border-line bg-surface p-4 shadow-soft transition-colors hover:border-line-strong hover:bg-raised"
                    >
                      <span className="grid size-9 shrink-0 place-items-center rounded-lg bg-accent-soft text-accent-ink">
                        {sectionIcon(id, 18)}
                      </span>
                      <span className="min-w-0 flex-1">
                        <span className="block text-md font-bold">{sectionTitle(id, { t, w })}</span>
                        <span className="block text-xs text-pretty text-ink-muted">{w.area.about[id]}</span>
                      </span>
                      <ChevronRight size={16} aria-hidden className="mirror shrink-0 text-ink-faint" />
                    </Link>
                  </li>
                ))}
              </ul>
            </section>
          );
        })
      )}
    </SettingsPage>
  );
}
