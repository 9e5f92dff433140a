import type { ErrorClass, Manifest } from '../shared/connector.ts';
import type { IdentityKind } from '../shared/customer.ts';
import type { DeliveryState } from '../shared/message.ts';
import type { MessageTemplate, TemplateUse } from '../shared/post.ts';

export type { Manifest } from '../shared/connector.ts';

/** Setting values by `SettingField.key`, secrets included and in the clear: never log them, never keep them. */
export type Settings = Readonly<Record<string, string | number | boolean>>;

/* ── what comes in ───────────────────────────────────────────────────────────────────────────────────────────── */

/** A request at /hooks/:hookId, or what a listener fetched, before anybody understood it. */
export interface RawRequest {
  source: 'hook' | 'listen';
  method: string;
  /** What follows /hooks/:hookId, beginning with '/', or '/'. */
  path: string;
  query: Readonly<Record<string, string>>;
  /** Lower-case names. */
  headers: Readonly<Record<string, string>>;
  /** Exactly as it arrived: signatures are computed over these bytes. */
  body: Uint8Array;
}

/** One event cut out of a raw request: stored before the provider is answered. */
export interface RawEvent {
  /** Whose account at the provider it is for: a bot id, a line, a page. */
  accountRef: string;
  /** Idempotency key within the account: the same event has the same key, however it arrives. */
  eventKey: string;
  /** The provider's time, null if it does not say. */
  at: Date | null;
  payload: Uint8Array;
}

export interface Split {
  events: RawEvent[];
  /** The request carries nothing to keep, it only says that there is something to fetch: wake the listener. */
  wake?: boolean;
}

/** Who wrote: the identity that decides the customer. */
export interface Sender {
  kind: IdentityKind;
  /** Canonical: E.164, a provider's id. Scope already inside where ids are local to an account. */
  value: string;
  display: string;
  name?: string;
  language?: string;
  /** Followers, where the platform says. */
  reach?: number;
  /** Their public page. */
  url?: string;
}

/** A public post that something hangs on: as much of it as this event says. What is absent was not said, and changes nothing. */
export interface InboundPost {
  /** The provider's id; unique within `scope`, or the channel. */
  externalId: string;
  scope?: string;
  author?: { handle: string; name?: string; ours: boolean };
  text?: string;
  url?: string;
  at?: Date;
  pictures?: InboundAttachment[];
  /** Before all who are in it, and nobody else: a group to which one is invited. What is said there is public, and yet not for everybody. */
  closed?: true;
}

export interface InboundAttachment {
  /** What `download` needs to fetch it, JSON. No secret inside. */
  ref: Record<string, unknown>;
  /** Shown inside the rich body, which names it `cid:…`: without the brackets, unique in the message. */
  contentId?: string;
  name: string;
  type: string;
  bytes?: number;
  width?: number;
  height?: number;
  duration?: number;
}

/** An identity that this event proves to be the sender's, beside the sender's own. */
export interface ProvenIdentity {
  kind: IdentityKind;
  value: string;
  display: string;
  proof: 'sharedContact' | 'signed';
}

/** How far the sender of a mail has been verified. `none`: their domain publishes no policy. `unknown`: it could not be asked. */
export type SenderCheck = 'pass' | 'fail' | 'none' | 'unknown';

/** What only letters have. Addresses are bare (`a@b.example`), names beside them. */
export interface Letter {
  subject: string;
  from: LetterAddress;
  to: LetterAddress[];
  cc: LetterAddress[];
  /** Outgoing only. */
  bcc: LetterAddress[];
  /** Incoming only; null on what we send. */
  check: SenderCheck | null;
}
export interface LetterAddress {
  name: string;
  address: string;
}

/** The whole of a message of which `text` is only what its sender wrote anew. */
export interface WholeBody {
  /** With quotes, signature and disclaimer. */
  text: string;
  /** Already sanitised by the connector: no script, handler, form, frame or style that leaves its box; remote resources only as
   * `data-remote-src`, inline files as `cid:…`. Null when there is only text. */
  html: string | null;
}

interface About {
  /** Provider's message id, unique within `scope`. */
  externalId: string;
  /** Where external ids are unique; without it, the channel. */
  scope?: string;
}

export interface InboundMessage {
  type: 'message';
  /** Every provider id of this one message; the first is its own. */
  externalIds: string[];
  scope?: string;
  /** 'in': the sender wrote. 'out': an echo of what our account sent; `sender` is then the one who received it. */
  direction: 'in' | 'out';
  sender: Sender;
  threadKey: string;
  /** The provider's time; null: the time of receipt stands in, until a copy of this message knows better. */
  at: Date | null;
  /** Orders messages of the same `at`; compared as text, so pad numbers. */
  providerOrder: string;
  text: string;
  attachments: InboundAttachment[];
  /** An album's messages share it. */
  groupKey?: string;
  /** External id of the message this one quotes. */
  inReplyTo?: string;
  visibility: 'private' | 'public';
  /** Of what was said in public: what it hangs on; a post of somebody's own that names us hangs on itself. `threadKey` is then `post:` and its external id. */
  post?: InboundPost;
  /** Where it can be seen by all. */
  url?: string;
  letter?: Letter;
  whole?: WholeBody;
  /**
   * External ids this message answers or follows, the nearest first, in its own scope. The core looks for the first that it knows among
   * the sender's own messages and takes its thread; one of another customer's becomes a link to that conversation. `threadKey` holds
   * when none is known.
   */
  references?: string[];
  /** Of what was said, without what the way added: a known external id with another digest is another message, not a copy. */
  digest?: string;
  proves?: ProvenIdentity[];
  /** What the sender says about who they are: suggests, links nothing. */
  claims?: { kind: IdentityKind; value: string; source: string }[];
  /** On an echo: our own `sendRef`, where the provider gives it back. */
  sendRef?: string;
}

export type InboundEvent =
  | InboundMessage
  | ({
      type: 'status';
      state: Extract<DeliveryState, 'sent' | 'delivered' | 'read' | 'failed'>;
      at: Date | null;
      /** `unreachable`: the one it is about cannot be reached there any more, whatever is sent. */
      error?: { code: string; message: string; unreachable?: boolean };
      /** Canonical address of the one it is about, where a message has several; absent: unknown, or there is but one. */
      recipient?: string;
    } & About)
  /** Newest by (at, order) wins. */
  | ({ type: 'edit'; text: string; at: Date | null; order: string } & About)
  | ({ type: 'delete'; at: Date | null } & About)
  /** All reactions of one sender to one message: the newest by (at, order) wins, an empty list takes them back. */
  | ({ type: 'reaction'; sender: Sender; emoji: string[]; at: Date | null; order: string } & About)
  | { type: 'typing'; sender: Sender; threadKey: string }
  /** Whatever we sent them on this channel up to then is in this state: providers that say no ids. */
  | { type: 'watermark'; state: 'delivered' | 'read'; sender: Sender; upTo: Date }
  /** Said in public about us or ours, and not to us: a hit for whoever listens, of an author who is no customer for it. */
  | InboundMention
  /** A post of ours or of others, alone: its text, its edit, its end. Newest by `at` wins. */
  | { type: 'post'; post: InboundPost; at: Date | null; deleted?: boolean }
  /** A telephone call; its events come in any order and each says all it knows. */
  | InboundCall
  /** The customer blocked our account there, or let it write again. */
  | { type: 'reachability'; sender: Sender; reachable: boolean; at: Date | null; order: string }
  /** Understood, and not for the inbox: a group, a newsletter. Shown with its reason; `restored` is what it means when a person wants
   * it after all, absent when it can mean nothing. */
  | { type: 'ignored'; reason: string; restored?: InboundEvent[] };

export interface InboundMention extends About {
  type: 'mention';
  /** `comment`: under a post of somebody else's, or of one that the connector does not know whose it is. Beneath ours it is a message. */
  kind: 'post' | 'comment';
  author: Sender;
  text: string;
  at: Date | null;
  url?: string;
  post?: InboundPost;
  /** External id of what it answers. */
  inReplyTo?: string;
  attachments: InboundAttachment[];
  /** What it would be as a message, once a person makes a conversation of it. */
  threadKey: string;
}

export interface InboundCall {
  type: 'call';
  /** The telephone system's own id of the call; within the channel. */
  callId: string;
  direction: 'in' | 'out';
  state: 'ringing' | 'answered' | 'ended';
  /** The customer's side. */
  sender: Sender;
  /** When this state was reached. */
  at: Date;
  startedAt?: Date;
  answeredAt?: Date;
  endedAt?: Date;
  disposition?: 'answered' | 'missed' | 'busy' | 'voicemail' | 'failed';
  talked?: number;
  /** The colleague's extension, or their e-mail address here. */
  agent?: string;
  /** Fetched by `download`, kept by us. */
  recording?: InboundAttachment;
  note?: string;
}

/* ── what goes out ───────────────────────────────────────────────────────────────────────────────────────────── */

export interface OutboundFile {
  id: string;
  name: string;
  type: string;
  bytes: number;
}

export interface OutboundMessage {
  text: string;
  files: OutboundFile[];
  to: { kind: IdentityKind; value: string };
  threadKey: string;
  /** External id of the quoted message. */
  inReplyTo?: string;
  /** Absent: private. */
  visibility?: 'private' | 'public';
  template?: OutboundTemplate;
  letter?: OutboundLetter;
}

/** A template with its values, and the words it comes to. */
export interface OutboundTemplate extends TemplateUse {
  shown: string;
}

/** What an agent may say beside the text, on channels with the capability `letters`. */
export interface OutboundLetter {
  subject: string;
  cc: string[];
  bcc: string[];
  /** A forward goes to these instead of the customer. */
  forwardTo?: string[];
  /** External ids of the thread so far, the oldest first: what References will say. */
  references: string[];
}

/** One call to the provider. Pure data: kept with the message, so that a resend makes the very same call. */
export interface Piece {
  kind: 'text' | 'file' | 'letter' | 'template';
  text: string;
  template?: OutboundTemplate;
  file?: OutboundFile;
  /** Of a letter, which carries all of them. */
  files?: OutboundFile[];
  letter?: OutboundLetter;
}

export interface SendRequest {
  piece: Piece;
  to: OutboundMessage['to'];
  threadKey: string;
  inReplyTo?: string;
  /**
   * Absent: private. In public: under the post of `threadKey`, beneath `inReplyTo` where it says so. In private with the `inReplyTo` of
   * something said in public: the hand-over.
   */
  visibility?: 'private' | 'public';
  /** The window is closed and the provider's tag for a person's late answer holds. */
  tagged?: boolean;
  /** Random, 53 bits, decimal: the provider's client reference where it takes one. */
  sendRef: string;
  /** Written by no person: mail says so, so that no robot answers it. */
  automatic?: boolean;
  /** Aborted at the call's time-out. */
  signal: AbortSignal;
}

export interface SendResult {
  externalIds: string[];
  /** Where external ids are unique; without it, the channel. */
  scope?: string;
  /** The provider already says more than "sent". */
  state?: DeliveryState;
  /** Sent, and yet a person should know something: a copy's address was refused. */
  warning?: string;
}

export type LookupResult = { found: false } | ({ found: true } & SendResult);

/* ── what a connector may ask of its host ────────────────────────────────────────────────────────────────────── */

export interface ConnectorLog {
  info(message: string, data?: Record<string, unknown>): void;
  warn(message: string, data?: Record<string, unknown>): void;
}

export interface ConnectorContext {
  channelId: string;
  settings: Settings;
  log: ConnectorLog;
  fetch: typeof fetch;
  now: () => Date;
  /** The provider's base URL, when the host was built with another (a simulator); else the connector's own. */
  endpoint?: string;
  /** Reads a stored file that is being sent. */
  openFile(id: string): AsyncIterable<Uint8Array>;
  /** Asks the domain name system; a simulator's zone in tests and in the demo. */
  dns: Dns;
}

/** As node:dns/promises resolves: rejects with `code` ENOTFOUND or ENODATA when there is none. */
export interface Dns {
  resolve(name: string, type: 'TXT'): Promise<string[][]>;
  resolve(name: string, type: 'MX'): Promise<{ exchange: string; priority: number }[]>;
  resolve(name: string, type: 'A' | 'AAAA' | 'CNAME' | 'PTR'): Promise<string[]>;
}

/** Answers of the domain name system, by name and type: data, so that it can be handed to another process. */
export type Zone = Record<string, { [type in 'TXT' | 'MX' | 'A' | 'AAAA' | 'CNAME' | 'PTR']?: unknown[] }>;

export interface ListenHost {
  signal: AbortSignal;
  /** Where this listener stood: what was last saved, or null on a new channel, which begins at the present moment. */
  loadCursor(): Promise<unknown>;
  /** Call it only after `ingest` of everything before it has resolved. */
  saveCursor(cursor: unknown): Promise<void>;
  /**
   * Splits and stores; resolves once it is durable. Throws when it could not be stored: do not go on past it. `history`: it is older
   * than the channel; it comes in as resolved history, silently.
   */
  ingest(raw: Pick<RawRequest, 'body'> & Partial<RawRequest> & { history?: boolean }): Promise<void>;
  /**
   * External ids of what was sent on this channel and may still change its state, the newest first: for providers whose statuses must
   * be asked for.
   */
  unsettled(limit: number): Promise<{ externalId: string; sentAt: Date }[]>;
  /** Resolves when a hook said that there is something to fetch, or after `ms`, or when `signal` aborts. */
  wake(ms: number): Promise<void>;
  /** For the health page. Throwing ends the listener; the host starts it again with back-off, and on 'auth' pauses the channel. */
  failing(error: ConnectorError): void;
  succeeded(): void;
  /** It was away and reads what came meanwhile: how many are left, null when the provider does not say, 0 when it is done. */
  catchingUp(left: number | null): void;
  /** What saved searches look for on this channel, as the organisation wrote it; asked anew each time it is used. */
  searches(): Promise<{ terms: string[]; exclude: string[] }[]>;
}

/** What the hook's URL is, for connectors that register it at the provider themselves. */
export interface HookAddress {
  /** Absolute and https, or null: then the connector must listen. */
  url: string | null;
}

/** One site that visitors write from, as the settings of its channel say. */
export interface VisitorSite {
  /** As visitors see it. */
  name: string;
  /** 'auto': the page's, else the browser's. */
  language: 'auto' | 'fa' | 'en';
  /** `#rrggbb` */
  colour: string;
  /** Logical side of the page. */
  position: 'start' | 'end';
  welcome: { fa: string; en: string };
  offline: { fa: string; en: string };
  preChat: 'off' | 'optional' | 'required';
  sound: boolean;
  /** Pages that may hold the widget: `https://shop.example`, or `https://*.shop.example` for what is below it. */
  origins: string[];
  /** Key of the HMAC by which the site vouches for its own users; null: it vouches for nobody. */
  identitySecret: string | null;
  /** After so many minutes an answer that has not arrived goes to the address that its visitor left. */
  followUpAfter: number;
  /** How many visitors may begin from one place within an hour. */
  visitorsPerHour: number;
}

export interface Connector {
  manifest: Manifest;
  /**
   * The account these settings belong to at the provider (bot id, line): part of every event's key. Pure. Throws a ConnectorError
   * ('permanent', naming the field) on settings that cannot be right.
   */
  accountRef(settings: Settings): string;
  /** With the capability `sessions`. Pure. Throws a ConnectorError ('permanent', naming the field) on settings that cannot be right. */
  site?(settings: Settings): VisitorSite;
  /** Is this request really from the provider? Timing-safe, on the raw bytes. */
  verify(raw: RawRequest, settings: Settings): boolean;
  /** Answers a provider's GET challenge; null when this request is none. */
  handshake?(raw: RawRequest, settings: Settings): { status: number; type: string; body: string } | null;
  /** Pure. Throws ConnectorError('permanent') on what is not this provider's at all (answered 400, counted, not kept). */
  split(raw: RawRequest, settings: Settings): Split;
  /** Pure: what one stored event means. Throws with a sentence on what cannot be normalised: it is then `failed`, shown and replayable. */
  inbound(event: RawEvent, settings: Settings): InboundEvent[] | Promise<InboundEvent[]>;
  /**
   * Asks the provider for what this event only points to: who wrote, the words of a post that names us. Called before `inbound`, until it
   * has answered once; the answer is kept in the payload's place, so that `inbound` stays pure. Null: there is nothing to add. Throws a
   * ConnectorError where the event means nothing without: it is then tried again, or `failed`.
   */
  complete?(event: RawEvent, context: ConnectorContext & { signal: AbortSignal }): Promise<Uint8Array | null>;
  /**
   * For platforms with a file format of their own (a mail is an .eml): what such a file would have been stored as. A payload is given
   * back as it is. Pure. Absent: files hold payloads.
   */
  payloadOf?(file: Uint8Array, settings: Settings): Uint8Array;
  /** Pure: the calls that one message needs. */
  pieces(message: OutboundMessage, settings: Settings): Piece[];
  /** One call. Resolves with the provider's ids or throws a ConnectorError. */
  send(request: SendRequest, context: ConnectorContext): Promise<SendResult>;
  /** With the capability `lookup`: does the provider have what was sent under this reference? */
  lookup?(
    request: { sendRef: string; signal: AbortSignal },
    context: ConnectorContext,
  ): Promise<LookupResult>;
  /** Canonical identity of an address an agent typed, for `canStart: 'anyone'`; null when it is not one of ours. Pure. */
  address?(text: string): { kind: IdentityKind; value: string; display: string } | null;
  /** Who a letter of this channel is from, as its receiver sees it; with the capability `letters`. Pure. */
  letterFrom?(settings: Settings): LetterAddress;
  /** The thread a first message to this identity belongs to. Pure. */
  threadFor(to: { kind: IdentityKind; value: string }, settings: Settings): string;
  /** Runs under the channel's lease until `signal` aborts. */
  listen?(host: ListenHost, context: ConnectorContext): Promise<void>;
  /** Called when a channel is connected, changed or its hook moves: registers the hook at the provider, or takes it away. Idempotent. */
  connect?(hook: HookAddress, context: ConnectorContext): Promise<void>;
  /** Credentials good? Resolves with the account's own name, or throws a ConnectorError. */
  check(context: ConnectorContext): Promise<{
    accountName: string /** When the permission ends, where the provider says. */;
    expiresAt?: Date | null;
  }>;
  /** With the capability `templates`: those that may be sent now. */
  templates?(context: ConnectorContext): Promise<MessageTemplate[]>;
  /**
   * Fetches an inbound attachment. The host limits size and checks the type by its bytes. `event` reads the raw event that the message
   * came in, for channels whose events carry their files.
   */
  download?(
    ref: Record<string, unknown>,
    context: ConnectorContext & { signal: AbortSignal; event(): Promise<RawEvent> },
  ): Promise<{ body: AsyncIterable<Uint8Array>; type?: string }>;
}

/** The one error family of connectors. */
export class ConnectorError extends Error {
  readonly class: ErrorClass;
  /** The provider's own code, or the network's, as text. */
  readonly code: string;
  /** With 'rateLimited': when the channel may call again. */
  readonly retryAt?: Date;
  /** The setting that is wrong, for forms. */
  readonly field?: string;
  /** The one written to can no longer be reached on this channel (blocked, gone). */
  readonly unreachable?: boolean;

  /** `message` is a sentence for a person, without any secret. */
  constructor(options: {
    class: ErrorClass;
    code: string;
    message: string;
    retryAt?: Date;
    field?: string;
    unreachable?: boolean;
    cause?: unknown;
  }) {
    super(options.message, { cause: options.cause });
    this.name = 'ConnectorError';
    this.class = options.class;
    this.code = options.code;
    if (options.retryAt) this.retryAt = options.retryAt;
    if (options.field) this.field = options.field;
    if (options.unreachable) this.unreachable = true;
  }
}

/* ── the provider's side, in tests and in the demo ───────────────────────────────────────────────────────────── */

/** What a simulator knows how to do wrong; each connector's simulator says which it has. */
export type Fault =
  | 'rateLimit'
  | 'serverError'
  | 'htmlError'
  | 'resetBeforeAccept'
  | 'resetAfterAccept'
  | 'hang'
  | 'badCredentials'
  | 'blocked'
  /** Mail: accepted, and bounced later. */
  | 'bounce'
  | 'wrongSignature'
  | 'duplicate'
  | 'reorder'
  /** What the provider should have told us, and never does. */
  | 'drop';

/** One message in the simulator's own record. */
export interface SimulatedMessage {
  externalId: string;
  direction: 'fromCustomer' | 'toCustomer';
  /** The customer's address in the simulator's terms. */
  peer: string;
  text: string;
  files: { name: string; type: string; bytes: number }[];
  sendRef?: string;
  /** Of what stands before all. */
  visibility?: 'public';
  /** The provider's id of what it answers. */
  inReplyTo?: string;
  at: Date;
  state: string;
}

/** The provider's side over real sockets: what smoke, chaos, journeys and the demo drive. */
export interface Simulator {
  /** Given to the host as this connector's endpoint. */
  endpoint: string;
  /** Settings of a channel that fits this simulator's account. */
  settings: Record<string, string | number | boolean>;
  /** Where hooks go, for providers whose hook URL is typed into their panel; null: none is set. */
  setHook(url: string | null): void;
  /** What the domain name system says, where the provider's side has a part in it. */
  zone?: Zone;
  /** A customer writes. Resolves with the provider's id once the provider has it; delivery to us follows on its own. */
  customerWrites(message: {
    peer: string;
    name?: string;
    text: string;
    file?: { name: string; type: string; body: Uint8Array };
    /** What only letters have; a channel without them leaves it out. */
    subject?: string;
    cc?: string[];
    html?: string;
  }): Promise<string>;
  /** A peer address unlike any other, for the n-th simulated customer. */
  peer(n: number): string;
  /** Does what this channel can do beyond messages ('edit', 'contact', 'reaction', 'block'…); throws on what it cannot. */
  act(action: { do: string; peer: string; [key: string]: unknown }): Promise<void>;
  /** Everything the provider has, in order: the record by which "exactly once" is judged. */
  messages(): SimulatedMessage[];
  /** The next `times` calls that match go wrong in this way. `call` is the provider's method name; absent: any send. */
  fail(fault: Fault, options?: { times?: number; call?: string; retryAfter?: number }): void;
  /** Called for each message that our side sent, once the provider has it. */
  onSent(listener: (message: SimulatedMessage) => void): () => void;
  close(): Promise<void>;
}

export interface SimulatorOptions {
  /** 0: any free port. Bound to 127.0.0.1. */
  port?: number;
  now?: () => Date;
  /** Milliseconds between the steps of a delivery timeline. */
  deliveryStep?: number;
}
