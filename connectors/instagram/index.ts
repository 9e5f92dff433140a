import type { Connector } from '../connector.ts';
import { pageId } from '../messenger/config.ts';
import { checkAccount, subscribePage } from '../meta/account.ts';
import { download } from '../meta/download.ts';
import { listenTo } from '../meta/listen.ts';
import { readMedia } from './comments.read.ts';
import { accountRef, face, manifest, subscribedFields } from './config.ts';
import { complete, handshake, inbound, split, verify } from './inbound.ts';
import { pieces, send } from './outbound.ts';

export const instagram: Connector = {
  manifest,
  accountRef,
  verify,
  handshake,
  split,
  complete,
  inbound,
  pieces,
  send,
  threadFor: (to) => to.value.split(':')[1] ?? to.value,
  listen: listenTo(face, readMedia),
  connect: async (hook, context) =>
    subscribePage(hook, context, { page: pageId(context.settings), fields: subscribedFields }),
  check: async (context) =>
    checkAccount(context, {
      account: accountRef(context.settings),
      idField: 'instagramId',
      fields: 'username,name',
    }),
  download,
};
