import { seeded, shuffled } from '../random.ts';
import { type Line, startWorld, until, type World } from '../world.ts';
import { Merging } from './deeds.merge.ts';
import { closeDatabase, type Deed, Inbound, Outbound } from './deeds.ts';
import { OwnWork } from './own-work.ts';
import type { Verdict } from './wire-proxy.ts';

export interface ChaosOptions {
  /** Some journeys of all channels' and some points of each, drawn by the seed, as `npm test` runs it. */
  short: boolean;
  seed: number;
  /** Only kill points whose name contains this. */
  only: string;
}

/** A push comes, or it is lost and the poll finds the message; a reply goes out. */
const journeyNames = ['inbound', 'inbound by poll', 'outbound'] as const;
/** Two customers are made one, or come apart: whatever channel they are on. */
const peopleJourneys = ['merge', 'un-merge'] as const;
/** So few messages go in one transaction of an un-merge that it needs several. */
const movedAtOnce = 3;

type Layer = 'database' | 'provider';
type Side = 'before' | 'after';

/** Where the server is killed: at the n-th call of this name since the deed began. */
interface Point {
  line: Line;
  journey: (typeof journeyNames)[number] | (typeof peopleJourneys)[number];
  layer: Layer;
  side: Side;
  n: number;
  /** What the call was when nothing was killed. */
  call: string;
}

interface Tally {
  points: number;
  lost: number;
  duplicated: number;
  unknown: number;
  illegal: number;
}

/** Kills -9 the server at every command and provider call of both journeys on each channel, restarts it, and looks what became of the message. */
export async function journeys(options: ChaosOptions): Promise<number> {
  // A call may take a third of a lease: on a machine that does much else at once, shorter ones would be `unknown` by themselves.
  const world = await startWorld({ proxies: true, leaseMs: 3_000, movedAtOnce });
  const tally: Tally = { points: 0, lost: 0, duplicated: 0, unknown: 0, illegal: 0 };
  try {
    console.log(`seed ${options.seed}`);
    const random = seeded(options.seed);
    const run = new Run(world, tally);
    const plays = world.lines.flatMap((line) => journeysOf(line).map((journey) => ({ line, journey })));
    const drawn = options.short && !options.only ? shuffled(plays, random).slice(0, drawnPlays) : plays;
    for (const one of drawn) await play(run, { ...one, options, random });
    const [line] = world.lines.filter(({ connector }) => connector.manifest.id === 'telegram');
    if (line) for (const journey of peopleJourneys) await play(run, { line, journey, options, random });
  } finally {
    await closeDatabase();
    await world.close();
  }
  console.log(
    `kill points ${tally.points} lost ${tally.lost} duplicated ${tally.duplicated} unknown ${tally.unknown}`,
  );
  return tally.points > 0 && tally.lost === 0 && tally.duplicated === 0 && tally.illegal === 0 ? 0 : 1;
}

function journeysOf({ connector }: Line): (typeof journeyNames)[number][] {
  // Where pushes are no provider's registration but typed into its panel, the poll is the other way in.
  const { receives, capabilities } = connector.manifest;
  const polls = receives.includes('hook') && receives.includes('listen') && !connector.connect;
  return journeyNames.filter(
    (name) =>
      (name !== 'inbound by poll' || polls) && (name !== 'outbound' || capabilities.visibility.length > 0),
  );
}

async function play(
  run: Run,
  of: { line: Line; journey: Point['journey']; options: ChaosOptions; random: () => number },
): Promise<void> {
  const { line, journey, options, random } = of;
  await run.rehearse(line, journey);
  const calls = await run.rehearse(line, journey);
  console.log(
    `${line.connector.manifest.id} ${journey}: ${calls.database.length} commands, ${calls.provider.length} provider calls`,
  );
  const points = choose(line, journey, calls, options.short, random).filter((point) =>
    name(point).includes(options.only),
  );
  for (const point of points) {
    // What a poll or a sweep added to the rehearsal may not come again at once.
    const met = (await run.kill(point)) || (await run.kill(point));
    if (!met) console.log(`     ${name(point)}: not met`);
  }
}

/** So many journeys are drawn in the short form, and of each so many commits and provider calls, and so many other commands. */
const drawnPlays = 4;
const drawnMust = 5;
const drawnRest = 2;

function choose(
  line: Line,
  journey: Point['journey'],
  calls: Record<Layer, string[]>,
  short: boolean,
  random: () => number,
): Point[] {
  const all: Point[] = [];
  for (const layer of ['database', 'provider'] as const)
    for (const [index, call] of calls[layer].entries()) {
      const n = calls[layer].slice(0, index + 1).filter((other) => other === call).length;
      for (const side of ['before', 'after'] as const) all.push({ line, journey, layer, side, n, call });
    }
  if (!short) return all;
  const must = all.filter(
    (point) => point.layer === 'provider' || point.call.startsWith('commitTransaction'),
  );
  const rest = all.filter((point) => !must.includes(point));
  return [...shuffled(must, random).slice(0, drawnMust), ...shuffled(rest, random).slice(0, drawnRest)];
}

const name = (point: Point) =>
  `${point.line.connector.manifest.id} ${point.journey} ${point.layer} ${point.side} ${point.call} #${point.n}`;

class Run {
  private readonly world: World;
  private readonly tally: Tally;
  private peers = 100;

  constructor(world: World, tally: Tally) {
    this.world = world;
    this.tally = tally;
  }

  private get server() {
    const [server] = this.world.servers;
    if (!server) throw new Error('no server');
    return server;
  }

  private get wire() {
    const [wire] = this.world.wires;
    if (!wire) throw new Error('no proxy');
    return wire;
  }

  /** Runs the journey once unharmed and lists its calls. */
  async rehearse(line: Line, journey: Point['journey']): Promise<Record<Layer, string[]>> {
    const calls: Record<Layer, string[]> = { database: [], provider: [] };
    const deed = await this.prepare(line, journey);
    this.watch(line, (layer, call, side) => {
      if (side === 'before') calls[layer].push(call);
      return 'go';
    });
    await deed.begin();
    await deed.finish();
    this.watch(line, null);
    return calls;
  }

  async kill(point: Point): Promise<boolean> {
    const from = performance.now();
    const deed = await this.prepare(point.line, point.journey);
    let seen = 0;
    let state: string | null = null;
    let killed: Promise<void> | null = null;
    this.watch(point.line, async (layer, call, side) => {
      if (killed) return 'drop';
      if (layer !== point.layer || side !== point.side || call !== point.call) return 'go';
      seen += 1;
      if (seen !== point.n) return 'go';
      killed = (async () => {
        await this.server.kill();
        state = await deed.deliveryState();
      })();
      await killed;
      return 'drop';
    });
    await deed.begin();
    // The deed of a kill that never came (fewer calls this time) ends by itself.
    await Promise.race([
      deed.finish().catch(() => undefined),
      until('the kill', () => killed !== null, 30_000, 10).catch(() => undefined),
    ]);
    const reached = killed as Promise<void> | null;
    this.watch(point.line, null);
    if (!reached) {
      return false;
    }
    await reached;
    await this.server.start();
    this.tally.points += 1;
    const verdict = await deed.verify(state);
    this.tally.lost += verdict.lost;
    this.tally.duplicated += verdict.duplicated;
    this.tally.unknown += verdict.unknown;
    this.tally.illegal += verdict.illegal ? 1 : 0;
    const bad = verdict.lost || verdict.duplicated || verdict.illegal;
    console.log(
      `${bad ? 'BAD ' : 'ok  '} ${name(point)}: ${verdict.text}, ${((performance.now() - from) / 1000).toFixed(1)} s`,
    );
    if (bad) console.log(this.server.output.slice(-3000));
    return true;
  }

  private watch(
    line: Line,
    hook: ((layer: Layer, call: string, side: Side) => Verdict | Promise<Verdict>) | null,
  ): void {
    const own = new OwnWork();
    this.wire.setHook(
      hook &&
        ((command, side) => {
          if (own.is(command)) return 'go';
          return hook(
            'database',
            command.collection ? `${command.name} ${command.collection}` : command.name,
            side,
          );
        }),
    );
    const provider = this.world.providers[line.connector.manifest.id];
    provider?.setHook(hook && ((call, side) => hook('provider', call.name, side)));
  }

  private async prepare(line: Line, journey: Point['journey']): Promise<Deed> {
    this.peers += 1;
    if (journey === 'merge' || journey === 'un-merge')
      return Merging.prepare(this.world, {
        nth: this.peers,
        undo: journey === 'un-merge',
        most: movedAtOnce,
      });
    const peer = line.simulator.peer(this.peers);
    return journey === 'outbound'
      ? Outbound.prepare(this.world, line, peer)
      : new Inbound(this.world, line, peer, journey === 'inbound by poll');
  }
}
