import type {
  Connector,
  InboundEvent,
  InboundMention,
  InboundMessage,
  InboundPost,
  RawEvent,
  Sender,
} from '../connectors/connector.ts';
import type { Manifest } from '../shared/connector.ts';
import type { MessageTemplate } from '../shared/post.ts';

/**
 * The plainest provider there can be, for tests of the core: its payload is the inbound events themselves, as JSON. It stands for no
 * platform; what is asked of it beyond coming in is refused.
 */
export const plain: Connector = {
  manifest: {
    id: 'plain',
    name: { fa: 'ساده', en: 'Plain' },
    description: { fa: 'برای آزمون', en: 'For tests' },
    glyph: 'message',
    settings: [],
    capabilities: {
      canStart: 'known',
      kinds: ['telegramUser', 'mobile'],
      sessions: false,
      attachments: null,
      typing: true,
      deliveryReceipts: true,
      readReceipts: true,
      edits: true,
      reactions: true,
      templates: true,
      lookup: false,
      threading: 'reply',
      maxText: 4000,
      letters: false,
      visibility: ['private', 'public'],
      handOver: true,
      window: null,
      calls: false,
      listening: false,
      counter: 'characters',
    },
    receives: ['hook'],
  } satisfies Manifest,
  accountRef: () => 'plain',
  verify: () => true,
  split: () => ({ events: [] }),
  inbound: (event) => JSON.parse(new TextDecoder().decode(event.payload), revive) as InboundEvent[],
  pieces: (message) => [
    message.template
      ? { kind: 'template', text: message.template.shown, template: message.template }
      : { kind: 'text', text: message.text },
  ],
  send: () => Promise.reject(new Error('The plain provider sends nothing.')),
  threadFor: (to) => to.value,
  check: () => Promise.resolve({ accountName: 'plain' }),
  templates: () => Promise.resolve([greeting]),
};

/** The one template of the plain provider. */
export const greeting: MessageTemplate = {
  name: 'greeting',
  language: 'en',
  category: 'UTILITY',
  header: 'Order {{1}}',
  body: 'Dear {{1}}, it comes {{2}}.',
  footer: '',
  values: 3,
};

/** The same with a window: free text for a day after the customer's last private word, a person's answer for a week. */
export const windowed: Connector = {
  ...plain,
  manifest: {
    ...plain.manifest,
    capabilities: { ...plain.manifest.capabilities, window: { hours: 24, taggedHours: 168 } },
  },
};

/** Times of events, by their names. */
const times = new Set(['at', 'upTo', 'startedAt', 'answeredAt', 'endedAt']);

function revive(name: string, value: unknown): unknown {
  return times.has(name) && typeof value === 'string' ? new Date(value) : value;
}

let counted = 0;

/** A raw event of the plain provider; its key is new unless given. */
export function rawEvent(
  events: InboundEvent[],
  options: { key?: string; accountRef?: string } = {},
): RawEvent {
  counted += 1;
  return {
    accountRef: options.accountRef ?? 'plain',
    eventKey: options.key ?? `event-${counted}`,
    at: null,
    payload: new TextEncoder().encode(JSON.stringify(events)),
  };
}

export function person(value: string, options: Partial<Sender> = {}): Sender {
  return { kind: 'telegramUser', value, display: `@${value}`, ...options };
}

/** A message of somebody; its provider's id is new unless given. */
export function written(by: Sender, text: string, options: Partial<InboundMessage> = {}): InboundMessage {
  counted += 1;
  return {
    type: 'message',
    externalIds: [`message-${counted}`],
    direction: 'in',
    sender: by,
    threadKey: by.value,
    at: new Date(),
    providerOrder: String(counted).padStart(12, '0'),
    text,
    attachments: [],
    visibility: 'private',
    ...options,
  };
}

/** A comment of somebody under a post. */
export function commented(
  by: Sender,
  text: string,
  post: InboundPost,
  options: Partial<InboundMessage> = {},
): InboundMessage {
  return written(by, text, {
    threadKey: `post:${post.externalId}`,
    visibility: 'public',
    post,
    ...options,
  });
}

/** Something that somebody says about us and not to us; its provider's id is new unless given. */
export function mentioned(by: Sender, text: string, options: Partial<InboundMention> = {}): InboundMention {
  counted += 1;
  return {
    type: 'mention',
    externalId: `mention-${counted}`,
    kind: 'post',
    author: by,
    text,
    at: new Date(),
    attachments: [],
    threadKey: by.value,
    ...options,
  };
}
