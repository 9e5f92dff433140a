import { BSONRegExp, Decimal128, Double, Int32, Long, ObjectId } from 'bson';
import { Draw } from '../../../../../test/draw.ts';
import type { Random } from '../../../../../test/random.ts';
import type { Doc } from '../../bson/values.ts';
import { UNDEFINED } from '../../bson/wrapper.ts';

/** Random documents, indexes and questions for the test of the planner. */

/** What a question needs to know of an index it may hint at. */
interface Hinted {
  name: string;
  key: Doc;
  sparse: boolean;
  partial?: unknown;
}

/** Draws documents, indexes and questions of one round. */
export class Questions extends Draw {
  /** Values that the documents hold, so that a question often meets some. */
  private readonly seen: unknown[] = [];

  /** Whether there is text longer than a key: an index that holds any gives no order. */
  private readonly long: boolean;

  constructor(random: Random) {
    super(random);
    this.long = random() < 0.25;
  }

  many<T>(most: number, draw: () => T): T[] {
    return Array.from({ length: this.below(most + 1) }, draw);
  }

  scalar(): unknown {
    const draw = this.random();
    if (draw < 0.45) return new Int32(this.below(12) - 2);
    if (draw < 0.53)
      return new Double(this.one([1.5, 3, -2, Number.NaN, Number.POSITIVE_INFINITY, -0, 2 ** 53]));
    if (draw < 0.58)
      return this.one([Long.fromNumber(3), Long.fromString('9007199254740993'), Long.MIN_VALUE]);
    if (draw < 0.62)
      return Decimal128.fromString(this.one(['1.5', '3.0', '9007199254740992.5', 'NaN', '1E-300']));
    if (draw < 0.84) return this.text();
    return this.one<unknown>([
      null,
      true,
      false,
      new Date(3),
      new Date(9),
      new ObjectId('0123456789abcdef01234567'),
      new BSONRegExp('^a', ''),
      UNDEFINED,
      Buffer.from([1, 2]),
    ]);
  }

  private text(): string {
    if (this.long && this.chance(0.1)) return `a${'long '.repeat(170)}${this.below(3)}`;
    return this.one(['', 'a', 'ab', 'abc', 'abd', 'b', 'B', 'ü', 'a\0b', '\u{1f600}', '\uffff']);
  }

  value(depth = 0): unknown {
    const draw = this.random();
    if (draw < 0.72 || depth > 2) return this.scalar();
    if (draw < 0.87) return this.many(3, () => this.value(depth + 1));
    return this.embedded(depth + 1);
  }

  private embedded(depth: number): Doc {
    const doc: Doc = {};
    for (const name of ['x', 'y']) if (this.chance(0.75)) doc[name] = this.value(depth + 1);
    return doc;
  }

  document(id: number, plain: ReadonlySet<string>): Doc {
    const doc: Doc = { _id: this.chance(0.9) ? new Int32(id) : `id ${id}` };
    for (const name of ['a', 'b', 'c', 'd']) {
      if (this.chance(0.12)) continue;
      doc[name] = plain.has(name) ? this.scalar() : this.value();
      if (this.chance(0.2)) this.seen.push(doc[name]);
    }
    return doc;
  }

  private field(): string {
    return this.one(['a', 'a', 'b', 'b', 'c', 'd', 'a.x', 'a.y', 'b.x', 'c.0', 'b.1.x', '_id']);
  }

  private key(most: number): Doc {
    const key: Doc = {};
    for (let i = 0; i <= this.below(most); i++) key[this.field()] = new Int32(this.chance(0.6) ? 1 : -1);
    return key;
  }

  index(): Doc {
    const key = this.key(3);
    if ('_id' in key && Object.keys(key).length === 1) key['a'] = new Int32(1);
    const draw = this.random();
    if (draw < 0.2) return { key, sparse: true };
    if (draw < 0.3) return { key, unique: true };
    if (draw < 0.45) return { key, partialFilterExpression: this.partial() };
    return { key };
  }

  private partial(): Doc {
    return this.one<Doc>([
      { a: { $exists: true } },
      { b: { $gt: new Int32(2) } },
      { a: new Int32(3) },
      { b: { $type: 'string' } },
      { 'a.x': { $exists: true }, c: { $lte: new Int32(5) } },
    ]);
  }

  /** A value to ask for: one that is there, or any. */
  private operand(): unknown {
    const value = this.chance(0.5) && this.seen.length > 0 ? this.one(this.seen) : this.value();
    return value === UNDEFINED ? null : value;
  }

  private plainOperand(): unknown {
    for (;;) {
      const value = this.operand();
      if (!(value instanceof BSONRegExp)) return value;
    }
  }

  private condition(depth = 0): unknown {
    switch (this.below(depth > 1 ? 11 : 14)) {
      case 0:
      case 1:
      case 2:
        return this.operand();
      case 3:
        return { $in: this.many(5, () => this.operand()) };
      case 4:
        return { [this.one(['$gt', '$gte', '$lt', '$lte'])]: this.plainOperand() };
      case 5:
        return { $gte: this.plainOperand(), $lt: this.plainOperand() };
      case 6:
        return { $ne: this.plainOperand() };
      case 7:
        return { $exists: this.chance(0.5) };
      case 8:
        return this.one<unknown>([
          /^a/,
          /^ab/,
          /^a\0/,
          /b/i,
          { $regex: '^ab', $options: 'i' },
          { $regex: '^(ab|b)' },
        ]);
      case 9:
        return { $type: this.one(['number', 'string', 'null', 'array', 'object', 'bool']) };
      case 10:
        return { $all: this.many(2, () => this.plainOperand()).filter((one) => !isOperators(one)) };
      case 11:
        return {
          $elemMatch: this.chance(0.5) ? { x: this.condition(depth + 1) } : { $gte: this.plainOperand() },
        };
      case 12:
        return {
          $not: this.one([{ $gt: this.plainOperand() }, { $in: [this.operand()] }, { $exists: true }]),
        };
      default:
        return { $nin: this.many(3, () => this.operand()) };
    }
  }

  private flat(most: number): Doc {
    const filter: Doc = {};
    for (let i = 0; i < this.below(most + 1); i++) filter[this.field()] = this.condition();
    return filter;
  }

  filter(): Doc {
    const draw = this.random();
    const branches = (): Doc[] => [this.flat(2), ...this.many(2, () => this.flat(2))];
    if (draw < 0.65) return this.flat(3);
    if (draw < 0.8) return { ...this.flat(2), $or: branches() };
    if (draw < 0.9) return { $and: branches() };
    if (draw < 0.95) return { $or: branches(), $nor: branches() };
    return { $and: [{ $or: branches() }, this.flat(1)] };
  }

  /** Branches that each have an index of their own. */
  private union(indexes: readonly Hinted[]): Doc {
    if (indexes.length === 0) return this.filter();
    const branches = [0, 1, ...this.many(1, () => 2)].map((): Doc => {
      const first = Object.keys(this.one(indexes).key)[0]!;
      return {
        [first]: this.chance(0.7) ? this.plainOperand() : { $gt: new Int32(this.below(8)) },
        ...this.flat(1),
      };
    });
    return { ...this.flat(1), $or: branches };
  }

  /** Some of what lies together in an index, in the order in which it lies there. */
  private page(indexes: readonly Hinted[]): Question {
    const compound = indexes.filter(({ key }) => Object.keys(key).length > 1);
    if (compound.length === 0) return { filter: this.filter() };
    const entries = Object.entries(this.one(compound).key);
    const bound = 1 + this.below(entries.length - 1);
    const values = (): unknown[] => [this.plainOperand(), ...this.many(4, () => this.plainOperand())];
    const filter: Doc = {};
    for (const [field] of entries.slice(0, bound))
      filter[field] = this.chance(0.6) ? { $in: values() } : this.plainOperand();
    const sign = this.chance(0.5) ? 1 : -1;
    const sort = Object.fromEntries(
      entries.slice(bound).map(([field, direction]) => [field, new Int32(sign * Number(direction))]),
    );
    return { filter, sort, ...(this.chance(0.5) && { limit: 1 + this.below(10) }) };
  }

  question(indexes: readonly Hinted[]): Question {
    if (this.chance(0.15)) return this.page(indexes);
    const question: Question = { filter: this.chance(0.12) ? this.union(indexes) : this.filter() };
    if (this.chance(0.6)) question.sort = this.key(3);
    if (this.chance(0.25)) question.skip = this.below(6);
    if (this.chance(0.35)) question.limit = 1 + this.below(20);
    // A sparse or partial index that is asked for by name gives only what is in it.
    const whole = indexes.filter((index) => !index.sparse && !index.partial);
    if (whole.length > 0 && this.chance(0.15)) {
      const index = this.one(whole);
      question.hint = this.chance(0.5) ? index.name : index.key;
    }
    return question;
  }

  change(): { filter: Doc; update?: Doc } {
    const filter = this.flat(2);
    const field = this.one(['a', 'b', 'c', 'd', 'a.x', 'b.0']);
    const draw = this.random();
    if (draw < 0.5) return { filter, update: { $set: { [field]: this.value() } } };
    if (draw < 0.6) return { filter, update: { $unset: { [field]: '' } } };
    if (draw < 0.7) return { filter, update: { $push: { [field]: this.value() } } };
    if (draw < 0.8) return { filter, update: { $inc: { [field]: new Int32(1) } } };
    return { filter };
  }
}

const isOperators = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value)[0]?.startsWith('$') === true;

export interface Question {
  filter: Doc;
  sort?: Doc;
  skip?: number;
  limit?: number;
  hint?: unknown;
}
