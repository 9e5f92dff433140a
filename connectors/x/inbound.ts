import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type {
  InboundEvent,
  InboundMessage,
  InboundPost,
  RawEvent,
  RawRequest,
  Settings,
} from '../connector.ts';
import { handleOf, postThread, reads, scopeOfDirect, scopeOfPosts } from './config.ts';
import { type Direct, directOfPoll, directOfPush } from './direct.ts';
import { conversationOf, padded, timeOf } from './ids.ts';
import { id, type Json, moment, object } from './json.ts';
import { type Person, personIn, postUrl, senderOf } from './people.ts';
import { type Post, postOf } from './post.ts';
import type { Kept } from './split.ts';

/** The signature is over the very bytes, by the app's secret. Compared by hash: equal lengths, and no timing to measure. */
export function verify(raw: RawRequest, settings: Settings): boolean {
  const given = raw.headers['x-twitter-webhooks-signature'];
  const secret = String(settings.appSecret ?? '').trim();
  if (raw.method !== 'POST' || typeof given !== 'string' || !secret) return false;
  const hash = (value: string): Buffer => createHash('sha256').update(value).digest();
  return timingSafeEqual(hash(given), hash(signatureOf(raw.body, secret)));
}

const signatureOf = (bytes: Uint8Array | string, secret: string): string =>
  `sha256=${createHmac('sha256', secret).update(bytes).digest('base64')}`;

/** X asks at registration and every hour whether we hold the app's secret. */
export function handshake(
  raw: RawRequest,
  settings: Settings,
): { status: number; type: string; body: string } | null {
  const token = raw.query.crc_token;
  const secret = String(settings.appSecret ?? '').trim();
  if (raw.method !== 'GET' || !token || token.length > 512 || !secret) return null;
  return {
    status: 200,
    type: 'application/json',
    body: JSON.stringify({ response_token: signatureOf(token, secret) }),
  };
}

interface About {
  account: string;
  settings: Settings;
}

export function inbound(event: RawEvent, settings: Settings): InboundEvent[] {
  const kept = JSON.parse(new TextDecoder().decode(event.payload)) as Kept;
  const about: About = { account: event.accountRef, settings };
  switch (kept.kind) {
    case 'pushedDirect':
      return ofDirect(directOfPush(kept.event, kept.users, about.account), about);
    case 'polledDirect':
      return ofDirect(directOfPoll(kept.event, object(kept.includes), about.account), about);
    case 'oldPost':
      return ofPost(postOf(kept.post, null), about);
    case 'post':
      return ofPost(postOf(kept.post, object(kept.includes) ?? {}), about);
    case 'deleted':
      return ofDeletion(kept.post, about);
    case 'read':
      return ofRead(kept.event, kept.users, about);
    case 'typing':
      return ofTyping(kept.event, kept.users, about);
    case 'other':
      return [ignored(reasonOf(kept.name))];
    default:
      throw new Error('The stored event is of no kind that X’s connector keeps.');
  }
}

function reasonOf(name: string): string {
  if (name === 'revoke') return 'The account took its permission back from the app: renew the access token.';
  return `An event of the kind ${name.replace(/[^\w. -]+/g, '')}, which says nothing to the inbox.`;
}

/* ── direct messages ──────────────────────────────────────────────────────────────────────────────────────────── */

function ofDirect(direct: Direct, { account, settings }: About): InboundEvent[] {
  const { peer, sender } = direct;
  if (!peer) return [ignored('Written in a talk of several people, not to the account alone.')];
  if (peer.id === account) return [ignored('Written by the account to itself.')];
  const message: InboundMessage = {
    type: 'message',
    externalIds: [direct.id],
    scope: scopeOfDirect(account),
    direction: sender.id === account ? 'out' : 'in',
    sender: senderOf(peer),
    threadKey: conversationOf(account, peer.id),
    at: direct.at,
    providerOrder: padded(direct.id),
    text: direct.text,
    attachments: direct.attachments,
    visibility: 'private',
  };
  return reads(settings, 'directMessages')
    ? [message]
    : [ignored('Direct messages are switched off for this channel.', [message])];
}

function ofRead(event: Json, users: unknown, { account }: About): InboundEvent[] {
  const reader = id(event.sender_id);
  const last = id(event.last_read_event_id);
  const upTo = (last ? timeOf(last) : null) ?? moment(event.created_timestamp);
  if (!reader || !upTo)
    throw new Error('The word from X that something was read does not say by whom, or up to when.');
  if (reader === account) return [ignored('The account read it itself, elsewhere.')];
  return [{ type: 'watermark', state: 'read', sender: senderOf(personIn(users, reader)), upTo }];
}

function ofTyping(event: Json, users: unknown, { account }: About): InboundEvent[] {
  const writer = id(event.sender_id);
  if (!writer) throw new Error('The word from X that somebody types does not say who.');
  if (writer === account) return [ignored('The account types itself, elsewhere.')];
  return [
    {
      type: 'typing',
      sender: senderOf(personIn(users, writer)),
      threadKey: conversationOf(account, writer),
    },
  ];
}

/* ── posts ────────────────────────────────────────────────────────────────────────────────────────────────────── */

function ofPost(post: Post, about: About): InboundEvent[] {
  const { account, settings } = about;
  if (post.repost) return [ignored('Passes on somebody’s post without a word of its own.')];
  const answers = post.replyTo?.person ?? null;
  if (post.author.id === account) {
    if (answers && answers.id !== account) return [messageOf(post, about, answers)];
    return [{ type: 'post', post: inboundPost(post, about), at: post.editedAt ?? post.at }];
  }
  const named = answers?.id === account || post.names.includes(account);
  // Under a post of ours whoever answers anybody speaks before us. Where X does not say whose it is, the core knows, or will.
  const events =
    named || isBeneathOurs(post, account) ? [messageOf(post, about, null)] : [mentionOf(post, about)];
  const edits = editOf(post, about);
  if (reads(settings, 'mentions') || (!named && reads(settings, 'search'))) return [...events, ...edits];
  return [ignored('Mentions and replies are switched off for this channel.', [...events, ...edits])];
}

function isBeneathOurs({ root, others }: Post, account: string): boolean {
  return root !== null && others.some((one) => one.author.id === account && one.versions.includes(root));
}

/** @param to who is answered, when our own account wrote it */
function messageOf(post: Post, about: About, to: Person | null): InboundMessage {
  const hangsOn = postBeneath(post, about);
  return {
    type: 'message',
    externalIds: post.versions,
    scope: scopeOfPosts(about.account),
    direction: to ? 'out' : 'in',
    sender: senderOf(to ?? post.author),
    threadKey: postThread(hangsOn.externalId),
    at: post.at,
    providerOrder: padded(post.id),
    text: post.text,
    attachments: post.attachments,
    ...answering(post, hangsOn),
    visibility: 'public',
    post: hangsOn,
    url: postUrl(post.id, post.author),
  };
}

function mentionOf(post: Post, about: About): InboundEvent {
  const hangsOn = postBeneath(post, about);
  return {
    type: 'mention',
    externalId: post.id,
    scope: scopeOfPosts(about.account),
    kind: post.replyTo ? 'comment' : 'post',
    author: senderOf(post.author),
    text: post.text,
    at: post.at,
    url: postUrl(post.id, post.author),
    post: hangsOn,
    ...(post.replyTo ? answering(post, hangsOn) : post.quotes ? { inReplyTo: post.quotes } : {}),
    attachments: post.attachments,
    threadKey: postThread(hangsOn.externalId),
  };
}

/** What it answers, where that is not the post itself. */
function answering(post: Post, hangsOn: InboundPost): { inReplyTo?: string } {
  const answered = post.replyTo?.id;
  return answered && answered !== hangsOn.externalId ? { inReplyTo: answered } : {};
}

/** Of what hangs on itself, the post changes along with what was said. */
function editOf(post: Post, about: About): InboundEvent[] {
  const { editedAt, versions } = post;
  if (!editedAt) return [];
  const scope = scopeOfPosts(about.account);
  const order = padded(versions.at(-1) ?? post.id);
  const hangsOn = postBeneath(post, about);
  return [
    { type: 'edit', externalId: post.id, scope, text: post.text, at: editedAt, order },
    ...(hangsOn.externalId === post.id ? [{ type: 'post' as const, post: hangsOn, at: editedAt }] : []),
  ];
}

/** What a post hangs on: an answer on the first post of its talk, as far as that is known; any other on itself. */
function postBeneath(post: Post, about: About): InboundPost {
  const answered = post.replyTo?.id ?? null;
  const root = post.replyTo ? (post.root ?? answered) : null;
  if (!root || post.versions.includes(root)) return inboundPost(post, about);
  const told = post.others.find((other) => other.versions.includes(root));
  if (told) return inboundPost(told, about);
  const author = root === answered ? (post.replyTo?.person ?? null) : null;
  return {
    externalId: root,
    scope: scopeOfPosts(about.account),
    ...authorOf(author, about),
    url: postUrl(root, author),
    ...timed(timeOf(root)),
  };
}

function inboundPost(post: Post, about: About): InboundPost {
  return {
    externalId: post.id,
    scope: scopeOfPosts(about.account),
    ...authorOf(post.author, about),
    text: post.text,
    url: postUrl(post.id, post.author),
    ...timed(post.at),
    ...(post.attachments.length > 0 ? { pictures: post.attachments } : {}),
  };
}

const timed = (at: Date | null): { at?: Date } => (at ? { at } : {});

function authorOf(person: Person | null, { account, settings }: About): Pick<InboundPost, 'author'> {
  if (!person) return {};
  const ours = person.id === account;
  const handle = person.handle ?? (ours && settings.handle ? handleOf(settings) : null);
  if (!handle) return {};
  return { author: { handle: `@${handle}`, ...(person.name ? { name: person.name } : {}), ours } };
}

function ofDeletion(post: Json, { account }: About): InboundEvent[] {
  const gone = id(post.id);
  if (!gone) throw new Error('The word from X that a post was deleted does not say which.');
  const at = moment(post.timestamp_ms);
  const scope = scopeOfPosts(account);
  return [
    { type: 'delete', externalId: gone, scope, at },
    { type: 'post', post: { externalId: gone, scope }, at, deleted: true },
  ];
}

function ignored(reason: string, restored?: InboundEvent[]): InboundEvent {
  return { type: 'ignored', reason, ...(restored ? { restored } : {}) };
}
