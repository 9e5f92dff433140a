import type { Decimal128 } from 'bson';

/** A finite number without loss: coefficient × 10^exponent. */
export interface Exact {
  coefficient: bigint;
  exponent: number;
}

/** A Decimal128 taken apart; NaN and the infinities come as JS numbers. */
export function parseDecimal(value: Decimal128): Exact | number {
  const text = value.toString();
  const parts = /^(-?)(\d+)(?:\.(\d*))?(?:E([+-]?\d+))?$/i.exec(text);
  if (!parts) return Number(text);
  const fraction = parts[3] ?? '';
  const digits = BigInt(`${parts[2]}${fraction}`);
  return {
    coefficient: parts[1] ? -digits : digits,
    exponent: Number(parts[4] ?? 0) - fraction.length,
  };
}

const scratch = new DataView(new ArrayBuffer(8));

/** A finite double in exact decimal form: every double is m × 2^k, and 2^-k = 5^k × 10^-k. */
export function exactDouble(n: number): Exact {
  scratch.setFloat64(0, n);
  const bits = scratch.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const mantissa = biased === 0 ? fraction : fraction | 0x10000000000000n;
  const signed = bits >> 63n ? -mantissa : mantissa;
  const power = (biased === 0 ? 1 : biased) - 1075;
  return power >= 0
    ? { coefficient: signed << BigInt(power), exponent: 0 }
    : { coefficient: signed * 5n ** BigInt(-power), exponent: power };
}

/** a - b without loss. */
export function subtractExact(a: Exact, b: Exact): Exact {
  const exponent = Math.min(a.exponent, b.exponent);
  const scale = (x: Exact): bigint => x.coefficient * 10n ** BigInt(x.exponent - exponent);
  return { coefficient: scale(a) - scale(b), exponent };
}

/** The nearest double that is finite: what lies beyond the largest double is held at it, so that order is kept. */
export function nearestDouble(value: Exact): number {
  const n = Number(`${value.coefficient}E${value.exponent}`);
  if (n === Number.POSITIVE_INFINITY) return Number.MAX_VALUE;
  if (n === Number.NEGATIVE_INFINITY) return -Number.MAX_VALUE;
  return n === 0 ? 0 : n;
}
