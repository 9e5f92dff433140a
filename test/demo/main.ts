import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { connectors } from '../../connectors/index.ts';
import { dnsOf } from '../../connectors/simulator.ts';
import { createApp } from '../../server/app.ts';
import { loadSecretKey } from '../../server/channels/secrets.ts';
import { ensureMongo } from '../../server/db/embedded/process/launcher.ts';
import { createLog } from '../../server/log.ts';
import type { Welcome } from '../../shared/user.ts';
import { freePort } from '../redis.ts';
import { startSimulators, zoneOf } from '../simulators.ts';
import { openShopPage } from './be-the-customer.ts';
import { furnishBoard } from './board.ts';
import { morningCalls } from './calls.ts';
import { furnishCustomers } from './care.ts';
import { seeded } from './compose.ts';
import { type DemoLine, importYear, known, lettersOf, people } from './history.ts';
import { teachMoonlight } from './listening.ts';
import { openingMorning } from './opening.ts';
import { introduce, voicesOf } from './public.people.ts';
import { furnishPublic } from './public-life.ts';
import { openShop, passwords, shareOut } from './shop.ts';
import { Square } from './square.ts';
import { Town } from './town.ts';

/**
 * `npm run demo`: the product on embedded defaults with a year of history, and customers who write and answer. What happens
 * after the start comes through the simulators' sockets, and no provider but these can be reached.
 */
const root = fileURLToPath(new URL('../..', import.meta.url));
const dataDir = './data/demo';
const seed = 1405;
const customers = 360;
const messages = 12_500;
const waitingAtOpening = 14;

const say = (line: string) => console.log(line);

async function main(): Promise<void> {
  const from = performance.now();
  const seconds = () => `${((performance.now() - from) / 1000).toFixed(1)} s`;
  for (const name of ['MONGODB_URI', 'REDIS_URL'])
    if (process.env[name])
      say(`${name} is set; the demonstration does not use it, its data is in ${dataDir}.`);

  const log = createLog({ level: process.env.LOG_LEVEL ?? 'warn' });
  const pages = build({ configFile: `${root}vite.config.ts`, logLevel: 'error' });
  const engine = await ensureMongo({ dataDir, log: (line) => log.info({ part: 'database' }, line) });
  const simulators = await startSimulators({ keep: 20_000, deliveryStep: 1_500 });
  const closing: (() => Promise<unknown> | unknown)[] = Object.values(simulators).map(
    (simulator) => () => simulator.close(),
  );

  const port = Number(process.env.PORT || 4700);
  const demo: NonNullable<Welcome['demo']> = { logins: await passwords() };
  const deps = {
    mongoUri: engine.uri,
    database: 'yekja',
    secretKey: loadSecretKey({ secretKey: undefined, dataDir }),
    host: '127.0.0.1',
    endpoints: Object.fromEntries(
      Object.entries(simulators).map(([id, simulator]) => [id, simulator.endpoint]),
    ),
    dns: dnsOf(zoneOf(simulators)),
    clientDir: `${root}dist/client`,
    log,
    demo,
    onLost: (error: Error) => {
      say(error.message);
      process.exit(1);
    },
  };
  await pages;
  say(`pages built after ${seconds()}`);
  const app = await createApp({ ...deps, port }).catch(async (error: unknown) => {
    if (!/is taken/.test(String(error))) throw error;
    say(`Port ${port} is taken; taking another. PORT=… chooses one.`);
    return createApp({ ...deps, port: await freePort() });
  });
  closing.push(() => app.close());

  const shop = await openShop(app.context, { simulators, logins: demo.logins });
  let square: Square | null = null;
  const chat = shop.channels.find(({ id }) => connectors[id]?.manifest.capabilities.sessions);
  if (chat) {
    const { channelId } = chat;
    const page = await openShopPage(app.context, {
      channelId,
      home: app.url,
      port: port + 1,
      isNew: shop.isNew,
      say: async (said) => {
        if (!square) throw new Error('The shop has posted nothing yet.');
        await square.says(said);
      },
    });
    closing.push(() => page.close());
    demo.shop = page.url;
  }
  const lines: DemoLine[] = shop.channels.map(({ id, channelId }) => {
    const connector = connectors[id];
    const simulator = simulators[id];
    if (!connector || !simulator)
      throw new Error(`The demonstration has a channel of ${id}, and no connector or simulator for it.`);
    return { connector, simulator, channelId };
  });
  const settled = people(lines, customers, seeded(seed));
  const voices = voicesOf(lines, settled, seeded(seed));
  await introduce(voices);
  if (shop.isNew) {
    let shown = 0;
    const count = await importYear(app.context, {
      now: new Date(),
      lines,
      agents: shop.agents,
      random: seeded(seed),
      customers,
      messages,
      onProgress: (done) => {
        if (done - shown < 2_500) return;
        shown = done;
        say(`${done} messages of history`);
      },
    });
    say(`${count} messages of ${customers} customers after ${seconds()}`);
    await furnishCustomers(app.context, {
      viewer: shop.administrator,
      people: known(lines, customers, seeded(seed)),
      mobile: (n) => simulators['sms']?.peer(customers + n) ?? '',
      now: new Date(),
      random: seeded(seed + 1),
    });
    say(`purchases, profiles and segments after ${seconds()}`);
    const told = await furnishPublic(app.context, {
      voices,
      people: known(lines, customers, seeded(seed)),
      marketer: shop.marketer,
      now: new Date(),
      seed: seed + 2,
    });
    say(`${told} public words after ${seconds()}`);
  }
  for (const { id, hookUrl } of shop.channels) simulators[id]?.setHook(hookUrl);

  const town = new Town({
    simulators,
    people: settled,
    letters: lettersOf(lines),
    random: seeded(Date.now()),
    onError: (error) => log.warn({ err: error }, 'a simulated customer could not write'),
  });
  const letters = lines.find(({ connector }) => connector.manifest.capabilities.letters);
  if (shop.isNew && letters) await openingMorning(app.context, { letters, agents: shop.agents });
  if (shop.isNew) closing.push(shareOut(app.context, shop.agents.slice(0, 2), 3));
  await town.start(waitingAtOpening);
  closing.push(() => town.stop());
  const { phone: telephone, sms } = simulators;
  if (shop.isNew && telephone && sms)
    await morningCalls(telephone, {
      mobiles: settled.flatMap(({ who, connectors }) =>
        connectors.includes('sms') ? [sms.peer(who.n)] : [],
      ),
      random: seeded(seed + 3),
    });
  const life = new Square({
    voices,
    random: seeded(Date.now()),
    onError: (error) => log.warn({ err: error }, 'somebody could not speak in public'),
  });
  square = life;
  closing.push(() => life.stop());
  await life.posts({ launches: shop.isNew });
  if (shop.isNew) {
    await life.widelyRead();
    await life.loudly();
  }
  life.start();

  say(`\nYekja · یکجا is open after ${seconds()}: ${app.url}\n`);
  if (demo.shop) say(`  Be the customer yourself, at a shop with the web chat: ${demo.shop}\n`);
  for (const login of demo.logins) say(`  ${login.email.padEnd(24)} ${login.password}   ${login.name}`);
  say(
    '\nThese passwords are made anew at each start. Ctrl+C ends it; the data stays in data/demo (delete it for a fresh year).',
  );

  let leaving = false;
  if (shop.isNew) {
    const { marketer, administrator } = shop;
    teachMoonlight(app.context, marketer)
      .then(() =>
        furnishBoard(app.context, { marketer, administrator, now: new Date(), random: seeded(seed + 4) }),
      )
      .then(() => say(`The marketers’ board is furnished after ${seconds()}.`))
      .catch((error: unknown) => {
        if (!leaving) log.warn({ err: error }, 'the board of advocates was not furnished');
      });
  }
  const leave = async () => {
    if (leaving) process.exit(1);
    leaving = true;
    for (const step of closing.reverse()) await step();
    process.exit(0);
  };
  process.on('SIGINT', () => void leave());
  process.on('SIGTERM', () => void leave());
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
