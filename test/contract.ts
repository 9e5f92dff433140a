import { expect } from 'vitest';
import {
  type Connector,
  ConnectorError,
  type OutboundMessage,
  type SendRequest,
  type SimulatedMessage,
  type Simulator,
} from '../connectors/connector.ts';
import { startSimulators } from './simulators.ts';

/** What the parts of the contract suite share: simulators that are closed again, calls, and their failures. */

const started: Simulator[] = [];

/** Every connector's simulator, closed by `closeSimulators`. */
export async function allSimulators(): Promise<Record<string, Simulator>> {
  const all = await startSimulators({ deliveryStep: 5 });
  started.push(...Object.values(all));
  return all;
}

/** The first peer has written before: not every channel may write to strangers. */
export async function simulatorOf(id: string): Promise<Simulator> {
  const simulator = (await allSimulators())[id];
  if (!simulator) throw new Error(`test/simulators.ts has no simulator for ${id}.`);
  await simulator.customerWrites({ peer: simulator.peer(1), name: 'نرگس', text: 'سلام' });
  return simulator;
}

export async function closeSimulators(): Promise<void> {
  await Promise.all(started.splice(0).map((simulator) => simulator.close()));
}

let reference = 1_000_000;

/** The first call of a message. */
export function sendOf(connector: Connector, message: OutboundMessage): SendRequest {
  reference += 1;
  const [piece] = connector.pieces(message, {});
  if (!piece) throw new Error('A message needs a call.');
  return {
    piece,
    to: message.to,
    threadKey: message.threadKey,
    sendRef: String(reference),
    signal: AbortSignal.timeout(20_000),
  };
}

export function sentBy(simulator: Simulator): SimulatedMessage[] {
  return simulator.messages().filter((message) => message.direction === 'toCustomer');
}

export async function failure(call: Promise<unknown>): Promise<ConnectorError> {
  const outcome = await call.then(
    () => null,
    (error: unknown) => error,
  );
  expect(outcome).toBeInstanceOf(ConnectorError);
  return outcome as ConnectorError;
}

export async function attempt<T>(run: () => T | Promise<T>): Promise<T | { error: string }> {
  try {
    return await run();
  } catch (error) {
    return { error: (error as Error).message };
  }
}
