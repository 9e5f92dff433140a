import { desk } from './en/desk.ts';
import { errors } from './en/errors.ts';
import { inbox } from './en/inbox.ts';
import { keys } from './en/keys.ts';
import { letters } from './en/letters.ts';
import { people } from './en/people.ts';
import { settings } from './en/settings.ts';
import { shell } from './en/shell.ts';
import type { Catalog } from './fa.ts';

export const en = {
  ...shell,
  ...inbox,
  ...desk,
  ...letters,
  ...people,
  ...settings,
  ...errors,
  ...keys,
} satisfies Catalog;
