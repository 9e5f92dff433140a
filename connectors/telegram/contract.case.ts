import { createHmac } from 'node:crypto';
import type { RawRequest, Simulator } from '../connector.ts';
import type { ContractCase } from '../contract.cases.ts';

/** What the contract suite must be told about Telegram, and about Bale that speaks its language. */

const request = (change: Partial<RawRequest>): RawRequest => ({
  source: 'hook',
  method: 'POST',
  path: '/',
  query: {},
  headers: {},
  body: new Uint8Array(),
  ...change,
});

const telegramSettings = { botToken: '123456789:AAfixtureTokenOfNoRealBot_0123456789' };
const secretHeader = 'x-telegram-bot-api-secret-token';
const telegramSecret = createHmac('sha256', telegramSettings.botToken)
  .update('webhook secret token')
  .digest('hex');

const baleSettings = { botToken: '223456789:BBfixtureTokenOfNoRealBot_0123456789' };
const balePath = `/${createHmac('sha256', baleSettings.botToken).update('webhook secret token').digest('hex')}`;

/** Somebody of a group speaks to the bot by name. */
const inGroup = (kind: 'telegramUser' | 'baleUser') => async (simulator: Simulator) => {
  const peer = simulator.peer(1);
  await simulator.act({ do: 'group', peer, text: 'قیمت این چند است؟', toBot: true });
  const inReplyTo = simulator.messages().at(-1)?.externalId ?? '';
  return { to: { kind, value: peer }, threadKey: `post:${inReplyTo.split(':')[0]}`, inReplyTo };
};

export const telegramCase: ContractCase = {
  settings: telegramSettings,
  paths: ['/', '/getUpdates'],
  forged: [
    { why: 'no secret', raw: request({}), settings: telegramSettings },
    {
      why: 'an empty secret',
      raw: request({ headers: { [secretHeader]: '' } }),
      settings: telegramSettings,
    },
    {
      why: 'another secret of the same length',
      raw: request({
        headers: { [secretHeader]: telegramSecret.replace(/^./, (c) => (c === '0' ? '1' : '0')) },
      }),
      settings: telegramSettings,
    },
    {
      why: 'the secret of another token',
      raw: request({ headers: { [secretHeader]: telegramSecret } }),
      settings: { botToken: '987654321:AAfixtureTokenOfNoRealBot_0123456789' },
    },
    {
      why: 'the secret in a GET',
      raw: request({ method: 'GET', headers: { [secretHeader]: telegramSecret } }),
      settings: telegramSettings,
    },
  ],
  genuine: [
    {
      why: 'the secret',
      raw: request({ headers: { [secretHeader]: telegramSecret } }),
      settings: telegramSettings,
    },
  ],
  to: (peer) => ({ kind: 'telegramUser', value: peer }),
  nobody: { kind: 'telegramUser', value: '42' },
  externalIdOf: (message) => message.externalId,
  faults: [
    { fault: 'rateLimit', class: 'rateLimited' },
    { fault: 'serverError', class: 'retryable' },
    { fault: 'htmlError', class: 'retryable' },
    { fault: 'resetBeforeAccept', class: 'unknown' },
    { fault: 'resetAfterAccept', class: 'unknown' },
    { fault: 'hang', class: 'unknown' },
    { fault: 'badCredentials', class: 'auth' },
    { fault: 'blocked', class: 'permanent', unreachable: true },
  ],
  secretOf: (simulator) => String(simulator.settings.botToken),
  wrongSettings: () => [
    { settings: { botToken: 'not a token' }, class: 'permanent', field: 'botToken' },
    { settings: telegramSettings, class: 'auth', field: 'botToken' },
  ],
  listenCalls: ['getUpdates'],
  inPublic: inGroup('telegramUser'),
};

export const baleCase: ContractCase = {
  settings: baleSettings,
  paths: ['/', balePath],
  forged: [
    { why: 'no secret', raw: request({}), settings: baleSettings },
    { why: 'another secret', raw: request({ path: `${balePath}0` }), settings: baleSettings },
    { why: 'something below the secret', raw: request({ path: `${balePath}/x` }), settings: baleSettings },
    {
      why: 'the secret in Telegram’s header',
      raw: request({ headers: { [secretHeader]: balePath.slice(1) } }),
      settings: baleSettings,
    },
    {
      why: 'the secret of another token',
      raw: request({ path: balePath }),
      settings: { botToken: '987654321:BBfixtureTokenOfNoRealBot_0123456789' },
    },
    {
      why: 'the secret in a GET',
      raw: request({ method: 'GET', path: balePath }),
      settings: baleSettings,
    },
  ],
  genuine: [{ why: 'the secret', raw: request({ path: balePath }), settings: baleSettings }],
  to: (peer) => ({ kind: 'baleUser', value: peer }),
  nobody: { kind: 'baleUser', value: '42' },
  externalIdOf: (message) => message.externalId,
  faults: [
    { fault: 'rateLimit', class: 'rateLimited' },
    { fault: 'serverError', class: 'retryable' },
    { fault: 'htmlError', class: 'retryable' },
    { fault: 'resetBeforeAccept', class: 'unknown' },
    { fault: 'resetAfterAccept', class: 'unknown' },
    { fault: 'hang', class: 'unknown' },
    { fault: 'badCredentials', class: 'auth' },
    { fault: 'blocked', class: 'permanent', unreachable: true },
  ],
  secretOf: (simulator) => String(simulator.settings.botToken),
  wrongSettings: (good) => [
    { settings: { botToken: 'not a token' }, class: 'permanent', field: 'botToken' },
    { settings: baleSettings, class: 'auth', field: 'botToken' },
    { settings: Object.assign({}, good, { botName: 'فروشگاه' }), class: 'permanent', field: 'botName' },
  ],
  listenCalls: ['getUpdates'],
  inPublic: inGroup('baleUser'),
};
