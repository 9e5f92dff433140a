import { desk } from './fa/desk.ts';
import { errors } from './fa/errors.ts';
import { inbox } from './fa/inbox.ts';
import { keys } from './fa/keys.ts';
import { letters } from './fa/letters.ts';
import { people } from './fa/people.ts';
import { settings } from './fa/settings.ts';
import { shell } from './fa/shell.ts';

/** The source catalog: what is missing in another language is a type error there. */
export const fa = { ...shell, ...inbox, ...desk, ...letters, ...people, ...settings, ...errors, ...keys };

export type Catalog = typeof fa;
export type CommandId = keyof Catalog['commands'];
export type CommandGroup = keyof Catalog['cheatSheet']['group'];
