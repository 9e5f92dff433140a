import { randomUUID } from 'node:crypto';
import { STATE } from './inventory.ts';
import { at, type Side } from './side.ts';
import { MAJORITY } from './writing.ts';

/** What an unfinished transfer leaves in every database that it fills. */
interface StateDoc {
  _id: string;
  /** Which data is brought here. */
  source: string;
  /** The run that works here at present; a newer one takes it over. */
  run: string;
  /** Every database of the transfer. */
  databases: string[];
  /** `done`: all is there and compared, only the states have yet to go. */
  phase: 'copying' | 'done';
  at: Date;
}

const ID = 'transfer';
const ACKNOWLEDGED = { writeConcern: { w: MAJORITY.w, wtimeoutMS: MAJORITY.wtimeout } } as const;
/** Milliseconds between two looks at whether another run has taken over. */
const LOOK_EVERY_MS = 2_000;

const states = (side: Side, db: string) => side.client.db(db).collection<StateDoc>(STATE);

/** The state that lies in a database, if one does. */
export const stateIn = (side: Side, db: string): Promise<StateDoc | null> =>
  at(side, `${db}.${STATE}`, () => states(side, db).findOne({ _id: ID }));

/** One run's hold of the databases it fills. */
export class Hold {
  private readonly run = randomUUID();
  private readonly side: Side;
  private readonly databases: string[];
  private looked = Date.now();

  constructor(side: Side, databases: string[]) {
    this.side = side;
    this.databases = databases;
  }

  /** Marks every database as this run's before anything is copied: a second command then knows that it may go on. */
  async take(source: string): Promise<void> {
    for (const db of this.databases)
      await at(this.side, `${db}.${STATE}`, () =>
        states(this.side, db).updateOne(
          { _id: ID },
          { $set: { source, run: this.run, databases: this.databases, phase: 'copying', at: new Date() } },
          { upsert: true, ...ACKNOWLEDGED },
        ),
      );
  }

  /** Throws if another run has taken a database over; asks at most every two seconds. */
  async look(db: string): Promise<void> {
    if (Date.now() - this.looked < LOOK_EVERY_MS) return;
    await this.mustHave(db);
    this.looked = Date.now();
  }

  async mustHave(db: string): Promise<void> {
    const { matchedCount } = await this.mark(db, { at: new Date() });
    if (matchedCount === 0)
      throw new Error(
        `another command has begun to copy into ${db} at ${this.side.address.name}: this one ends`,
      );
  }

  private mark(db: string, set: Partial<StateDoc>) {
    return at(this.side, `${db}.${STATE}`, () =>
      states(this.side, db).updateOne({ _id: ID, run: this.run }, { $set: set }, ACKNOWLEDGED),
    );
  }

  /** All is there: takes the states away. Killed in between, the next command sees that nothing but that is left. */
  async finish(): Promise<void> {
    for (const db of this.databases) {
      await this.mustHave(db);
      await this.mark(db, { phase: 'done' });
    }
    for (const db of this.databases) await removeState(this.side, db);
  }
}

export const removeState = (side: Side, db: string) =>
  at(side, `${db}.${STATE}`, () => states(side, db).drop(ACKNOWLEDGED));
