import { describe, expect, it } from 'vitest';
import { isCid, mintCid, readCid } from './cid.ts';

/** Parts of the golden ratio: the same every time, and spread evenly. */
let part = 0;
const random = () => {
  part = (part + 0.6180339887498949) % 1;
  return part;
};
const sample = Array.from({ length: 500 }, () => mintCid(random));
const put = (cid: string, at: number, digits: string) =>
  cid.slice(0, at) + digits + cid.slice(at + digits.length);

describe('a CID', () => {
  it('is ten digits, the first of them no zero, and what was made is one', () => {
    expect(sample.filter((cid) => !/^[1-9]\d{9}$/.test(cid) || !isCid(cid))).toEqual([]);
    expect(isCid(mintCid(() => 0))).toBe(true);
    expect(isCid(mintCid(() => 1 - Number.EPSILON))).toBe(true);
  });

  it('is none with any single digit wrong', () => {
    const taken = sample.flatMap((cid) =>
      [...cid].flatMap((digit, at) =>
        [...'0123456789'].filter((other) => other !== digit && isCid(put(cid, at, other))),
      ),
    );
    expect(taken).toEqual([]);
  });

  it('is none with any two neighbours the wrong way round', () => {
    let swaps = 0;
    const taken = sample.filter((cid) =>
      [...cid].some((digit, at) => {
        const next = cid[at + 1];
        if (next === undefined || next === digit) return false;
        swaps += 1;
        return isCid(put(cid, at, next + digit));
      }),
    );
    expect(swaps).toBeGreaterThan(sample.length * 7);
    expect(taken).toEqual([]);
  });

  it.each([
    (cid: string) => ` ${cid} `,
    (cid: string) => `${cid.slice(0, 3)}\u200c${cid.slice(3, 6)} ${cid.slice(6)}`,
    (cid: string) => `\u202a${cid.slice(0, 5)}–${cid.slice(5)}\ufeff`,
    (cid: string) => cid.replace(/\d/g, (digit) => '۰۱۲۳۴۵۶۷۸۹'[Number(digit)] ?? ''),
  ])('is read however it is written', (write) => {
    const [cid = ''] = sample;
    expect(readCid(write(cid))).toBe(cid);
    expect(readCid(`${write(cid)}1`)).toBeNull();
  });

  it.each(['', '123456789', '12345678901', '0123456789', '12345 6789', '۱۲۳۴۵۶۷۸۹۰', '123456789x'])(
    'is not «%s»',
    (text) => expect(isCid(text)).toBe(false),
  );
});
