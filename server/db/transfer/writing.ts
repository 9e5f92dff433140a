import type { Listed } from './inventory.ts';
import { deletion, hasEmptyTimestamp, type Id, sequence, showId } from './raw.ts';
import { explained, type Side } from './side.ts';

const MOST_DOCUMENTS = 1000;
const MOST_BYTES = 32 * 2 ** 20;

/** Acknowledged by a majority, or told after a minute that it was not. */
export const MAJORITY = { w: 'majority', wtimeout: 60_000 } as const;

interface Outcome {
  writeErrors?: { index: number; code: number; errmsg: string }[];
  writeConcernError?: { code: number; errmsg: string };
}

/** Brings raw documents into one collection and takes others out, in batches of at most 1,000 documents and 32 MB. */
export class Writing {
  inserted = 0;
  removed = 0;
  private readonly side: Side;
  private readonly of: Pick<Listed, 'db' | 'name' | 'ns'>;
  private inserts: Buffer[] = [];
  private bytes = 0;
  private deletes: Id[] = [];

  constructor(side: Side, of: Pick<Listed, 'db' | 'name' | 'ns'>) {
    this.side = side;
    this.of = of;
  }

  /** Whether something has been written or waits to be. */
  get begun(): boolean {
    return this.inserted + this.removed + this.inserts.length + this.deletes.length > 0;
  }

  async insert(raw: Buffer): Promise<void> {
    if (this.inserts.length >= MOST_DOCUMENTS || this.bytes + raw.length > MOST_BYTES) await this.flush();
    this.inserts.push(raw);
    this.bytes += raw.length;
  }

  async remove(id: Id): Promise<void> {
    if (this.deletes.length >= MOST_DOCUMENTS) await this.flush();
    // A copy: the id lies in the memory of a whole answer.
    this.deletes.push({ type: id.type, bytes: Buffer.from(id.bytes) });
  }

  /** Sends what waits: what goes before what comes, for a changed document is both. */
  async flush(): Promise<void> {
    const { deletes, inserts } = this;
    this.deletes = [];
    this.inserts = [];
    this.bytes = 0;
    if (deletes.length > 0) {
      await this.send({ delete: this.of.name, deletes: sequence('deletes', deletes.map(deletion)) });
      this.removed += deletes.length;
    }
    if (inserts.length > 0) {
      await this.send(
        { insert: this.of.name, documents: sequence('documents', inserts), ...this.asTheyAre(inserts) },
        inserts,
      );
      this.inserted += inserts.length;
    }
  }

  /**
   * MongoDB puts its own time into empty timestamps unless told not to.
   * Source: https://jira.mongodb.org/browse/SERVER-88750 (8.0, and later builds of 5.0 to 7.0)
   */
  private asTheyAre(inserts: Buffer[]): { bypassEmptyTsReplacement?: true } {
    return !this.side.ours && inserts.some(hasEmptyTimestamp) ? { bypassEmptyTsReplacement: true } : {};
  }

  private async send(command: Record<string, unknown>, inserts: Buffer[] = []): Promise<void> {
    const { side, of } = this;
    const wrong = (error: unknown, ns = of.ns) => explained(error, { address: side.address, ns });
    let outcome: Outcome;
    try {
      outcome = await side.client.db(of.db).command({ ...command, ordered: true, writeConcern: MAJORITY });
    } catch (error) {
      throw wrong(error);
    }
    const [first] = outcome.writeErrors ?? [];
    if (first) {
      const raw = inserts[first.index];
      const message = raw ? `the document with the _id ${showId(raw)}: ${first.errmsg}` : first.errmsg;
      throw wrong({ code: first.code, message });
    }
    if (outcome.writeConcernError) {
      const { code, errmsg } = outcome.writeConcernError;
      throw wrong({ code, name: 'MongoWriteConcernError', message: errmsg });
    }
  }
}
