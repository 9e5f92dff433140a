import { bale } from './bale/index.ts';
import type { Connector } from './connector.ts';
import { email } from './email/index.ts';
import { instagram } from './instagram/index.ts';
import { messenger } from './messenger/index.ts';
import { phone } from './phone/index.ts';
import { sms } from './sms/index.ts';
import { telegram } from './telegram/index.ts';
import { webchat } from './webchat/index.ts';
import { whatsapp } from './whatsapp/index.ts';
import { x } from './x/index.ts';

/** Every channel the product speaks; one line each. The key is the manifest's id and the folder's name. */
export const connectors: Readonly<Record<string, Connector>> = {
  sms,
  telegram,
  bale,
  email,
  webchat,
  phone,
  whatsapp,
  messenger,
  instagram,
  x,
};

export function listConnectors(): Connector[] {
  return Object.values(connectors);
}

export { parseRecorded, type Understanding, type Understood, understand } from './recorded.ts';
