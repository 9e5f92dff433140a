import { EJSON } from 'bson';

/** A document of the load, of whichever collection. */
export interface Stored {
  _id: string;
  writer?: string;
  key?: string;
  n?: number;
  rev?: number;
  tags?: number[];
  text?: string;
  balance?: number;
  from?: string;
  to?: string;
  amount?: number;
  at?: Date;
}

/** What one look into the database found wrong against what was acknowledged. */
export interface Finding {
  /** Acknowledged, and not there. */
  lost: string[];
  /** There more often than acknowledged or asked. */
  duplicated: string[];
  /** Neither: what may not be at all. */
  faults: string[];
}

export const nothingFound = (): Finding => ({ lost: [], duplicated: [], faults: [] });

/** A document's content, whatever the order of its fields. */
function text(doc: Stored | null): string {
  if (!doc) return 'not there';
  const sorted = Object.fromEntries(Object.entries(doc).sort(([a], [b]) => (a < b ? -1 : 1)));
  return EJSON.stringify(sorted, { relaxed: true });
}

/** What a document may be: after an acknowledged write exactly one thing, after one without an answer the old or the new. */
type States = (Stored | null)[];

/** Documents that one writer each changes, so that what they must be is known at every moment. */
export class Ledger {
  private readonly states = new Map<string, States>();
  /** Ordered batches without an answer: what is there of one is its beginning. */
  private batches: string[][] = [];
  /** Writes without an answer, and of how many the effect is there. */
  doubtful = 0;
  kept = 0;

  /** A write is on its way. */
  begin(after: Stored | { _id: string; gone: true }): void {
    const next = 'gone' in after ? null : (after as Stored);
    const { _id } = after;
    this.states.set(_id, [this.current(_id), next]);
  }

  /** It was acknowledged. */
  done(id: string): void {
    this.states.set(id, [this.states.get(id)?.at(-1) ?? null]);
  }

  /** It was refused: nothing may have changed. */
  refused(id: string): void {
    this.states.set(id, [this.states.get(id)?.[0] ?? null]);
  }

  batch(ids: string[]): void {
    this.batches.push(ids);
  }

  batchDone(ids: string[]): void {
    this.batches = this.batches.filter((one) => one !== ids);
    for (const id of ids) this.done(id);
  }

  /** Documents that may be there. */
  ids(): string[] {
    return [...this.states.keys()];
  }

  /** What a document surely is. @throws while a write of it is on its way */
  current(id: string): Stored | null {
    const states = this.states.get(id) ?? [null];
    if (states.length > 1) throw new Error(`A write of ${id} is still on its way.`);
    return states[0] ?? null;
  }

  /** Compares all there is; from then on what was in doubt is what it was found to be. */
  check(found: Stored[], finding: Finding): void {
    const there = new Map(found.map((doc) => [doc._id, doc]));
    for (const doc of found)
      if (!this.states.has(doc._id)) finding.faults.push(`${doc._id} was never written: ${text(doc)}`);
    for (const batch of this.batches) {
      const present = batch.map((id) => there.has(id));
      if (present.lastIndexOf(true) + 1 !== present.filter(Boolean).length)
        finding.faults.push(
          `of an ordered batch (${batch.join(', ')}) a later one is there without an earlier`,
        );
    }
    this.batches = [];
    for (const [id, states] of this.states) {
      const actual = there.get(id) ?? null;
      const match = states.findIndex((state) => text(state) === text(actual));
      if (states.length > 1) {
        this.doubtful += 1;
        if (match === states.length - 1) this.kept += 1;
      }
      if (match < 0) {
        const wanted = states.map(text).join(' or ');
        const again = Number(actual?.rev ?? 0) > Math.max(...states.map((one) => Number(one?.rev ?? 0)));
        (again ? finding.duplicated : finding.lost).push(`${id} is ${text(actual)} and not ${wanted}`);
      }
      if (actual) this.states.set(id, [actual]);
      else this.states.delete(id);
    }
  }
}

/** A counter that only grows: by what was acknowledged, and by at most what was in doubt. */
export class Counter {
  readonly id: string;
  private sure = 0;
  private doubt = 0;

  constructor(id: string) {
    this.id = id;
  }

  done(by: number): void {
    this.sure += by;
  }

  doubtful(by: number): void {
    this.doubt += by;
  }

  check(actual: number, finding: Finding): void {
    if (actual < this.sure) finding.lost.push(`${this.id} counts ${actual} of ${this.sure} acknowledged`);
    if (actual > this.sure + this.doubt)
      finding.duplicated.push(
        `${this.id} counts ${actual}, at most ${this.sure + this.doubt} were asked for`,
      );
    this.sure = actual;
    this.doubt = 0;
  }
}

/** What must be there once its insert was acknowledged, and may be there before. */
export class Inserted {
  private readonly sure = new Set<string>();
  private readonly doubt = new Set<string>();

  begin(id: string): void {
    this.doubt.add(id);
  }

  done(id: string): void {
    this.doubt.delete(id);
    this.sure.add(id);
  }

  get acknowledged(): string[] {
    return [...this.sure];
  }

  check(found: readonly string[], finding: Finding): void {
    const there = new Set(found);
    for (const id of this.sure)
      if (!there.has(id)) finding.lost.push(`${id} was acknowledged and is not there`);
    for (const id of there)
      if (!this.sure.has(id) && !this.doubt.has(id)) finding.faults.push(`${id} was never written`);
    this.sure.clear();
    this.doubt.clear();
    for (const id of there) this.sure.add(id);
  }
}
