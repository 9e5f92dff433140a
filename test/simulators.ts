import { startSimulator as startBale } from '../connectors/bale/simulator.ts';
import type { Simulator, SimulatorOptions, Zone } from '../connectors/connector.ts';
import { startSimulator as startEmail } from '../connectors/email/simulator.ts';
import { startSimulator as startInstagram } from '../connectors/instagram/simulator.ts';
import { startSimulator as startMessenger } from '../connectors/messenger/simulator.ts';
import { startSimulator as startPhone } from '../connectors/phone/simulator.ts';
import { startSimulator as startSms } from '../connectors/sms/simulator.ts';
import { startSimulator as startTelegram } from '../connectors/telegram/simulator.ts';
import { startSimulator as startWebchat } from '../connectors/webchat/simulator.ts';
import { startSimulator as startWhatsapp } from '../connectors/whatsapp/simulator.ts';
import { startSimulator as startX } from '../connectors/x/simulator.ts';

/** How each connector's simulator is started; the key is the connector's id. */
export const simulators = {
  sms: startSms,
  telegram: startTelegram,
  bale: startBale,
  email: startEmail,
  webchat: startWebchat,
  phone: startPhone,
  whatsapp: startWhatsapp,
  messenger: startMessenger,
  instagram: startInstagram,
  x: startX,
} satisfies Record<string, (options?: SimulatorOptions & { keep?: number }) => Promise<Simulator>>;

export type SimulatorId = keyof typeof simulators;

/** One simulator for every connector, or for those named, on free ports. Closes those already started when one fails. */
export async function startSimulators({
  only,
  ...options
}: SimulatorOptions & { keep?: number; only?: readonly SimulatorId[] } = {}): Promise<
  Record<string, Simulator>
> {
  const started: Record<string, Simulator> = {};
  try {
    for (const id of only ?? (Object.keys(simulators) as SimulatorId[]))
      started[id] = await simulators[id](options);
    return started;
  } catch (error) {
    await Promise.all(Object.values(started).map((simulator) => simulator.close()));
    throw error;
  }
}

/** What the domain name system says to a server that lives among these simulators, and nothing else. */
export function zoneOf(simulators: Readonly<Record<string, Simulator>>): Zone {
  return Object.assign({}, ...Object.values(simulators).map(({ zone }) => zone ?? {}));
}
