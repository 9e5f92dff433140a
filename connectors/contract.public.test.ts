import { afterEach, describe, expect, it } from 'vitest';
import { MessageTemplate } from '../shared/post.ts';
import { renderTemplate, slotsOf } from '../shared/text/template.ts';
import { attempt, closeSimulators, failure, sendOf, sentBy, simulatorOf } from '../test/contract.ts';
import type { InboundEvent, OutboundMessage } from './connector.ts';
import { type ContractCase, contractCases } from './contract.cases.ts';
import { readFixtures } from './contract.fixtures.ts';
import { contextOf, TestHost } from './contract.host.ts';
import { connectors, parseRecorded, understand } from './index.ts';

afterEach(closeSimulators);

/** The contract beyond one message to one person: what is public, windows, templates, calls, challenges. */
describe.each(Object.entries(connectors))('%s', (id, connector) => {
  const given = contractCases[id] as ContractCase;
  const { capabilities } = connector.manifest;
  const { visibility } = capabilities;
  const fixtures = readFixtures(id);

  it('shows here what its capabilities promise', () => {
    expect(visibility.includes('public')).toBe(given.inPublic !== undefined);
    expect(capabilities.window !== null).toBe(given.closedWindow !== undefined);
    expect(capabilities.templates).toBe(connector.templates !== undefined);
    expect(connector.handshake !== undefined).toBe(given.handshakes !== undefined);
    if (capabilities.handOver) expect([...visibility].sort()).toEqual(['private', 'public']);
    if (capabilities.listening) expect(connector.listen).toBeDefined();
  });

  it('hangs what is public on its post, and has a fixture of what it promises', async () => {
    const understood = await Promise.all(
      fixtures.map(({ bytes, settings }) =>
        attempt(() => understand(connector, parseRecorded(bytes, { connector, settings }), settings)),
      ),
    );
    const events = understood.flatMap((one): InboundEvent[] =>
      'events' in one ? one.events.flatMap((event) => ('type' in event ? [event] : [])) : [],
    );
    const messages = events.filter((event) => event.type === 'message');
    const open = messages.filter((message) => message.visibility === 'public');
    expect(open.length > 0).toBe(visibility.includes('public'));
    expect(events.some((event) => event.type === 'call')).toBe(capabilities.calls);
    for (const message of messages)
      expect(message.post !== undefined, message.externalIds[0]).toBe(message.visibility === 'public');
    for (const event of events) {
      const isOpen = event.type === 'mention' || (event.type === 'message' && event.visibility === 'public');
      if (isOpen && event.post) expect(event.threadKey).toBe(`post:${event.post.externalId}`);
      if (event.type === 'watermark') expect(event.upTo.getTime()).toBeGreaterThan(0);
    }
  });

  it('answers its provider’s challenges, and nobody else’s', () => {
    const handshakes = given.handshakes ?? [];
    for (const { why, raw, settings, answer } of handshakes) {
      const said = connector.handshake?.(raw, settings) ?? null;
      expect(said && { status: said.status, body: said.body }, why).toEqual(answer);
    }
    if (connector.handshake)
      expect(new Set(handshakes.map(({ answer }) => answer !== null))).toEqual(new Set([true, false]));
    for (const { bytes, settings, name } of fixtures) {
      const raw = parseRecorded(bytes, { connector, settings });
      expect(connector.handshake?.(raw, settings) ?? null, name).toBeNull();
    }
  });

  if (given.inPublic)
    it('answers before all, beneath what it answers', async () => {
      const simulator = await simulatorOf(id);
      const place = await given.inPublic?.(simulator);
      if (!place) throw new Error('There is nothing to answer.');
      const message: OutboundMessage = { text: 'سلام به همه', files: [], visibility: 'public', ...place };
      const request = {
        ...sendOf(connector, message),
        inReplyTo: place.inReplyTo,
        visibility: 'public' as const,
      };
      const { externalIds } = await connector.send(request, contextOf(simulator));
      const [open] = sentBy(simulator);
      expect(open).toMatchObject({
        text: 'سلام به همه',
        visibility: 'public',
        inReplyTo: place.inReplyTo,
      });
      expect(externalIds).toEqual(open && [given.externalIdOf(open)]);
    });

  if (given.catchesUpInPublic)
    it('catches up with what was said before all while nobody listened, once', async () => {
      const simulator = await simulatorOf(id);
      const context = contextOf(simulator);
      const listen = (before?: TestHost) => {
        const host = new TestHost(connector, context, before);
        return { host, done: connector.listen?.(host, context) };
      };
      const first = listen();
      await first.host.until(() => first.host.successes > 0);
      first.host.stop();
      await first.done;
      const place = await given.inPublic?.(simulator);
      const second = listen(first.host);
      const said = async () =>
        (await second.host.meanings(given.settings)).filter(
          (event) => event.type === 'message' && event.externalIds.includes(place?.inReplyTo ?? ''),
        );
      await second.host.untilIt(async () => (await said()).length > 0);
      const { successes } = second.host;
      await second.host.until(() => second.host.successes > successes + 1);
      second.host.stop();
      await second.done;
      expect(await said()).toMatchObject([{ visibility: 'public', threadKey: place?.threadKey }]);
    });

  if (capabilities.handOver)
    it('answers in private what was said before all', async () => {
      const simulator = await simulatorOf(id);
      const place = await given.inPublic?.(simulator);
      if (!place) throw new Error('There is nothing to answer.');
      const threadKey = connector.threadFor(place.to, simulator.settings);
      const message: OutboundMessage = { text: 'فقط به شما', files: [], to: place.to, threadKey };
      await connector.send(
        { ...sendOf(connector, message), inReplyTo: place.inReplyTo },
        contextOf(simulator),
      );
      const sent = sentBy(simulator);
      expect(sent.map(({ text, visibility: open }) => [text, open])).toEqual([['فقط به شما', undefined]]);
    });

  if (given.closedWindow)
    it('knows a closed window when it meets one', async () => {
      const simulator = await simulatorOf(id);
      const to = await given.closedWindow?.(simulator);
      if (!to) throw new Error('Nobody’s window is closed.');
      const threadKey = connector.threadFor(to, simulator.settings);
      const request = sendOf(connector, { text: 'سلام', files: [], to, threadKey });
      expect((await failure(connector.send(request, contextOf(simulator)))).class).toBe('windowClosed');
      expect(sentBy(simulator)).toEqual([]);
    });

  if (connector.templates)
    it('lists its templates, and sends one with its values', async () => {
      const simulator = await simulatorOf(id);
      const templates = (await connector.templates?.(contextOf(simulator))) ?? [];
      for (const template of templates) {
        expect(MessageTemplate.parse(template)).toEqual(template);
        expect(slotsOf(template.header) + slotsOf(template.body), template.name).toBe(template.values);
      }
      const [template] = [...templates].sort((a, b) => b.values - a.values);
      if (!template?.values) throw new Error('The simulator has no template with a value.');
      const { name, language } = template;
      const values = Array.from({ length: template.values }, (_, n) => `مقدار ${n + 1}`);
      const shown = renderTemplate(template, values).text;
      const to = given.to(simulator.peer(1));
      const threadKey = connector.threadFor(to, simulator.settings);
      const use = { name, language, values, shown };
      const message: OutboundMessage = { text: shown, files: [], to, threadKey, template: use };
      const pieces = connector.pieces(message, simulator.settings);
      expect(pieces).toMatchObject([{ kind: 'template', template: use }]);
      await connector.send(sendOf(connector, message), contextOf(simulator));
      const [sent] = sentBy(simulator);
      for (const value of values) expect(sent?.text).toContain(value);
    });
});
