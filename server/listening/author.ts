import { type Connection, Schema } from 'mongoose';
import type { Sender } from '../../connectors/connector.ts';
import { identityId } from '../customers/identity.ts';
import { options } from '../db/schema.ts';
import type { Tx } from '../messages/commit.ts';
import { cleanText } from '../messages/intake.text.ts';

/** Somebody who speaks in public, customer or not, or of whom a platform tells how many follow them. Each word about them has the time it is of: the newest holds. */
export interface AuthorDoc {
  /** The identity's key: `xUser:123`. */
  _id: string;
  connector: string;
  handle: string;
  name: string;
  /** When handle and name were said. */
  at: Date;
  url: string | null;
  urlAt: Date;
  /** Followers; null where nobody says. */
  reach: number | null;
  reachAt: Date;
}

const author = new Schema<AuthorDoc>(
  {
    _id: { type: String, required: true },
    connector: { type: String, required: true },
    handle: { type: String, default: '' },
    name: { type: String, default: '' },
    at: { type: Date, required: true },
    url: { type: String, default: null },
    urlAt: { type: Date, required: true },
    reach: { type: Number, default: null },
    reachAt: { type: Date, required: true },
  },
  options('authors'),
);

export const authorModel = (db: Connection) => db.model<AuthorDoc>('Author', author);

const never = new Date(0);
const longest = 200;

/**
 * Writes down who spoke. Whatever order words come in, the newest of each holds; of two at the same moment the greater.
 * @param options.at when they spoke
 */
export async function meetAuthor(
  tx: Tx,
  options: { sender: Sender; connector: string; at: Date },
): Promise<AuthorDoc> {
  const { sender, connector, at } = options;
  const _id = identityId(sender);
  const { session } = tx;
  const known = await tx.models.authors.findById(_id, null, { session }).lean<AuthorDoc>();
  const before: AuthorDoc = known ?? {
    _id,
    connector,
    handle: '',
    name: '',
    at: never,
    url: null,
    urlAt: never,
    reach: null,
    reachAt: never,
  };
  const after = newerAuthor(before, sender, at);
  if (!known) await tx.models.authors.insertMany([after], { session, lean: true });
  else if (Object.keys(changes(before, after)).length)
    await tx.models.authors.updateOne({ _id }, { $set: changes(before, after) }, { session });
  return after;
}

/** Pure. */
export function newerAuthor(before: AuthorDoc, sender: Sender, at: Date): AuthorDoc {
  const after = { ...before };
  const handle = cleanText(sender.display || sender.value).slice(0, longest);
  const name = cleanText(sender.name ?? '').slice(0, longest);
  const words = (of: { handle: string; name: string }) => `${of.handle}\n${of.name}`;
  if (isNewer(at, before.at, words({ handle, name }) > words(before)))
    Object.assign(after, { handle, name, at });
  const { url, reach } = sender;
  if (url && isNewer(at, before.urlAt, url > (before.url ?? ''))) Object.assign(after, { url, urlAt: at });
  if (reach !== undefined && reach >= 0 && isNewer(at, before.reachAt, reach > (before.reach ?? -1)))
    Object.assign(after, { reach, reachAt: at });
  return after;
}

const isNewer = (at: Date, before: Date, greater: boolean) =>
  at > before || (at.getTime() === before.getTime() && greater);

function changes(before: AuthorDoc, after: AuthorDoc): Partial<AuthorDoc> {
  return Object.fromEntries(
    Object.entries(after).filter(([field, value]) => value !== before[field as keyof AuthorDoc]),
  );
}
