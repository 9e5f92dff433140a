import type { Connector } from '../connector.ts';
import { graph } from '../meta/client.ts';
import { accessToken } from '../meta/config.ts';
import { fetchMedia } from '../meta/download.ts';
import { id, text } from '../meta/json.ts';
import { refused } from '../meta/send.ts';
import { accountRef } from './config.ts';
import { rules } from './errors.ts';

/** By the media's id a link is asked for that holds for minutes and wants the token. (Meta: WhatsApp Cloud API, Media) */
export const download: NonNullable<Connector['download']> = async (ref, context) => {
  const mediaId = id(ref.mediaId);
  if (!mediaId) throw refused('noFile', 'The attachment names no file of WhatsApp’s.');
  const { body } = await graph(context, {
    path: `/${mediaId}`,
    query: { phone_number_id: accountRef(context.settings) },
    signal: context.signal,
    rules,
  });
  const url = text(body.url);
  if (!url) throw refused('noLink', 'WhatsApp named no place for the file.');
  return fetchMedia(context, url, { token: accessToken(context.settings) });
};
