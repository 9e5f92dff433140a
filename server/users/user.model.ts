import { type Connection, Schema } from 'mongoose';
import type { Role } from '../../shared/access.ts';
import type { Preferences } from '../../shared/user.ts';
import { options } from '../db/schema.ts';

export interface UserDoc {
  _id: string;
  name: string;
  email: string;
  role: Role;
  channelIds: 'all' | string[];
  teamIds: string[];
  /** Under which the telephone system knows them; empty or absent: it does not. */
  extension?: string;
  active: boolean;
  preferences: Preferences;
  /** Raised by whatever must conflict over who is an administrator. */
  touched: number;
  createdAt: Date;
  lastSeenAt: Date | null;
}

/** What makes an address belong to one user alone. */
export interface LoginDoc {
  /** The normalised address. */
  _id: string;
  userId: string;
  /** Argon2id, PHC string. */
  passwordHash: string;
}

export interface SessionDoc {
  /** SHA-256 of the token: the token itself is only in the browser. */
  _id: string;
  userId: string;
  createdAt: Date;
  expiresAt: Date;
  lastSeenAt: Date;
  userAgent: string;
}

/** One document, `_id: 'organisation'`: absent until set-up. */
export interface OrganisationDoc {
  _id: 'organisation';
  name: string;
  language: 'fa' | 'en';
  calendar: 'jalali' | 'gregorian';
  timeZone: string;
  createdAt: Date;
  demo: boolean;
}

const user = new Schema<UserDoc>(
  {
    _id: { type: String, required: true },
    name: { type: String, required: true },
    email: { type: String, required: true },
    role: { type: String, required: true },
    channelIds: { type: Schema.Types.Mixed, required: true } as never,
    teamIds: { type: [String], default: [] },
    extension: String,
    active: { type: Boolean, required: true },
    preferences: { type: Schema.Types.Mixed, required: true } as never,
    touched: { type: Number, required: true, default: 0 },
    createdAt: { type: Date, required: true },
    lastSeenAt: { type: Date, default: null },
  },
  options('users'),
);

const login = new Schema<LoginDoc>(
  {
    _id: { type: String, required: true },
    userId: { type: String, required: true },
    passwordHash: { type: String, required: true },
  },
  options('logins'),
);

const session = new Schema<SessionDoc>(
  {
    _id: { type: String, required: true },
    userId: { type: String, required: true },
    createdAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
    lastSeenAt: { type: Date, required: true },
    userAgent: { type: String, default: '' },
  },
  options('sessions'),
);

const organisation = new Schema<OrganisationDoc>(
  {
    _id: { type: String, required: true } as never,
    name: { type: String, required: true },
    language: { type: String, required: true },
    calendar: { type: String, required: true },
    timeZone: { type: String, required: true },
    createdAt: { type: Date, required: true },
    demo: { type: Boolean, default: false },
  },
  options('organisation'),
);

export const userModel = (db: Connection) => db.model<UserDoc>('User', user);
export const loginModel = (db: Connection) => db.model<LoginDoc>('Login', login);
export const sessionModel = (db: Connection) => db.model<SessionDoc>('Session', session);
export const organisationModel = (db: Connection) => db.model<OrganisationDoc>('Organisation', organisation);
