import type { VisitorFile } from '../../shared/visitor.ts';
import type { Keep } from './keep.ts';

/** A message that the server does not have yet. Its id is minted here, so that sending it twice makes one message. */
export interface Outgoing {
  id: string;
  text: string;
  files: VisitorFile[];
  /** When it was written, in milliseconds: the order of sending. */
  at: number;
  /** The server will not have it: its status. */
  refused?: number;
}

const prefix = 'out:';
/** An entry of its own for each: two tabs that write at once do not overwrite one another. */
const keyOf = ({ at, id }: Outgoing) => `${prefix}${String(at).padStart(15, '0')}:${id}`;

export const isOutgoing = (key: string) => key.startsWith(prefix);

export function outbox(keep: Keep) {
  const all = (): Outgoing[] =>
    keep
      .keys()
      .filter(isOutgoing)
      .sort()
      .flatMap((key) => {
        try {
          return [JSON.parse(keep.get(key) ?? '') as Outgoing];
        } catch {
          return [];
        }
      });
  return {
    all,
    put: (message: Outgoing) => keep.set(keyOf(message), JSON.stringify(message)),
    strike: (message: Outgoing) => keep.set(keyOf(message), null),
    has: (message: Outgoing) => keep.get(keyOf(message)) !== null,
  };
}
