import * as z from 'zod/mini';

/** What passes between a page's widget and the server. A visitor is given this and nothing else of a conversation. */

/** A message as its visitor sees it. */
export interface VisitorMessage {
  /** The message's id; of the visitor's own, the one their widget minted. */
  id: string;
  /** The visitor's own number, raised by one with each thing they may see; the newest change of this message. Resume with `?after=`. */
  seq: number;
  from: 'visitor' | 'team';
  /** The agent's name as the site shows it; null on the visitor's own and on automatic ones. */
  author: string | null;
  at: string;
  text: string;
  /** Taken back: the text is gone. */
  deleted: boolean;
  edited: boolean;
  files: VisitorFile[];
  /** Has the team's side it, has an agent read it (only on the visitor's own). */
  state: 'received' | 'read' | null;
}

export interface VisitorFile {
  id: string;
  name: string;
  type: string;
  bytes: number | null;
  width: number | null;
  height: number | null;
  state: 'pending' | 'ready' | 'failed';
  /** By its content it may do harm: the widget offers no preview. */
  dangerous: boolean;
}

/** How the widget looks and behaves on one site. Public. */
export interface WidgetConfig {
  site: string;
  name: string;
  /** 'auto': the page's, else the browser's. */
  language: 'auto' | 'fa' | 'en';
  /** CSS colour `#rrggbb` of the bubble and the visitor's own messages; the widget chooses readable text on it. */
  colour: string;
  /** Logical side of the page. */
  position: 'start' | 'end';
  welcome: { fa: string; en: string };
  /** Asks for a name and an address before the first message. */
  preChat: 'off' | 'optional' | 'required';
  /** Within business hours? Else the offline words are shown and an address is asked for. */
  open: boolean;
  offline: { fa: string; en: string };
  sound: boolean;
  maxText: number;
  maxFileBytes: number;
}

/** The page's own user, vouched for: `hash` is lower-case hex HMAC-SHA256 with the site's identity secret over
 * `JSON.stringify([userId, name, email, mobile])`, with empty strings for what is absent. */
export const SignedUser = z.object({
  userId: z.string().check(z.minLength(1), z.maxLength(200)),
  name: z._default(z.string().check(z.maxLength(120)), ''),
  email: z._default(z.string().check(z.maxLength(320)), ''),
  mobile: z._default(z.string().check(z.maxLength(40)), ''),
  hash: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
});
export type SignedUser = z.infer<typeof SignedUser>;

/** POST /chat/:site/session. Without a token a new visitor begins. */
export const VisitorBegin = z.object({
  token: z.optional(z.string().check(z.maxLength(200))),
  user: z.optional(SignedUser),
  language: z.enum(['fa', 'en']),
  /** Where the widget is shown, for the agent: address and title of the page. */
  page: z.optional(
    z.object({ url: z.string().check(z.maxLength(2000)), title: z.string().check(z.maxLength(300)) }),
  ),
});
export type VisitorBegin = z.infer<typeof VisitorBegin>;

export interface VisitorSession {
  /** Bearer of every further call; opaque, of this site alone. */
  token: string;
  visitorId: string;
  config: WidgetConfig;
  /** The newest 50, oldest first. */
  messages: VisitorMessage[];
  /** The visitor's number at this moment. */
  seq: number;
  /** There are older ones: GET …/messages?before=<id>. */
  more: boolean;
  /** The team has read the visitor's own messages up to this time; null: none yet. */
  readAt: string | null;
  /** What the visitor has left to be answered at. */
  contact: { name: string; email: string; mobile: string };
}

/** GET /chat/:site/messages?after=<seq> | ?before=<message id> */
export interface VisitorMessages {
  messages: VisitorMessage[];
  /** The number to go on from. */
  seq: number;
  more: boolean;
  /** The team has read the visitor's own messages up to this time: it raises no number. */
  readAt: string | null;
}

/** POST /chat/:site/messages → VisitorMessage. The same id again is the same message. */
export const VisitorWrites = z.object({
  id: z.uuid(),
  text: z.string().check(z.maxLength(4000)),
  fileIds: z.array(z.string().check(z.maxLength(64))).check(z.maxLength(5)),
});
export type VisitorWrites = z.infer<typeof VisitorWrites>;

/** PUT /chat/:site/contact → 204: where the visitor may be answered when they have gone. Claims, proving nothing. */
export const VisitorContact = z.object({
  name: z.string().check(z.trim(), z.maxLength(120)),
  email: z.string().check(z.trim(), z.maxLength(320)),
  mobile: z.string().check(z.trim(), z.maxLength(40)),
});
export type VisitorContact = z.infer<typeof VisitorContact>;

/* Also: POST /chat/:site/files?name= (raw body) → VisitorFile; GET /chat/:site/files/:id → the bytes; GET /chat/:site/config → WidgetConfig.
   DELETE /chat/:site/session gives the token up. Every call but config and session carries `Authorization: Bearer <token>`.
   Socket.IO namespace /visitor, auth {site, token}; refused with `unauthenticated`, `tooManySockets` or `unavailable`. */

export interface ServerToVisitor {
  message: (message: VisitorMessage) => void;
  /** An agent is writing; fades after 5 s. */
  typing: (event: { author: string }) => void;
  /** The team has read the visitor's own messages up to this time, the newest of them bearing this seq. */
  read: (event: { seq: number; at: string }) => void;
  config: (config: WidgetConfig) => void;
  /** The visitor's number, again and again: whoever holds a lower one asks for what changed after it. Volatile. */
  seq: (event: { seq: number }) => void;
  /** The token holds no longer: begin anew. */
  ended: () => void;
}
export interface VisitorToServer {
  typing: () => void;
  /** Everything up to this seq was shown, or at least arrived. */
  seen: (event: { seq: number }) => void;
  arrived: (event: { seq: number }) => void;
}
