import type { IdentityKind } from '../../shared/customer.ts';
import {
  between,
  dialogue,
  type Language,
  matter,
  type Person,
  person,
  pick,
  type Random,
  Speaker,
  subjectOf,
} from './compose.ts';

/** A channel as the history meets it: which identity its customers have there. */
export interface HistoryLine {
  connector: string;
  channelId: string;
  /** How far what we sent is known to have come there. */
  sent: 'sent' | 'delivered';
  /** The address that letters come to; null where there are no letters. */
  mailbox: string | null;
  /** The identity of the simulator's n-th peer. */
  identityOf(n: number): { kind: IdentityKind; value: string; display: string; threadKey: string };
}

export interface HistoryAgent {
  userId: string;
  given: Record<Language, string>;
}

export interface HistoryMessage {
  direction: 'in' | 'out';
  text: string;
  at: Date;
  line: HistoryLine;
  authorId: string | null;
  /** Of a letter. */
  subject?: string;
  cc?: string[];
}

export interface HistoryCustomer {
  who: Person;
  lines: HistoryLine[];
  conversations: { assigneeId: string; messages: HistoryMessage[] }[];
}

export interface Year {
  customers: HistoryCustomer[];
  messages: number;
}

const minute = 60_000;
const day = 24 * 60 * minute;

/** Business hours of Tehran, more in the evening: an hour of the day, in UTC minutes. */
function timeOfDay(random: Random): number {
  const hour = pick(random, [9, 10, 10, 11, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 20, 21, 22]);
  return ((hour * 60 + between(random, 0, 59) - 210 + 1440) % 1440) * minute;
}

/** Who lives in the demonstration, and on which channels: the same each time for the same seed and lines. */
export function settlers(count: number, lines: HistoryLine[], random: Random): HistoryCustomer[] {
  return Array.from({ length: count }, (_, index) => ({
    lines: random() < 0.35 ? [...lines].sort(() => random() - 0.5) : [pick(random, lines)],
    who: person(index + 1, random),
    conversations: [],
  }));
}

/**
 * A year that ends yesterday: cases of `count` customers, each on one channel or beginning on one and going on another, until
 * there are at least `messages` messages. Everything in it is finished; what happens today comes through the simulators.
 */
export function tellYear(options: {
  now: Date;
  count: number;
  messages: number;
  lines: HistoryLine[];
  agents: HistoryAgent[];
  random: Random;
}): Year {
  const { random, lines } = options;
  const speaker = new Speaker(random);
  const customers = settlers(options.count, lines, random);
  const until = Math.floor(options.now.getTime() / day) * day;
  let messages = 0;
  for (let round = 0; messages < options.messages; round += 1) {
    for (const customer of customers) {
      // A few write all the time, most a few times a year.
      if (round > 0 && messages >= options.messages) break;
      if (round > 0 && random() > (customer.who.n % 7 === 0 ? 0.9 : 0.55)) continue;
      const conversation = tellCase(customer, options.agents, speaker, random, until);
      if (!conversation) continue;
      customer.conversations.push(conversation);
      messages += conversation.messages.length;
    }
  }
  for (const customer of customers) customer.conversations.sort((a, b) => first(a) - first(b));
  return { customers, messages };
}

const first = (conversation: { messages: HistoryMessage[] }) => conversation.messages[0]?.at.getTime() ?? 0;
const last = (conversation: { messages: HistoryMessage[] }) =>
  conversation.messages.at(-1)?.at.getTime() ?? 0;

function tellCase(
  customer: HistoryCustomer,
  agents: HistoryAgent[],
  speaker: Speaker,
  random: Random,
  until: number,
) {
  const agent = pick(random, agents);
  // More of it lately, as a growing shop has.
  const ago = Math.floor(365 * (1 - Math.sqrt(random()))) + 1;
  let at = until - ago * day + timeOfDay(random);
  const near = customer.conversations.some(
    (other) => at > first(other) - 5 * day && at < last(other) + 5 * day,
  );
  if (near) return null;
  const about = matter(customer.who, agent.given[customer.who.language], random);
  let line = pick(random, customer.lines);
  const messages: HistoryMessage[] = [];
  let by: 'customer' | 'agent' = 'customer';
  const subject = subjectOf(about);
  const copied = random() < 0.15 ? ['accounts@example.org'] : [];
  for (const turn of dialogue(customer.who, about, speaker, random)) {
    // An answer takes a while; what one person writes in a row comes within a minute.
    at +=
      turn.by === by
        ? between(random, 8, 70) * 1_000
        : between(random, 1, turn.by === 'agent' ? 55 : 140) * minute;
    if (turn.by === 'customer' && by === 'agent' && random() < 0.15) line = pick(random, customer.lines);
    by = turn.by;
    if (at >= until) break;
    const before = messages.at(-1);
    const direction = turn.by === 'customer' ? 'in' : 'out';
    // Whoever writes letters says all of it in one.
    if (line.mailbox && before?.line === line && before.direction === direction) {
      before.text += `\n\n${turn.text}`;
      continue;
    }
    messages.push({
      direction,
      text: turn.text,
      at: new Date(at),
      line,
      authorId: turn.by === 'agent' ? agent.userId : null,
      ...(line.mailbox && {
        subject: messages.some((one) => one.line === line) ? `Re: ${subject}` : subject,
        cc: copied,
      }),
    });
  }
  return messages.length ? { assigneeId: agent.userId, messages } : null;
}
