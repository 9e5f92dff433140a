import type { Connector } from '../connector.ts';
import { ConnectorError } from '../connector.ts';
import { decodeMail } from './envelope.ts';
import { partOf } from './parts.ts';

/** A mail carries its files: nothing is fetched, the stored mail is opened again. */
export const download: NonNullable<Connector['download']> = async (ref, context) => {
  const number = ref.part;
  if (typeof number !== 'number' || !Number.isSafeInteger(number))
    throw refused('noPart', 'The attachment names no part of its mail.');
  const { raw } = decodeMail((await context.event()).payload);
  const part = await partOf(raw, number);
  if (!part) throw refused('noPart', 'The mail has no such part.');
  return { body: once(part.body), type: part.type };
};

async function* once(body: Uint8Array): AsyncIterable<Uint8Array> {
  yield body;
}

function refused(code: string, message: string): ConnectorError {
  return new ConnectorError({ class: 'permanent', code, message });
}
