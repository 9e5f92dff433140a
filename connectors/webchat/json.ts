export type Json = Readonly<Record<string, unknown>>;

/** Own fields only: what a stranger names `__proto__` is a field like any other. */
export function object(value: unknown): Json | null {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return null;
  return Object.assign(Object.create(null) as Record<string, unknown>, value);
}

export const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** The objects in a list; nothing when it is none. */
export function list(value: unknown): Json[] {
  if (!Array.isArray(value)) return [];
  return value.map(object).filter((entry) => entry !== null);
}
