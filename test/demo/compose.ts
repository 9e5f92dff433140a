import { type Random, seeded } from '../random.ts';
import { en } from './speech.en.ts';
import { fa } from './speech.fa.ts';
import type { Speech, Topic } from './speech.ts';

export type { Random };
export { seeded };

export const pick = <T>(random: Random, list: readonly T[]): T => {
  const item = list[Math.floor(random() * list.length)];
  if (item === undefined) throw new Error('Nothing to pick from.');
  return item;
};
export const between = (random: Random, low: number, high: number) =>
  low + Math.floor(random() * (high - low + 1));

export type Language = 'fa' | 'en';

/** A customer of the demonstration; nobody real. */
export interface Person {
  n: number;
  language: Language;
  given: string;
  name: string;
  city: string;
}

export function person(n: number, random: Random): Person {
  const language: Language = random() < 0.78 ? 'fa' : 'en';
  const speech = speechOf(language);
  const given = pick(random, speech.given);
  return {
    n,
    language,
    given,
    name: `${given} ${pick(random, speech.family)}`,
    city: pick(random, speech.cities),
  };
}

export function speechOf(language: Language): Speech {
  return language === 'fa' ? fa : en;
}

/** What stays the same through one conversation: the order that it is about. */
export interface Matter {
  topic: Topic;
  slots: Record<string, string>;
}

const digits = (random: Random, count: number) =>
  Array.from({ length: count }, () => Math.floor(random() * 10)).join('');

/** `agent`: the first name of who answers, in the customer's language. */
export function matter(who: Person, agent: string, random: Random): Matter {
  const speech = speechOf(who.language);
  const thousands = between(random, 90, 9_800) * 1_000;
  return {
    topic: pick(random, speech.topics),
    slots: {
      given: who.given,
      name: who.name,
      agent,
      city: who.city,
      product: pick(random, speech.products),
      carrier: pick(random, speech.carriers),
      day: pick(random, speech.days),
      days: new Intl.NumberFormat(who.language === 'fa' ? 'fa-IR' : 'en-US').format(between(random, 2, 12)),
      warranty: new Intl.NumberFormat(who.language === 'fa' ? 'fa-IR' : 'en-US').format(
        pick(random, [12, 18, 24, 36]),
      ),
      amount: new Intl.NumberFormat(who.language === 'fa' ? 'fa-IR' : 'en-US').format(thousands),
      time: `${String(between(random, 8, 21)).padStart(2, '0')}:${pick(random, ['05', '15', '20', '30', '45', '50'])}`,
      order: `MH-${digits(random, 6)}`,
      track: digits(random, 12),
      invoice: `F-${digits(random, 5)}`,
      ticket: `T-${digits(random, 5)}`,
      serial: `${pick(random, ['KX', 'MT', 'HL', 'RB'])}${digits(random, 6)}`,
      coupon: `${pick(random, ['MAHTAB', 'SPRING', 'YALDA', 'HOME'])}-${digits(random, 3)}`,
      last4: digits(random, 4),
    },
  };
}

/** What a letter about it is called: the same each time it is asked. */
export function subjectOf({ topic, slots }: Matter): string {
  const nth = Number(slots['last4'] ?? 0) % topic.subject.length;
  return fill(topic.subject[nth] ?? '', slots);
}

const fill = (text: string, slots: Record<string, string>) =>
  text.replace(/\{(\w+)\}/g, (whole, slot: string) => slots[slot] ?? whole);

/** A sentence that goes on after a comma, or a new one after a full stop. */
function join(parts: string[], language: Language): string {
  return parts.reduce((before, part) => {
    if (language === 'fa') return `${before}، ${part}`;
    return /^[A-Z\d]/.test(part) ? `${before}. ${part}` : `${before}, ${part}`;
  });
}

/** Says things, and no text more often than `limit`. */
export class Speaker {
  private readonly said = new Map<string, number>();
  private readonly random: Random;
  private readonly limit: number;

  constructor(random: Random, limit = 18) {
    this.random = random;
    this.limit = limit;
  }

  /** One text of `parts` (each a list to pick from), joined; another choice is made until the text is not worn out. */
  say(who: Person, { slots }: Matter, ...parts: (readonly string[])[]): string {
    const draw = () =>
      join(
        parts.map((list) => fill(pick(this.random, list), slots)),
        who.language,
      );
    for (let tries = 0; tries < 40; tries += 1) {
      const text = draw();
      if (this.take(text)) return text;
    }
    // Everything short is worn out: the order makes it particular.
    const particular = `${draw()} (${slots.order})`;
    this.take(particular);
    return particular;
  }

  private take(text: string): boolean {
    const times = this.said.get(text) ?? 0;
    if (times >= this.limit) return false;
    this.said.set(text, times + 1);
    return true;
  }
}

export interface Turn {
  by: 'customer' | 'agent';
  text: string;
}

/** A whole case, from the first word to the thanks. */
export function dialogue(who: Person, about: Matter, speaker: Speaker, random: Random): Turn[] {
  const speech = speechOf(who.language);
  const { topic } = about;
  const turns: Turn[] = [];
  const customer = (...parts: (readonly string[])[]) =>
    turns.push({ by: 'customer', text: speaker.say(who, about, ...parts) });
  const agent = (...parts: (readonly string[])[]) =>
    turns.push({ by: 'agent', text: speaker.say(who, about, ...parts) });
  if (random() < 0.75) customer(speech.greet, topic.open);
  else customer(topic.open);
  if (random() < 0.55) customer(topic.detail);
  if (random() < 0.3) customer(speech.hurry);
  if (random() < 0.7) {
    const { ask, tell } = pick(random, topic.ask);
    agent(speech.agentGreet, [ask]);
    customer(tell);
    if (random() < 0.25) customer(topic.detail);
    agent(topic.solve);
  } else {
    agent(speech.agentGreet, topic.solve);
  }
  if (random() < 0.45) {
    const { follow, close } = pick(random, topic.again);
    customer([follow]);
    agent(close);
  }
  if (random() < 0.7) {
    customer(speech.thanks);
    if (random() < 0.6) agent(speech.welcome);
  }
  return turns;
}
