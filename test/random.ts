/** Uniform in [0, 1). */
export type Random = () => number;

/** Which seeds a drawn test plays, and whether somebody asked for one of them alone. */
export interface Seeds {
  first: number;
  last: number;
  alone: boolean;
}

/** The seeds 1 to `usual`; NAME_SEED=N plays that one alone, NAME_ROUNDS=N the first N. */
export function seedsOf(name: string, usual: number): Seeds {
  const only = process.env[`${name}_SEED`];
  if (only !== undefined) return { first: Number(only), last: Number(only), alone: true };
  return { first: 1, last: Number(process.env[`${name}_ROUNDS`] ?? usual), alone: false };
}

/** A small seeded generator (Mulberry32): the same seed draws the same, everywhere. */
export function seeded(seed: number): Random {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The same things in an order that `random` draws (Fisher-Yates). */
export function shuffled<T>(list: readonly T[], random: Random): T[] {
  const copy = [...list];
  for (let i = copy.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    [copy[i], copy[j]] = [copy[j] as T, copy[i] as T];
  }
  return copy;
}
