import { isTombstone } from '../shared/message.ts';
import { messageOf } from './agent.ts';
import { type Line, startWorld, until, type World } from './world.ts';

/**
 * For every connector in the list: a customer writes through its simulator, an agent's socket sees it, the agent replies, the
 * simulator's own record has the reply once, and statuses come back where the capability says so.
 */
async function tryLine(world: World, { connector, simulator }: Line): Promise<string> {
  const { agent } = world;
  const socket = await agent.socket();
  const peer = simulator.peer(1);
  const question = `Where is my order? سفارشم کجاست؟ ${connector.manifest.id}`;
  const seen = agent.heard(socket, (event) => messageOf(event, question) !== undefined, `"${question}"`);
  const startedAt = performance.now();
  await simulator.customerWrites({ peer, name: 'Customer One', text: question });
  const inbound = await seen;
  const inMs = performance.now() - startedAt;

  const { capabilities } = connector.manifest;
  // It tells, and is told nothing: a telephone system.
  if (capabilities.visibility.length === 0) return `in ${Math.round(inMs)} ms, nothing is sent`;
  const answer = `On its way. در راه است. ${connector.manifest.id}`;
  const wanted = capabilities.deliveryReceipts ? ['delivered', 'read'] : ['sent', 'delivered', 'read'];
  const delivered = agent.heard(
    socket,
    (event) =>
      event.messages.some(
        (entry) =>
          !isTombstone(entry) && entry.text === answer && wanted.includes(entry.delivery?.state ?? ''),
      ),
    `the reply being ${wanted[0]}`,
  );
  await agent.reply(inbound.header, answer);
  const event = await delivered;
  const record = await until(
    'the reply in the simulator',
    () =>
      simulator.messages().filter((message) => message.direction === 'toCustomer' && message.text === answer)
        .length === 1,
  );
  const state = event.messages
    .flatMap((entry) => (isTombstone(entry) ? [] : [entry]))
    .find((entry) => entry.text === answer);
  if (!record) throw new Error('unreachable');
  return `in ${Math.round(inMs)} ms, reply ${state?.delivery?.state}`;
}

async function main(): Promise<number> {
  const world = await startWorld({ durable: true });
  let ok = 0;
  try {
    for (const line of world.lines) {
      const id = line.connector.manifest.id;
      try {
        console.log(`${id}: ok, ${await tryLine(world, line)}`);
        ok += 1;
      } catch (error) {
        console.log(`${id}: FAILED, ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    if (ok < world.lines.length)
      console.log(world.servers.map((server) => server.output.slice(-4000)).join('\n'));
  } finally {
    await world.close();
  }
  console.log(`${world.lines.length} channels, ${ok} ok`);
  return ok === world.lines.length && ok > 0 ? 0 : 1;
}

main().then(
  (code) => process.exit(code),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
