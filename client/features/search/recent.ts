/** What this person searched for of late, in this tab only: other people's names and numbers are in it. */
const most = 8;
const keyOf = (userId: string) => `yekja.searched.${userId}`;

export function recentSearches(userId: string): string[] {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(keyOf(userId)) ?? '[]');
    return Array.isArray(kept) ? kept.filter((each) => typeof each === 'string').slice(0, most) : [];
  } catch {
    return [];
  }
}

/** The newest first, each once; a longer spelling of the newest takes its place. */
export function rememberSearch(userId: string, query: string): void {
  const before = recentSearches(userId).filter((each) => each !== query);
  const [newest] = before;
  const rest = newest !== undefined && query.startsWith(newest) ? before.slice(1) : before;
  try {
    sessionStorage.setItem(keyOf(userId), JSON.stringify([query, ...rest].slice(0, most)));
  } catch {
    // A browser that keeps nothing goes without.
  }
}
