import type { Notify } from '../../../shared/user.ts';

/** The rules with one of them changed. */
export function withRule(
  notify: Notify,
  event: keyof Notify['rules'],
  part: Partial<Notify['rules'][keyof Notify['rules']]>,
): Notify {
  return { ...notify, rules: { ...notify.rules, [event]: { ...notify.rules[event], ...part } } };
}
