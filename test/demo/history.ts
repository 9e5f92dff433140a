import { createHash } from 'node:crypto';
import type { Connector, Simulator } from '../../connectors/connector.ts';
import type { Context } from '../../server/context.ts';
import {
  type ImportedCustomer,
  type ImportedMessage,
  importConversations,
} from '../../server/messages/import.ts';
import type { IdentityKind } from '../../shared/customer.ts';
import type { Known } from './care.ts';
import type { Person, Random } from './compose.ts';
import {
  type HistoryAgent,
  type HistoryCustomer,
  type HistoryLine,
  type HistoryMessage,
  settlers,
  tellYear,
} from './year.ts';

export interface DemoLine {
  connector: Connector;
  simulator: Simulator;
  channelId: string;
}

/** Ids of their people are local to one account, which stands before them. */
const local: readonly IdentityKind[] = ['messengerUser', 'instagramUser'];

/** The simulator's n-th peer, as the connector would know them. */
export function identityOf(
  { connector, simulator }: DemoLine,
  n: number,
): ReturnType<HistoryLine['identityOf']> {
  const peer = simulator.peer(n);
  const known = connector.address?.(peer);
  const kind = (known?.kind ?? connector.manifest.capabilities.kinds[0]) as IdentityKind;
  const own = local.includes(kind) ? `${connector.accountRef(simulator.settings)}:${peer}` : peer;
  const to = { kind, value: known?.value ?? own };
  return { ...to, display: known?.display ?? peer, threadKey: connector.threadFor(to, simulator.settings) };
}

/** The people whom `importYear` gave a history with the same seed. */
export function people(
  lines: DemoLine[],
  count: number,
  random: Random,
): { who: Person; connectors: string[] }[] {
  return settlers(count, settled(lines).map(historyLine), random).map(({ who, lines: own }) => ({
    who,
    connectors: own.map((line) => line.connector),
  }));
}

/** …with the first identity of each. */
export function known(lines: DemoLine[], count: number, random: Random): Known[] {
  return settlers(count, settled(lines).map(historyLine), random).flatMap(({ who, lines: [line] }) =>
    line ? [{ who, identity: line.identityOf(who.n) }] : [],
  );
}

/** The connectors among them whose messages are letters. */
export function lettersOf(lines: readonly DemoLine[]): string[] {
  return lines.flatMap(({ connector: { manifest } }) => (manifest.capabilities.letters ? [manifest.id] : []));
}

/** A visitor of a page has no history: whoever writes there is new. Nor is anything written on a telephone. */
const settled = (lines: DemoLine[]) =>
  lines.filter(
    ({ connector: { manifest } }) =>
      !manifest.capabilities.sessions && manifest.capabilities.visibility.length > 0,
  );

function historyLine(line: DemoLine): HistoryLine {
  return {
    connector: line.connector.manifest.id,
    channelId: line.channelId,
    sent: line.connector.manifest.capabilities.deliveryReceipts ? 'delivered' : 'sent',
    mailbox: line.connector.manifest.capabilities.letters
      ? line.connector.accountRef(line.simulator.settings)
      : null,
    identityOf: (n) => identityOf(line, n),
  };
}

/** Tells a year and imports it through the product's own commit path. @returns how many messages */
export async function importYear(
  ctx: Context,
  options: {
    now: Date;
    lines: DemoLine[];
    agents: HistoryAgent[];
    random: Random;
    customers: number;
    messages: number;
    onProgress: (messages: number) => void;
  },
): Promise<number> {
  const lines = settled(options.lines).map(historyLine);
  const year = tellYear({ ...options, lines, count: options.customers });
  const customers = year.customers.map(
    (customer): ImportedCustomer => ({
      name: customer.who.name,
      identities: customer.lines.map((line) => ({
        ...line.identityOf(customer.who.n),
        channelId: line.channelId,
      })),
      conversations: customer.conversations.map((conversation) => ({
        assigneeId: conversation.assigneeId,
        messages: conversation.messages.map((message) => ({
          direction: message.direction,
          identity: customer.lines.indexOf(message.line),
          text: message.text,
          at: message.at,
          externalId: idOf(customer, message),
          ...(message.authorId ? { authorId: message.authorId, state: message.line.sent } : {}),
          ...(message.line.mailbox ? letterOf(customer, { message, all: conversation.messages }) : {}),
        })),
      })),
    }),
  );
  const { messages } = await importConversations(ctx, { customers, onProgress: options.onProgress });
  return messages;
}

/** The provider's ids of that time are not known; these can meet none of today's. */
function idOf({ who }: HistoryCustomer, { at, text }: HistoryMessage): string {
  const whole = createHash('sha256').update(`${who.n} ${at.getTime()} ${text}`).digest('hex');
  return `history:${whole.slice(0, 24)}`;
}

/** The letters of one case are one thread, named after its first. */
function letterOf(
  customer: HistoryCustomer,
  { message, all }: { message: HistoryMessage; all: HistoryMessage[] },
): Pick<ImportedMessage, 'letter' | 'threadKey'> {
  const { line, direction, subject = '', cc = [] } = message;
  const theirs = { name: customer.who.name, address: line.identityOf(customer.who.n).value };
  const ours = { name: 'فروشگاه مهتاب', address: line.mailbox ?? '' };
  const inward = direction === 'in';
  return {
    threadKey: idOf(customer, all.find((one) => one.line === line) ?? message),
    letter: {
      subject,
      from: inward ? theirs : ours,
      to: [inward ? ours : theirs],
      cc: cc.map((address) => ({ name: '', address })),
      bcc: [],
      check: inward ? 'pass' : null,
      forward: false,
    },
  };
}
