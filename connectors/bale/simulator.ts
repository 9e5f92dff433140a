import type { SimulatorOptions } from '../connector.ts';
import { startSimulator as startBotSimulator, type TelegramSimulator } from '../telegram/simulator.ts';
import { baleFace } from './config.ts';

/** Bale's side: no secret in a header, no reactions, no notice of who blocked the bot, groups with numbers above zero. */
export function startSimulator(
  options: SimulatorOptions & { keep?: number } = {},
): Promise<TelegramSimulator> {
  return startBotSimulator({
    ...options,
    face: baleFace,
    botToken: '800000001:BBsimulatedTokenOfNoRealBotAtAll0000000',
  });
}
