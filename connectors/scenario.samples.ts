import type { Connector, InboundEvent, RawRequest, Settings } from './connector.ts';
import { readFixtures } from './contract.fixtures.ts';
import { connectors, parseRecorded } from './index.ts';
import type { Scenario, ScenarioEnd } from './scenarios.ts';

/** What a scenario of samples is, but for its end: that is what one run in order comes to. */
export type Samples = Omit<Scenario, 'expected'>;

interface Batch {
  settings: Settings;
  requests: RawRequest[];
  /** What is said of each name. */
  names: Map<string, string>;
}

/**
 * Every sample of a connector that a provider may really send, as few scenarios as may be: of two that tell different things under one
 * event key, or say that they are the same message, each goes into a scenario of its own. Within one they meet: an edit, a receipt and
 * the message that they are about are often three samples.
 */
export async function sampleScenarios(id: string): Promise<Samples[]> {
  const connector = connectors[id];
  if (!connector) throw new Error(`There is no connector ${id}.`);
  const batches: Batch[] = [];
  for (const { name, bytes, settings } of readFixtures(id)) {
    if (name.startsWith('hostile-')) continue;
    const request = parseRecorded(bytes, { connector, settings });
    const names = await namesIn({ connector, settings, sample: name }, request);
    const fits = (batch: Batch) =>
      JSON.stringify(batch.settings) === JSON.stringify(settings) &&
      [...names].every(([one, said]) => (batch.names.get(one) ?? said) === said);
    const found = batches.find(fits);
    const batch = found ?? { settings, requests: [], names: new Map<string, string>() };
    if (!found) batches.push(batch);
    batch.requests.push(request);
    for (const [one, said] of names) batch.names.set(one, said);
  }
  return batches.map(({ settings, requests }, n) => ({
    name: `all samples together (${n + 1}, ${requests.length} requests)`,
    source: 'The samples say it themselves.',
    settings,
    sent: [],
    requests,
  }));
}

/** Without the order of what was said at the same moment, of which samples of several people say nothing. */
export function inAnyOrder({ messages, ...end }: ScenarioEnd): ScenarioEnd {
  const place = ({ at, externalId }: ScenarioEnd['messages'][number]) => `${at ?? ''} ${externalId}`;
  return { ...end, messages: [...messages].sort((a, b) => (place(a) < place(b) ? -1 : 1)) };
}

/** Keys of events, and ids under which they say something for the first time: that is of one sample alone. Of a call: who it is with. */
async function namesIn(
  of: { connector: Connector; settings: Settings; sample: string },
  request: RawRequest,
): Promise<Map<string, string>> {
  const { connector, settings, sample } = of;
  const names = new Map<string, string>();
  for (const event of connector.split(request, settings).events) {
    names.set(`${event.accountRef} ${event.eventKey}`, sample);
    for (const meaning of await meaningsOf(connector, event, settings)) {
      for (const id of idsOf(meaning)) names.set(`${event.accountRef} said ${id}`, sample);
      if (meaning.type !== 'call') continue;
      const { callId, direction, sender } = meaning;
      names.set(`${event.accountRef} call ${callId}`, `${direction} ${sender.kind}:${sender.value}`);
    }
  }
  return names;
}

async function meaningsOf(
  connector: Connector,
  event: Parameters<Connector['inbound']>[0],
  settings: Settings,
): Promise<InboundEvent[]> {
  try {
    return await connector.inbound(event, settings);
  } catch {
    // What cannot be understood is `failed`, and says nothing.
    return [];
  }
}

function idsOf(event: InboundEvent): string[] {
  if (event.type === 'message') return event.externalIds;
  if (event.type === 'mention') return [event.externalId];
  return event.type === 'ignored' ? (event.restored ?? []).flatMap(idsOf) : [];
}
