import { type Connection, Schema } from 'mongoose';
import type { ChannelState, ChannelTest, Routing } from '../../shared/channel.ts';
import { options } from '../db/schema.ts';

export interface ChannelDoc {
  _id: string;
  /** The connector's id. */
  connector: string;
  name: string;
  state: ChannelState;
  pausedReason: string | null;
  /** The connector's word for it, where it gave one. */
  pausedCode?: string | null;
  /** Not secret. */
  settings: Record<string, string | number | boolean>;
  /** Each value encrypted by itself: base64 of version, nonce, tag and cipher text. */
  secrets: Record<string, string>;
  /** Random, rotatable: the path of its hook. Several channels of one app may share it. */
  hookId: string;
  /** The account at the provider: with hookId it finds the channel. */
  accountRef: string;
  /** Absent on channels made before there was routing: the default. */
  routing?: Routing;
  /** When it was last connected again after a pause. */
  connectedAt?: Date | null;
  createdAt: Date;
}

/** Written outside every transaction. */
export interface ChannelHealthDoc {
  /** The channel's id. */
  _id: string;
  lastInAt: Date | null;
  lastOutAt: Date | null;
  /** The provider said: not before. */
  heldUntil: Date | null;
  /** When the permission at the provider ends. */
  expiresAt?: Date | null;
  /** Of how many days before that administrators were told. */
  expiryWarned?: number | null;
  /** When its credentials are to be checked again. */
  checkAt?: Date;
  listening: 'notNeeded' | 'listening' | 'stopped' | 'failing';
  lastError: { at: Date; class: string; message: string; code?: string } | null;
  /** Where the listener stands. */
  cursor: unknown;
  /** Since when nothing has come in although it should have; judged by channels/silence.ts. */
  silentSince?: Date | null;
  /** The listener reads what came while it was away. */
  catchingUp?: { since: Date; left: number | null } | null;
  /** The latest test that went both ways. */
  test: ChannelTest | null;
}

const channel = new Schema<ChannelDoc>(
  {
    _id: { type: String, required: true },
    connector: { type: String, required: true },
    name: { type: String, required: true },
    state: { type: String, required: true },
    pausedReason: { type: String, default: null },
    pausedCode: { type: String, default: null },
    settings: { type: Schema.Types.Mixed, required: true },
    secrets: { type: Schema.Types.Mixed, required: true },
    hookId: { type: String, required: true },
    accountRef: { type: String, required: true },
    routing: { type: Schema.Types.Mixed },
    connectedAt: { type: Date, default: null },
    createdAt: { type: Date, required: true },
  },
  options('channels'),
);

const health = new Schema<ChannelHealthDoc>(
  {
    _id: { type: String, required: true },
    lastInAt: { type: Date, default: null },
    lastOutAt: { type: Date, default: null },
    heldUntil: { type: Date, default: null },
    expiresAt: Date,
    expiryWarned: Number,
    checkAt: Date,
    listening: { type: String, default: 'notNeeded' },
    lastError: { type: Schema.Types.Mixed, default: null },
    cursor: { type: Schema.Types.Mixed, default: null },
    silentSince: { type: Date, default: null },
    catchingUp: { type: Schema.Types.Mixed, default: null },
    test: { type: Schema.Types.Mixed, default: null },
  },
  options('channelHealth'),
);

export const channelModel = (db: Connection) => db.model<ChannelDoc>('Channel', channel);
export const channelHealthModel = (db: Connection) => db.model<ChannelHealthDoc>('ChannelHealth', health);
