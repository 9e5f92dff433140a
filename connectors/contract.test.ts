import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { Manifest } from '../shared/connector.ts';
import {
  allSimulators,
  attempt,
  closeSimulators,
  failure,
  sendOf,
  sentBy,
  simulatorOf,
} from '../test/contract.ts';
import {
  type Connector,
  ConnectorError,
  type Fault,
  type InboundMessage,
  type OutboundMessage,
  type RawRequest,
  type Settings,
  type Simulator,
} from './connector.ts';
import { type ContractCase, contractCases } from './contract.cases.ts';
import { mutated, namesIn, readFixtures, readSource } from './contract.fixtures.ts';
import { contextOf, TestHost } from './contract.host.ts';
import { eventNames } from './contract.names.ts';
import { connectors, parseRecorded, understand } from './index.ts';
import { scenarioEnd } from './scenario.end.ts';
import { inAnyOrder, sampleScenarios } from './scenario.samples.ts';
import { loadScenarios } from './scenarios.ts';

afterEach(closeSimulators);

it('every connector stands in the list under the name of its folder, with a case and a simulator', async () => {
  expect(Object.keys(connectors).sort()).toEqual(Object.keys(contractCases).sort());
  const all = await allSimulators();
  expect(Object.keys(all).sort()).toEqual(Object.keys(connectors).sort());
});

describe.each(Object.entries(connectors))('%s', (id, connector) => {
  const given = contractCases[id] as ContractCase;
  const fixtures = readFixtures(id);
  /** Nothing leaves for a provider: the host offers a message to whoever holds its customer's session. */
  const { sessions } = connector.manifest.capabilities;
  /** It tells, and is told nothing: a telephone system. */
  const mute = connector.manifest.capabilities.visibility.length === 0;
  const parse = (bytes: Uint8Array, settings: Settings) => parseRecorded(bytes, { connector, settings });

  it('has a manifest that the client can draw a form from', () => {
    const manifest = Manifest.parse(connector.manifest);
    expect(manifest.id).toBe(id);
    const keys = manifest.settings.map((field) => field.key);
    expect(new Set(keys).size).toBe(keys.length);
    for (const { pattern, label } of manifest.settings) {
      expect(label.fa && label.en).toBeTruthy();
      if (pattern) expect(() => new RegExp(pattern.source, 'u')).not.toThrow();
    }
    expect(manifest.capabilities.lookup).toBe(connector.lookup !== undefined);
    expect(manifest.capabilities.canStart === 'anyone').toBe(connector.address !== undefined);
    expect(manifest.receives.includes('listen')).toBe(connector.listen !== undefined);
    // Of calls only the recordings are fetched.
    const fetches = manifest.capabilities.attachments !== null || manifest.capabilities.calls;
    expect(fetches).toBe(connector.download !== undefined);
  });

  it('says which setting is wrong when no account can be read from them', () => {
    expect(() => connector.accountRef({})).toThrow(ConnectorError);
    try {
      connector.accountRef({});
    } catch (error) {
      const keys = connector.manifest.settings.map((field) => field.key);
      expect(keys).toContain((error as ConnectorError).field);
    }
  });

  it('has at least fifteen fixtures, each with its documentation named', () => {
    expect(fixtures.length).toBeGreaterThanOrEqual(15);
    for (const fixture of fixtures) expect(fixture.writtenFrom, fixture.name).toBeTruthy();
  });

  it.each(fixtures)('understands $name as expected', async ({ bytes, settings, expected }) => {
    expect(plain(await attempt(() => understand(connector, parse(bytes, settings), settings)))).toEqual(
      expected,
    );
  });

  it.each(fixtures)(
    'reads $name the same way twice, and leaves it untouched',
    async ({ bytes, settings }) => {
      const raw = parse(bytes, settings);
      const before = { ...raw, body: Buffer.from(raw.body).toString('hex') };
      const once = await attempt(() => understand(connector, raw, settings));
      expect(await attempt(() => understand(connector, raw, settings))).toEqual(once);
      expect({ ...raw, body: Buffer.from(raw.body).toString('hex') }).toEqual(before);
    },
  );

  it.each(loadScenarios(id))('$name ends the same way in every order, delivered twice', async (scenario) => {
    const end = (requests: RawRequest[]) => scenarioEnd(connector, scenario, requests);
    expect(await end(scenario.requests)).toEqual(scenario.expected);
    const twice = [...scenario.requests, ...scenario.requests];
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(twice, { minLength: twice.length }), async (requests) => {
        expect(await end(requests)).toEqual(scenario.expected);
      }),
      { numRuns: 20 },
    );
  });

  it('ends the same way with all its samples together, in every order, delivered twice', async () => {
    for (const samples of await sampleScenarios(id)) {
      const end = async (requests: RawRequest[]) =>
        inAnyOrder(await scenarioEnd(connector, samples, requests));
      const usual = await end(samples.requests);
      const twice = [...samples.requests, ...samples.requests];
      await fc.assert(
        fc.asyncProperty(fc.shuffledSubarray(twice, { minLength: twice.length }), async (requests) => {
          expect(await end(requests), samples.name).toEqual(usual);
        }),
        { numRuns: 5 },
      );
    }
  });

  it('has a sample of every kind of event that its code names', () => {
    const { named, also, without } = eventNames[id] ?? { named: [], also: [], without: {} };
    const known = named.flatMap(({ file, by }) => {
      const names = [...readSource(file).matchAll(by)].flatMap((found) => found.slice(1).filter(Boolean));
      expect(names.length, file).toBeGreaterThan(0);
      return names;
    });
    const told = new Set(
      [
        ...fixtures
          .filter(({ name }) => !name.startsWith('hostile-'))
          .map(({ bytes, settings }) => parse(bytes, settings)),
        ...loadScenarios(id).flatMap(({ requests }) => requests),
      ].flatMap(({ body }) => namesIn(body)),
    );
    const missing = [...new Set([...known, ...also])].filter((name) => !told.has(name));
    expect(missing.sort()).toEqual(Object.keys(without).sort());
  });

  it('refuses requests that are not the provider’s', () => {
    for (const { why, raw, settings } of given.forged)
      expect(connector.verify(raw, settings), why).toBe(false);
    for (const { why, raw, settings } of given.genuine)
      expect(connector.verify(raw, settings), why).toBe(true);
  });

  it('answers anything at all with events or with one of its own errors', async () => {
    const bodies = fixtures.map((fixture) =>
      Buffer.from(parse(fixture.bytes, fixture.settings).body).toString('utf8'),
    );
    await fc.assert(
      fc.asyncProperty(mutated(bodies), fc.constantFrom(...given.paths), async (body, path) => {
        const raw = { ...request(body), path };
        const { events } = attemptOwn(() => connector.split(raw, given.settings)) ?? { events: [] };
        for (const event of events) {
          expect(event.eventKey.length).toBeGreaterThan(0);
          await attempt(() => connector.inbound(event, given.settings));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('cuts a long text into calls that the provider takes, losing no word', async () => {
    if (mute) return;
    const simulator = await simulatorOf(id);
    const text = Array.from({ length: 3000 }, (_, n) => `کلمه${n}${n % 9 === 0 ? '. 😀' : ''}`).join(' ');
    const message = outbound({ connector, given, simulator }, text);
    const cut = connector.pieces(message, simulator.settings);
    // A letter has room for all of it.
    if (!connector.manifest.capabilities.letters) expect(cut.length).toBeGreaterThan(1);
    expect(
      cut
        .map((piece) => piece.text)
        .join(' ')
        .split(/\s+/),
    ).toEqual(text.split(/\s+/));
    for (const piece of cut) {
      expect(piece.text.length).toBeLessThanOrEqual(connector.manifest.capabilities.maxText);
      expect(piece.text).not.toMatch(/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/);
    }
    expect(connector.pieces(message, simulator.settings)).toEqual(cut);
    if (sessions) return;
    for (const piece of cut) {
      await connector.send({ ...sendOf(connector, message), piece }, contextOf(simulator));
    }
    expect(sentTexts(simulator)).toEqual(cut.map((piece) => piece.text));
  });

  it('leaves in the provider’s own record exactly what was sent, under the id it names', async () => {
    if (mute) return;
    const simulator = await simulatorOf(id);
    const request = sendOf(
      connector,
      outbound({ connector, given, simulator }, 'سلام، سفارش شما آماده است.'),
    );
    const result = await connector.send(request, contextOf(simulator));
    const record = sentBy(simulator);
    if (sessions) {
      expect(result.externalIds).toHaveLength(1);
      return;
    }
    expect(record).toHaveLength(1);
    expect(record[0]).toMatchObject({ text: 'سلام، سفارش شما آماده است.', peer: simulator.peer(1) });
    expect(result.externalIds).toEqual([given.externalIdOf(record[0]!)]);
  });

  it.each(given.faults)(
    'calls $fault what it is: $class',
    async ({ fault, class: expected, unreachable }) => {
      const simulator = await simulatorOf(id);
      const request = sendOf(connector, outbound({ connector, given, simulator }, 'سلام'));
      simulator.fail(fault, { retryAfter: 7 });
      const signal = fault === 'hang' ? abortOnceSent(simulator) : request.signal;
      const error = await failure(connector.send({ ...request, signal }, contextOf(simulator)));
      expect(error.class).toBe(expected);
      expect(error.unreachable ?? false).toBe(unreachable ?? false);
      if (expected === 'rateLimited') expect(error.retryAt?.getTime()).toBeGreaterThan(Date.now());
      expect(JSON.stringify([error.message, error.code, String(error.cause ?? '')])).not.toContain(
        given.secretOf(simulator),
      );
      const accepted = acceptedUnder.has(fault);
      expect(simulator.messages().filter((message) => message.direction === 'toCustomer')).toHaveLength(
        accepted ? 1 : 0,
      );
      if (!connector.lookup || expected !== 'unknown') return;
      const found = await connector.lookup(
        { sendRef: request.sendRef, signal: AbortSignal.timeout(10_000) },
        contextOf(simulator),
      );
      expect(found.found).toBe(accepted);
      if (found.found) expect(found.externalIds).toEqual([given.externalIdOf(sentBy(simulator)[0]!)]);
    },
  );

  it('knows that nothing left when there was nobody to connect to', async () => {
    if (sessions || mute) return;
    const simulator = await simulatorOf(id);
    const request = sendOf(connector, outbound({ connector, given, simulator }, 'سلام'));
    const context = contextOf(simulator);
    await simulator.close();
    expect((await failure(connector.send(request, context))).class).toBe('retryable');
  });

  it('refuses for good what can never be sent', async () => {
    const simulator = await simulatorOf(id);
    if (mute) {
      const message = outbound({ connector, given, simulator }, 'سلام');
      expect(() => connector.pieces(message, simulator.settings)).toThrow(ConnectorError);
      return;
    }
    const request = sendOf(connector, outbound({ connector, given, simulator }, 'سلام'));
    const error = await failure(connector.send({ ...request, to: given.nobody }, contextOf(simulator)));
    expect(error.class).toBe('permanent');
  });

  if (connector.lookup) {
    it('does not send twice under one reference', async () => {
      const simulator = await simulatorOf(id);
      const request = sendOf(connector, outbound({ connector, given, simulator }, 'سلام'));
      const first = await connector.send(request, contextOf(simulator));
      const second = await connector.send(request, contextOf(simulator));
      expect(second.externalIds).toEqual(first.externalIds);
      if (sessions) return;
      expect(sentTexts(simulator)).toEqual(['سلام']);
    });
  }

  it('says whose account the settings open, and which setting is wrong', async () => {
    const simulator = await simulatorOf(id);
    expect((await connector.check(contextOf(simulator))).accountName).toBeTruthy();
    for (const { settings, class: expected, field } of given.wrongSettings(simulator.settings)) {
      const error = await failure(connector.check(contextOf({ ...simulator, settings })));
      expect({ class: error.class, field: error.field }).toEqual({ class: expected, field });
    }
  });

  if (connector.listen) {
    it('loses nothing when the server dies between fetching and storing', async () => {
      const simulator = await simulatorOf(id);
      const context = contextOf(simulator);
      const before = new TestHost(connector, context);
      const first = run(connector, before);
      await before.until(() => before.successes > 0);
      before.crash = true;
      // It may die as soon as the first of them is there.
      const died = expect(first).rejects.toThrow();
      const ids: string[] = [];
      for (let n = 0; n < 5; n += 1) {
        ids.push(
          await simulator.customerWrites({ peer: simulator.peer(1), name: 'نرگس', text: `پیام ${n}` }),
        );
      }
      await died;
      const after = new TestHost(connector, context, before);
      const second = run(connector, after);
      await after.untilIt(async () => (await texts(after)).length === 6);
      after.stop();
      await second;
      expect(await texts(after)).toEqual(['سلام', 'پیام 0', 'پیام 1', 'پیام 2', 'پیام 3', 'پیام 4']);
      expect(ids).toHaveLength(new Set(ids).size);
    });

    it('tells the host when the provider refuses, and goes on by itself', async () => {
      const simulator = await simulatorOf(id);
      const host = new TestHost(connector, contextOf(simulator));
      for (const call of given.listenCalls) simulator.fail('serverError', { call });
      const running = run(connector, host);
      await host.until(() => host.failures.length > 0);
      await simulator.customerWrites({ peer: simulator.peer(2), text: 'هنوز اینجا هستید؟' });
      await host.untilIt(async () => (await texts(host)).includes('هنوز اینجا هستید؟'));
      host.stop();
      await running;
      expect(host.failures[0]?.class).toBe('retryable');
    });

    it('stops without an error when it is told to', async () => {
      const simulator = await simulatorOf(id);
      const host = new TestHost(connector, contextOf(simulator));
      const running = run(connector, host);
      await host.until(() => host.successes > 0);
      host.stop();
      await expect(running).resolves.toBeUndefined();
    });
  }

  async function texts(host: TestHost): Promise<string[]> {
    const messages = (await host.meanings(given.settings)).filter(
      (event): event is InboundMessage => event.type === 'message',
    );
    return [...new Map(messages.map((message) => [message.externalIds[0], message.text])).values()];
  }
});

/** Taken by the provider although we never heard of it. */
const acceptedUnder = new Set<Fault>(['resetAfterAccept', 'hang']);

function run(connector: Connector, host: TestHost): Promise<void> {
  if (!connector.listen) throw new Error('This connector does not listen.');
  return connector.listen(host, host.context);
}

function outbound(
  { connector, given, simulator }: { connector: Connector; given: ContractCase; simulator: Simulator },
  text: string,
): OutboundMessage {
  const to = given.to(simulator.peer(1));
  return { text, files: [], to, threadKey: connector.threadFor(to, simulator.settings) };
}

function sentTexts(simulator: Simulator): string[] {
  return sentBy(simulator).map((message) => message.text);
}

/** The time-out of a call whose answer never comes, without waiting for the clock. */
function abortOnceSent(simulator: Simulator): AbortSignal {
  const controller = new AbortController();
  simulator.onSent(() => setImmediate(() => controller.abort()));
  return controller.signal;
}

function request(body: string): RawRequest {
  return {
    source: 'hook',
    method: 'POST',
    path: '/',
    query: {},
    headers: {},
    body: new TextEncoder().encode(body),
  };
}

function attemptOwn<T>(run: () => T): T | null {
  try {
    return run();
  } catch (error) {
    expect(error).toBeInstanceOf(ConnectorError);
    return null;
  }
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
