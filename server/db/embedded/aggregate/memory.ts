import { binaryOf, CommandError, isDoc, wrapperType } from '../bson/values.ts';

/** Most bytes that one stage may hold, as in MongoDB. */
const STAGE_LIMIT = 100 * 1024 * 1024;

/** About as many bytes as the value has in BSON. */
export function weightOf(value: unknown): number {
  if (typeof value === 'string') return value.length + 6;
  if (typeof value !== 'object' || value === null) return 9;
  if (Array.isArray(value)) {
    let sum = 8;
    for (const element of value) sum += 3 + weightOf(element);
    return sum;
  }
  if (isDoc(value)) {
    let sum = 8;
    for (const key of Object.keys(value)) sum += 2 + key.length + weightOf(value[key]);
    return sum;
  }
  const wrapper = wrapperType(value);
  if (wrapper === 'Binary' || wrapper === 'UUID' || value instanceof Uint8Array)
    return binaryOf(value).bytes.length + 6;
  return 16;
}

/** Counts what a stage holds and ends it at MongoDB's limit: the engine does not spill to the disk. */
export class Meter {
  private bytes = 0;
  private readonly parts = new Map<string, Meter>();
  private readonly what: string;
  private readonly code: number;

  constructor(what: string, code = 292) {
    this.what = what;
    this.code = code;
  }

  add(value: unknown): void {
    this.grow(weightOf(value));
  }

  grow(bytes: number): void {
    this.bytes += bytes;
    if (this.bytes <= STAGE_LIMIT) return;
    throw new CommandError(
      this.code,
      `${this.what} used more than the ${STAGE_LIMIT} bytes of memory that a stage may use, and the embedded engine does not use the disk for it, allowDiskUse or not: narrow it with $match, $project or $limit`,
    );
  }

  /** What an accumulator gathers over all groups is counted by itself, under the code MongoDB has for it. */
  gathering(what: string): Meter {
    let part = this.parts.get(what);
    if (!part) {
      part = new Meter(what, 146);
      this.parts.set(what, part);
    }
    return part;
  }

  /** What was held is held no longer. */
  reset(): void {
    this.bytes = 0;
  }
}
