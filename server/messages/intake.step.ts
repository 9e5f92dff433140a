import type { Connector } from '../../connectors/connector.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import type { InboundDoc } from '../inbound/inbound.model.ts';
import type { Tx } from './commit.ts';

/** One stored event on its way into a conversation, taken under a lease. */
export interface Arrival {
  inbound: Pick<InboundDoc, '_id' | 'receivedAt' | 'parkedAt' | 'history' | 'restored'>;
  /** Of history: the conversation of today that it comes into, instead of one of its own. */
  into?: string;
  /** Of the taking: another one ends this one. */
  fence: number;
  channel: ChannelDoc;
  connector: Connector;
}

/** What became of one step of an event. */
export interface Outcome {
  state: 'done' | 'parked' | 'ignored';
  reason?: string;
  /** Parts whose messages it waits for: parked on them, or done but for what it answers. */
  waitsFor?: string[];
  /** Parked, but not only on the part: look again then. */
  lookAgainAt?: Date;
  /** There is more of the same: the step again, in a commit of its own. */
  again?: boolean;
  /** What has to follow at once, each in a commit of its own. */
  follows?: Step[];
  /** Stored files that are nobody's after the commit. */
  orphans?: string[];
}

/** The deed of one commit. It may run many times: ids and random values are minted when it is made. */
export type Step = (tx: Tx) => Promise<Outcome>;

export const done: Outcome = { state: 'done' };
