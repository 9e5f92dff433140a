import type { WireCommand } from './wire-proxy.ts';

/** Commands of the connection itself. */
const handshakes = new Set([
  'hello',
  'isMaster',
  'ping',
  'saslStart',
  'saslContinue',
  'endSessions',
  'killCursors',
]);
/** What servers keep for themselves, whatever anybody does. */
const ownCollections = new Set([
  'leases',
  'channelHealth',
  'channels',
  'sessions',
  'users',
  'organisation',
  'migrations',
  // What is derived in the background from what deeds leave, and what only that is asked of.
  'facts',
  'factsDue',
  'comparesDue',
  'duplicates',
  'records',
  'consents',
  'segments',
  'qualitySettings',
  'searchBlocks',
  'searchState',
  'searchTails',
  'savedSearches',
  'hits',
  'hitHours',
  'spikes',
  'authors',
  'evidence',
  'advocates',
  'advocatesDue',
  'advocateSettings',
  'detractors',
  'testimonials',
  'referralCodes',
]);
const writes = new Set(['insert', 'update', 'delete', 'findAndModify', 'bulkWrite']);

/** Tells what servers do by themselves from what somebody's deed makes them do. */
export class OwnWork {
  /** Transactions that wrote something of a deed's. */
  private readonly deeds = new Set<string>();
  /** A command is asked about on its way there and back. */
  private readonly said = new WeakMap<WireCommand, boolean>();

  is(command: WireCommand): boolean {
    const known = this.said.get(command);
    if (known !== undefined) return known;
    const own = this.judge(command);
    this.said.set(command, own);
    return own;
  }

  private judge(command: WireCommand): boolean {
    const { name, collection, inTransaction } = command;
    if (handshakes.has(name)) return true;
    if (inTransaction && (name === 'commitTransaction' || name === 'abortTransaction'))
      return !this.deeds.delete(transactionOf(command));
    if (collection && ownCollections.has(collection)) return true;
    if (inTransaction && writes.has(name)) this.deeds.add(transactionOf(command));
    return false;
  }
}

const transactionOf = ({ body }: WireCommand): string =>
  `${Buffer.from(body?.lsid?.id?.buffer ?? '').toString('hex')} ${String(body?.txnNumber)}`;
