import type { Connector } from '../connector.ts';
import { checkAccount, subscribePage } from '../meta/account.ts';
import { download } from '../meta/download.ts';
import { listenTo } from '../meta/listen.ts';
import { accountRef, face, manifest, pageId, subscribedFields } from './config.ts';
import { readFeed } from './feed.read.ts';
import { complete, handshake, inbound, split, verify } from './inbound.ts';
import { pieces, send } from './outbound.ts';

export const messenger: Connector = {
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
  listen: listenTo(face, readFeed),
  connect: async (hook, context) =>
    subscribePage(hook, context, { page: pageId(context.settings), fields: subscribedFields }),
  check: async (context) =>
    checkAccount(context, { account: accountRef(context.settings), idField: 'pageId', fields: 'name' }),
  download,
};
