import type { Collection } from '../store/catalog.ts';
import type { Entry, Table, View } from '../store/view.ts';
import type { Plan, Span } from './planner.ts';

/** A document found by a plan; its bytes are as the view sees them when it is handed out. */
export interface Found {
  key: Buffer;
  raw: Buffer;
}

/** What a scan has read so far, for explain. */
export interface ScanStats {
  keysExamined: number;
  docsExamined: number;
}

/** Entries read in one go: few at first, for most queries want few, then more. */
const FIRST_CHUNK = 16;
const CHUNK = 256;
const GROWTH = 4;

/** One span read in chunks; between chunks nothing is held, it goes on after the last key. */
class SpanReader {
  readonly skip: number;
  private readonly view: View;
  private readonly table: Table;
  private readonly reverse: boolean;
  private readonly point: Buffer | undefined;
  private start: Buffer | undefined;
  private end: Buffer | undefined;
  private chunk: Entry[] = [];
  private at = 0;
  private size: number;
  private last = false;
  /** The view's epoch when the chunk was read. */
  epoch = 0;

  constructor(view: View, table: Table, span: Span, { reverse, first }: { reverse: boolean; first: number }) {
    this.view = view;
    this.table = table;
    this.reverse = reverse;
    this.skip = span.skip;
    this.point = span.point;
    this.start = span.start;
    this.end = span.end;
    this.size = first;
  }

  peek(): Entry | undefined {
    if (this.at >= this.chunk.length && !this.last) this.fill();
    return this.chunk[this.at];
  }

  advance(): void {
    this.at++;
  }

  private fill(): void {
    const { start, end, reverse, size, point } = this;
    if (point) {
      this.epoch = this.view.epoch();
      const value = this.view.get(this.table, point);
      if (value) this.chunk = [{ key: point, value }];
      this.last = true;
      return;
    }
    const range = { ...(start && { start }), ...(end && { end }), reverse, limit: size };
    this.epoch = this.view.epoch();
    this.chunk = this.view.range(this.table, range);
    this.at = 0;
    this.last = this.chunk.length < size;
    this.size = Math.min(CHUNK, size * GROWTH);
    const tail = this.chunk.at(-1);
    if (!tail) return;
    if (reverse) this.end = tail.key;
    else this.start = Buffer.concat([tail.key, Buffer.from([0])]);
  }
}

/** The readers of a merge, least next key first. */
class Heap {
  private readonly items: SpanReader[] = [];
  private readonly sign: number;

  constructor(readers: SpanReader[], reverse: boolean) {
    this.sign = reverse ? -1 : 1;
    for (const reader of readers) if (reader.peek()) this.push(reader);
  }

  private before(a: SpanReader, b: SpanReader): boolean {
    const [x, y] = [a.peek()!.key, b.peek()!.key];
    return this.sign * x.compare(y, b.skip, y.length, a.skip, x.length) < 0;
  }

  private push(reader: SpanReader): void {
    let at = this.items.push(reader) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.before(this.items[at]!, this.items[parent]!)) return;
      this.swap(at, parent);
      at = parent;
    }
  }

  private swap(a: number, b: number): void {
    [this.items[a], this.items[b]] = [this.items[b]!, this.items[a]!];
  }

  private sink(): void {
    let at = 0;
    for (;;) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2])
        if (child < this.items.length && this.before(this.items[child]!, this.items[least]!)) least = child;
      if (least === at) return;
      this.swap(at, least);
      at = least;
    }
  }

  /** The reader whose entry comes next; call `moved` after advancing it. */
  get top(): SpanReader | undefined {
    return this.items[0];
  }

  moved(): void {
    if (!this.top?.peek()) {
      const last = this.items.pop()!;
      if (this.items.length === 0) return;
      this.items[0] = last;
    }
    this.sink();
  }
}

export interface ScanHow {
  stats: ScanStats;
  /** How many documents will do, as far as that is known. */
  wanted?: number;
}

/** Documents of a plan, in its order; a document that is gone by the time its entry is met is left out. */
export function* scan(view: View, collection: Collection, plan: Plan, how: ScanHow): Generator<Found> {
  const { stats } = how;
  const seen = plan.dedupe ? new Set<string>() : undefined;
  for (const found of walk(view, collection, plan, how)) {
    if (seen) {
      const text = found.key.toString('latin1');
      if (seen.has(text)) continue;
      seen.add(text);
    }
    stats.docsExamined++;
    yield found;
  }
}

function* walk(view: View, collection: Collection, plan: Plan, how: ScanHow): Generator<Found> {
  const { stats, wanted = 0 } = how;
  if (plan.kind === 'union') {
    for (const part of plan.plans) yield* walk(view, collection, part, how);
    return;
  }
  const first = Math.min(CHUNK, Math.max(FIRST_CHUNK, plan.spans.length === 1 ? wanted : 0));
  const readers = plan.spans.map(
    (span) => new SpanReader(view, plan.table, span, { reverse: plan.reverse, first }),
  );
  for (const { entry, epoch } of plan.merge && readers.length > 1
    ? merged(readers, plan.reverse)
    : inTurn(readers)) {
    stats.keysExamined++;
    if (plan.index) {
      const raw = view.get(collection.docs, entry.value);
      if (raw) yield { key: entry.value, raw };
    } else {
      const raw = epoch === view.epoch() ? entry.value : view.get(collection.docs, entry.key);
      if (raw) yield { key: entry.key, raw };
    }
  }
}

interface Read {
  entry: Entry;
  epoch: number;
}

function* inTurn(readers: SpanReader[]): Generator<Read> {
  for (const reader of readers) {
    for (let entry = reader.peek(); entry; entry = reader.peek()) {
      yield { entry, epoch: reader.epoch };
      reader.advance();
    }
  }
}

function* merged(readers: SpanReader[], reverse: boolean): Generator<Read> {
  const heap = new Heap(readers, reverse);
  for (let reader = heap.top; reader; reader = heap.top) {
    yield { entry: reader.peek()!, epoch: reader.epoch };
    reader.advance();
    heap.moved();
  }
}
