import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Simulator } from '../../connectors/connector.ts';
import { dnsOf } from '../../connectors/simulator.ts';
import { SimulatedVisitor } from '../../connectors/webchat/simulator.visitor.ts';
import type { Customer } from '../../shared/customer.ts';
import { messageOf } from '../../test/agent.ts';
import { startTestApp, type TestApp } from '../../test/app.ts';
import { startSimulators, zoneOf } from '../../test/simulators.ts';
import { until } from '../../test/world.ts';
import { sweepVisitors } from './visitor.jobs.ts';

let app: TestApp;
let simulators: Record<string, Simulator>;
/** Added to the clock. */
let ahead = 0;

beforeAll(async () => {
  simulators = await startSimulators();
  const mail = simulators['email'] as Simulator;
  app = await startTestApp({
    endpoints: { email: mail.endpoint },
    dns: dnsOf(zoneOf(simulators)),
    now: () => new Date(Date.now() + ahead),
  });
});
afterAll(async () => {
  await app?.end();
  for (const simulator of Object.values(simulators ?? {})) await simulator.close();
});

it('an answer goes after its visitor by mail; who answers that mail is somebody new, and suggested to be the visitor', async () => {
  const { admin } = app;
  const mail = simulators['email'] as Simulator;
  await admin.createChannel({ connector: 'email', name: 'Mail', settings: mail.settings });
  const channel = await admin.createChannel({
    connector: 'webchat',
    name: 'Shop',
    settings: { name: 'Shop' },
  });
  const peer = mail.peer(7);

  const visitor = new SimulatedVisitor({ url: app.url, site: String(channel.settings['site']) });
  visitor.language = 'en';
  await visitor.begin();
  await visitor.leaveContact({ name: 'Sara Example', email: peer.toUpperCase() });
  const desk = await admin.socket();
  const asked = admin.heard(desk, (event) => messageOf(event, 'Is it there?') !== undefined, 'the question');
  await visitor.write('Is it there?');
  const { header } = await asked;
  const sent = admin.heard(
    desk,
    (event) => messageOf(event, 'It is.')?.delivery?.state === 'sent',
    'the answer',
  );
  await admin.reply(header, 'It is.');
  await sent;

  ahead = 5 * 60_000;
  await sweepVisitors(app.context);
  const letter = await until('the letter', () =>
    mail.messages().find((message) => message.direction === 'toCustomer'),
  );
  expect(letter).toMatchObject({ peer, text: expect.stringContaining('Admin Example: It is.') });
  const stop = /http:\S+\/stop\/\S+/.exec(letter.text)?.[0] ?? '';
  expect((await fetch(stop)).status).toBe(200);

  const answered = admin.heard(
    desk,
    (event) => messageOf(event, 'Thank you!') !== undefined,
    'the answer to the mail',
  );
  await mail.act({ do: 'reply', peer, text: 'Thank you!' });
  const event = await answered;
  expect(event.header.customerId).not.toBe(header.customerId);
  expect(messageOf(event, 'Thank you!')?.relatedId).toBe(header.id);
  const { claims } = await admin.call<Customer>('GET', `/api/customers/${header.customerId}`);
  expect(claims).toMatchObject([
    { value: peer, source: 'webchat', suggestsCustomerId: event.header.customerId },
  ]);
});
