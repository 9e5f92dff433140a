import { randomUUID } from 'node:crypto';
import type { Stage } from './stage.ts';

export const fresh = (what: string) => `${what} ${randomUUID()}`;
export const ok = async (deed: Promise<unknown>) => deed.then(() => 'ok');

/** One person who writes by SMS and one who writes on Telegram, each in an open conversation; the latter's is the younger. */
export async function twoCustomers(stage: Stage) {
  const sms = stage.stranger('sms');
  const telegram = stage.stranger('telegram');
  const texts = { before: fresh('before'), and: fresh('and'), one: fresh('one'), two: fresh('two') };
  const older = await stage.header(await stage.write(sms, texts.before));
  const younger = await stage.header(await stage.write(telegram, texts.and));
  return { sms, telegram, older, younger, texts, identities: [sms.identity, telegram.identity] };
}

/** One person on both channels, whose one open conversation holds a thread of each; `thread` is that of the SMS. */
export async function twoThreads(stage: Stage) {
  const two = await twoCustomers(stage);
  const linkId = await stage.merged(0, two.older, two.younger);
  const texts = { ...two.texts, mixed: fresh('mixed') };
  const header = await stage.header(await stage.write(two.sms, texts.mixed));
  // Providers count in seconds: which of two channels spoke last within one is not what this is about.
  const thread = await stage.threadOf(texts.mixed);
  return { ...two, texts, mixed: { ...header, replyTarget: thread }, thread, linkId };
}

/** …and somebody else, who writes on Telegram too. */
export async function threeCustomers(stage: Stage) {
  const two = await twoThreads(stage);
  const other = stage.stranger('telegram');
  const texts = { ...two.texts, third: fresh('third') };
  const third = await stage.header(await stage.write(other, texts.third));
  return { ...two, texts, third, identities: [...two.identities, other.identity] };
}

/** …and its SMS thread is split off. */
export async function apart(stage: Stage) {
  const two = await twoThreads(stage);
  const { to } = await stage.splitOff(two.mixed, two.thread);
  return { ...two, split: to };
}
