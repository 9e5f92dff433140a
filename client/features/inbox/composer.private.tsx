import { Lock } from '../../components/icons.ts';
import { useSocialWords } from '../../i18n/social-words.ts';
import type { Route } from './targets.ts';

/** Why the customer cannot be written to alone here, and which way is left. */
export function PrivateLine({ route }: { route: Route }) {
  const w = useSocialWords().visibility;
  // Where no way is left the hint beneath says so.
  if (!route.noPrivate || route.ways.length === 0) return null;
  return (
    <p
      data-no-private={route.noPrivate}
      className="mx-2 mt-1.5 flex items-center gap-2 rounded-md bg-warn-soft px-2 py-1 text-2xs text-warn-ink"
    >
      <Lock size={13} aria-hidden className="shrink-0" />
      <span className="min-w-0 flex-1 text-pretty">
        {w.noPrivate[route.noPrivate]} {w.onlyPublic}
      </span>
    </p>
  );
}
