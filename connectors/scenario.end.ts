import { higherState } from '../shared/message.ts';
import type { Connector, InboundEvent, RawEvent, RawRequest, Sender } from './connector.ts';
import { contextOf } from './contract.host.ts';
import { callLines } from './scenario.calls.ts';
import { publicEnd, withCommentsToUs } from './scenario.public.ts';
import { providerOf, type Scenario, type ScenarioEnd } from './scenarios.ts';

type Of<T extends InboundEvent['type']> = Extract<InboundEvent, { type: T }>;
type Line = ScenarioEnd['messages'][number];

/**
 * What a scenario comes to, worked out from the connector's events alone, as the rules of intake have it: an event key is taken once,
 * an edit or a reaction is newest-wins, a delete is final, a status climbs its lattice. The contract suite holds connectors to it;
 * the product's own intake is tested against the same expectations elsewhere.
 */
export async function scenarioEnd(
  connector: Connector,
  scenario: Omit<Scenario, 'expected'>,
  requests: readonly RawRequest[],
): Promise<ScenarioEnd> {
  const kept = firstOfEachKey(connector, scenario, requests);
  const meant = await Promise.all(kept.map((event) => meaningOf(connector, scenario, event)));
  const events = withCommentsToUs(meant.flatMap((one) => one ?? []));
  const failed = kept.flatMap(({ eventKey }, n) => (meant[n] === null ? [eventKey] : [])).sort();
  const of = <T extends InboundEvent['type']>(type: T): Of<T>[] =>
    events.filter((event): event is Of<T> => event.type === type);
  const lines = new Map<string, Line & { order: string; sentAt: string | null }>();
  const people = new People();
  for (const { externalId, scope, text, to, at: sentAt = null } of scenario.sent) {
    const person = `${to.kind}:${to.value}`;
    people.meet(person);
    const line: Line = { externalId, direction: 'out', person, text, at: null, state: 'sent' };
    lines.set(key(scope, externalId), { ...line, order: '', sentAt });
  }
  for (const message of of('message')) addMessage(message, lines, people);
  for (const message of of('message')) followReferences(message, lines, people);
  for (const line of callLines(of('call'))) {
    people.meet(line.person);
    lines.set(key(undefined, line.externalId), line);
  }
  for (const edit of newest(of('edit'), (event) => key(event.scope, event.externalId))) {
    const line = lines.get(key(edit.scope, edit.externalId));
    if (line) Object.assign(line, { text: edit.text, edited: true });
  }
  for (const event of of('delete')) {
    const line = lines.get(key(event.scope, event.externalId));
    if (!line) continue;
    Object.assign(line, { text: '', deleted: true });
    for (const gone of ['url', 'edited', 'attachments'] as const) delete line[gone];
  }
  for (const mark of of('watermark')) {
    const person = personOf(mark.sender);
    people.meet(person);
    for (const line of lines.values()) {
      const sentAt = line.sentAt ?? line.at;
      if (line.direction !== 'out' || line.person !== person || !sentAt || new Date(sentAt) > mark.upTo)
        continue;
      line.state = higherState(line.state ?? 'sent', mark.state);
    }
  }
  const byPerson = (event: Of<'reaction'>): string =>
    `${key(event.scope, event.externalId)} ${personOf(event.sender)}`;
  for (const reaction of newest(of('reaction'), byPerson)) {
    const line = lines.get(key(reaction.scope, reaction.externalId));
    people.meet(personOf(reaction.sender));
    if (!line || reaction.emoji.length === 0) continue;
    const mine = reaction.emoji.map((emoji) => ({ by: personOf(reaction.sender), emoji }));
    line.reactions = [...(line.reactions ?? []), ...mine];
  }
  /** Their own provider says that there is nobody there. */
  const gone = new Set<string>();
  for (const status of of('status')) {
    const line = lines.get(key(status.scope, status.externalId));
    if (!line) continue;
    line.state = higherState(line.state ?? 'sent', status.state);
    if (status.error?.unreachable && line.person.endsWith(`:${status.recipient}`)) gone.add(line.person);
  }
  const reach = newest(of('reachability'), (event) => personOf(event.sender));
  for (const event of reach) people.meet(personOf(event.sender));
  return {
    messages: [...lines.values()].sort(onScreen).map(({ order: _order, sentAt: _sentAt, ...line }) => line),
    ...publicEnd(events, new Set(lines.keys())),
    customers: people.groups(),
    unreachable: [
      ...new Set([
        ...gone,
        ...reach.filter((event) => !event.reachable).map((event) => personOf(event.sender)),
      ]),
    ].sort(),
    ignored: [...new Set(of('ignored').map((event) => event.reason))].sort(),
    ...(failed.length ? { failed } : {}),
  };
}

/** Null: it cannot be understood. */
async function meaningOf(
  connector: Connector,
  { name, settings, answers }: Parameters<typeof scenarioEnd>[1],
  event: RawEvent,
): Promise<InboundEvent[] | null> {
  const context = { ...contextOf({ endpoint: 'http://provider.example', settings }), channelId: name };
  const asked = answers && {
    ...context,
    fetch: providerOf(answers),
    signal: AbortSignal.timeout(10_000),
  };
  const payload = asked && (await connector.complete?.(event, asked));
  try {
    return await connector.inbound(payload ? { ...event, payload } : event, settings);
  } catch {
    return null;
  }
}

function firstOfEachKey(
  connector: Connector,
  scenario: Omit<Scenario, 'expected'>,
  requests: readonly RawRequest[],
): RawEvent[] {
  const events = new Map<string, RawEvent>();
  for (const request of requests) {
    for (const event of connector.split(request, scenario.settings).events) {
      const id = `${event.accountRef} ${event.eventKey}`;
      if (!events.has(id)) events.set(id, event);
    }
  }
  return [...events.values()];
}

function addMessage(
  message: Of<'message'>,
  lines: Map<string, Line & { order: string; sentAt: string | null }>,
  people: People,
): void {
  const externalId = message.externalIds[0] ?? '';
  const person = personOf(message.sender);
  people.meet(person);
  for (const { kind, value } of message.proves ?? []) people.same(person, `${kind}:${value}`);
  const id = key(message.scope, externalId);
  const before = lines.get(id);
  const at = message.at?.toISOString() ?? before?.at ?? null;
  lines.set(id, {
    externalId,
    direction: message.direction,
    person,
    text: message.text,
    at,
    ...(message.attachments.length > 0 ? { attachments: message.attachments.length } : {}),
    ...(message.groupKey ? { groupKey: message.groupKey } : {}),
    ...(message.inReplyTo ? { inReplyTo: message.inReplyTo } : {}),
    ...(message.direction === 'out' ? { state: before?.state ?? ('sent' as const) } : {}),
    ...(message.visibility === 'public' ? publicWords(message) : {}),
    order: message.providerOrder,
    sentAt: null,
  });
}

const publicWords = ({ post, url }: Of<'message'>): Partial<Line> => ({
  visibility: 'public',
  ...(post ? { post: post.externalId } : {}),
  ...(url ? { url } : {}),
});

/** What is answered is the first that is known and is the same person's. */
function followReferences(
  message: Of<'message'>,
  lines: Map<string, Line & { order: string }>,
  people: People,
): void {
  const line = lines.get(key(message.scope, message.externalIds[0] ?? ''));
  if (!line || line.inReplyTo) return;
  const known = (message.references ?? []).flatMap((id) => lines.get(key(message.scope, id)) ?? []);
  const own = known.find((one) => people.isSame(one.person, line.person));
  if (own) line.inReplyTo = own.externalId;
}

function newest<T extends { at: Date | null; order: string }>(events: T[], by: (event: T) => string): T[] {
  const latest = new Map<string, T>();
  for (const event of events) {
    const other = latest.get(by(event));
    if (!other || rank(event) > rank(other)) latest.set(by(event), event);
  }
  return [...latest.values()];
}

function rank({ at, order }: { at: Date | null; order: string }): string {
  return `${String(at?.getTime() ?? 0).padStart(16, '0')} ${order}`;
}

function onScreen(a: Line & { order: string }, b: Line & { order: string }): number {
  const left = `${a.at ?? ''} ${a.order}`;
  const right = `${b.at ?? ''} ${b.order}`;
  return left < right ? -1 : left > right ? 1 : 0;
}

const key = (scope: string | undefined, externalId: string): string => `${scope ?? ''} ${externalId}`;
const personOf = (sender: Pick<Sender, 'kind' | 'value'>): string => `${sender.kind}:${sender.value}`;

/** Identities, and which of them are one customer. */
class People {
  private readonly groupOf = new Map<string, Set<string>>();

  meet(person: string): void {
    if (!this.groupOf.has(person)) this.groupOf.set(person, new Set([person]));
  }

  same(a: string, b: string): void {
    this.meet(a);
    this.meet(b);
    const joined = new Set([...(this.groupOf.get(a) ?? []), ...(this.groupOf.get(b) ?? [])]);
    for (const person of joined) this.groupOf.set(person, joined);
  }

  isSame(a: string, b: string): boolean {
    return this.groupOf.get(a)?.has(b) ?? false;
  }

  groups(): string[][] {
    return [...new Set(this.groupOf.values())]
      .map((group) => [...group].sort())
      .sort((a, b) => ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1));
  }
}
