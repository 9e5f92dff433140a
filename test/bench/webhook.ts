import { io, type Socket } from 'socket.io-client';
import { isTombstone } from '../../shared/message.ts';
import type { AgentSocket } from '../agent.ts';
import { databaseUri, dropDatabase } from '../database.ts';
import { bundle, ServerProcess } from '../process.ts';
import { startWorld, type World } from '../world.ts';

/** One side of a comparison: how a message is written to its webhook, and where it is heard. */
export interface Side {
  name: 'product' | 'floor';
  /** Resolves when the webhook has answered. `n` names the customer as well. */
  write(n: number, text: string): Promise<void>;
  /** Calls back with the text of every message that this socket hears. */
  listen(hear: (text: string) => void): Promise<() => void>;
}

/** The product and the least that any server of its kind could do, on one engine, durable: both are real processes. */
export interface Pair {
  world: World;
  product: Side;
  floor: Side;
  close(): Promise<void>;
}

/** How many customers write. */
const customers = 50;

export async function startPair(): Promise<Pair> {
  const world = await startWorld({ durable: true });
  const entry = await bundle('test/bench/floor.ts');
  const floorUri = databaseUri(world.mongoUri, `${world.database}_floor`);
  const bare = new ServerProcess(entry, { mongoUri: floorUri, endpoints: {}, dataDir: '', leaseMs: 0 }, [
    floorUri,
  ]);
  const close = async () => {
    await bare.stop();
    await dropDatabase(floorUri);
    await world.close();
  };
  try {
    const product = await productSide(world);
    await bare.start();
    return { world, product, floor: floorSide(bare.url), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function productSide(world: World): Promise<Side> {
  const line = world.lines.find((each) => each.connector.manifest.id === 'sms');
  if (!line) throw new Error('The bench writes SMS webhooks, and there is no sms connector.');
  line.simulator.setHook(null);
  const channels = await world.agent.call<{ id: string; hookUrl: string }[]>('GET', '/api/channels');
  const hookUrl = channels.find((each) => each.id === line.channelId)?.hookUrl ?? '/';
  const hook = new URL(new URL(hookUrl, world.agent.url).pathname, world.agent.url).href;
  const to = String(line.simulator.settings.line ?? '');
  return {
    name: 'product',
    write: (n, text) =>
      post(`${hook}/inbound`, {
        messageid: `${Date.now()}${n}`,
        from: line.simulator.peer(n % customers),
        to,
        message: text,
      }),
    listen: async (hear) => listenAsAgent(await world.agent.socket(), hear),
  };
}

/** The texts of messages that an agent's socket hears. */
export function listenAsAgent(socket: AgentSocket, hear: (text: string) => void): () => void {
  socket.on('conversation.changed', (event) => {
    for (const entry of event.messages) if (!isTombstone(entry)) hear(entry.text);
  });
  return () => socket.disconnect();
}

function floorSide(url: string): Side {
  return {
    name: 'floor',
    write: (n, text) => post(url, { messageid: `f${n}`, from: `c${n % customers}`, message: text }),
    async listen(hear) {
      const socket: Socket = io(url, { transports: ['websocket'], forceNew: true });
      await new Promise<void>((resolve, reject) => {
        socket.once('connect', () => resolve());
        socket.once('connect_error', reject);
      });
      socket.on('changed', (event: { messages: { text: string }[] }) => {
        for (const message of event.messages) hear(message.text);
      });
      return () => socket.disconnect();
    },
  };
}

async function post(url: string, fields: Record<string, string>): Promise<void> {
  const response = await fetch(url, { method: 'POST', body: new URLSearchParams(fields) });
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`The webhook answered ${response.status}.`);
}

/** The value below which this part (0 to 1) of a sorted list lies. */
export function percentile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}
