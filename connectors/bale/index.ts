import { botConnector } from '../telegram/bot.ts';
import { baleFace } from './config.ts';

/** Bale's bots speak Telegram's Bot API "with slight changes" (docs.bale.ai): the same code, another face. */
export const bale = botConnector(baleFace);
