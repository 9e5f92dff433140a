import { type Connection, Schema } from 'mongoose';
import { embedded, options } from '../db/schema.ts';

/** Somebody at a page that holds the widget, as their browser's token makes them known. What they write hangs on their identity. */
export interface VisitorDoc {
  /** key(site, visitorId) */
  _id: string;
  site: string;
  visitorId: string;
  /** Of the identity that they write as. */
  identityId: string;
  channelId: string;
  /** Who began in the same browser before them, the first of all: a sign of who they are, no more. Absent: nobody did. */
  browser?: string;
  /** SHA-256 of the token, in hex; the token itself is kept by nobody but the browser. Empty: it was given up. */
  tokenHash: string;
  /** The site's own user whom the site vouched for, for good; null: nobody said. */
  userId: string | null;
  /** Of what the site vouched for last: the same again says nothing new. */
  userHash: string;
  language: 'fa' | 'en';
  page: { url: string; title: string } | null;
  /** What they left to be answered at, each empty when nothing was. */
  contact: { name: string; email: string; mobile: string };
  /** What the site vouched for, by `kind:value`, is not yet their customer's: goes with their next message. */
  proves: { kind: 'siteUser' | 'emailAddress' | 'mobile'; value: string; display: string }[];
  /** The contact is not yet their customer's. */
  contactDue: boolean;
  createdAt: Date;
  /** Not seen for half a year: the token holds no more. */
  lastSeenAt: Date;
  /** Some server has a socket of theirs, and says so again before this. */
  onlineUntil: Date;
  /** They want no answers sent after them. */
  noFollowUp: boolean;
  /** By which the answers sent after them let them say so; empty until there is one. */
  stopCode: string;
}

const visitor = new Schema<VisitorDoc>(
  {
    _id: { type: String, required: true },
    site: { type: String, required: true },
    visitorId: { type: String, required: true },
    identityId: { type: String, required: true },
    channelId: { type: String, required: true },
    browser: String,
    tokenHash: { type: String, default: '' },
    userId: { type: String, default: null },
    userHash: { type: String, default: '' },
    language: { type: String, required: true },
    page: { type: embedded({ url: String, title: String }), default: null } as never,
    contact: { type: embedded({ name: String, email: String, mobile: String }), required: true } as never,
    proves: { type: [Schema.Types.Mixed], default: [] } as never,
    contactDue: { type: Boolean, default: false },
    createdAt: { type: Date, required: true },
    lastSeenAt: { type: Date, required: true },
    onlineUntil: { type: Date, required: true },
    noFollowUp: { type: Boolean, default: false },
    stopCode: { type: String, default: '' },
  },
  options('visitors'),
);

export const visitorModel = (db: Connection) => db.model<VisitorDoc>('Visitor', visitor);
