import type { Finding, Stored } from './engine-ledger.ts';

/** Accounts between which transactions move, and what each has at the beginning. */
export const ACCOUNTS = 12;
export const OPENING = 1_000;
export const accountOf = (n: number) => `account-${n}`;

/** A transfer is one transaction: two balances and its own record. Whoever sees a moment sees all of it or nothing. */
export function checkBalances(
  accounts: readonly Stored[],
  transfers: readonly Stored[],
  finding: Finding,
): void {
  const wanted = new Map(Array.from({ length: ACCOUNTS }, (_, n) => [accountOf(n), OPENING]));
  for (const { from = '', to = '', amount = 0 } of transfers) {
    wanted.set(from, (wanted.get(from) ?? 0) - amount);
    wanted.set(to, (wanted.get(to) ?? 0) + amount);
  }
  const sum = accounts.reduce((total, each) => total + Number(each.balance), 0);
  if (sum !== ACCOUNTS * OPENING)
    finding.faults.push(`the accounts hold ${sum} in all and not ${ACCOUNTS * OPENING}`);
  for (const [id, balance] of wanted) {
    const actual = Number(accounts.find((each) => each._id === id)?.balance);
    if (actual !== balance) finding.faults.push(`${id} holds ${actual}, its transfers come to ${balance}`);
  }
}
