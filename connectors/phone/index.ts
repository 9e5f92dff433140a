import { type Connector, ConnectorError } from '../connector.ts';
import { accountRef, check, manifest } from './config.ts';
import { download } from './download.ts';
import { inbound, split, verify } from './inbound.ts';

/** A telephone system tells of its calls; nothing is sent by it. */
export const phone: Connector = {
  manifest,
  accountRef,
  verify,
  split,
  inbound,
  pieces: cannotSend,
  send: async () => cannotSend(),
  threadFor: () => '',
  check,
  download,
};

function cannotSend(): never {
  throw new ConnectorError({
    class: 'permanent',
    code: 'cannotSend',
    message:
      'Nothing can be written on a telephone channel: it tells of calls. Choose another channel of this customer.',
  });
}
