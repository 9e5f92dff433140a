import { botConnector } from './bot.ts';
import { telegramFace } from './config.ts';

export const telegram = botConnector(telegramFace);
