import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/*
 * The layout of LMDB's file as version 2 of its format has it (mdb.c, structures MDB_page, MDB_meta, MDB_db and MDB_node), on machines
 * with 8-byte words and the low byte first: all that this program runs on. LMDB maps the file and believes what it reads there: a page
 * number that leads nowhere ends the process, so the pages are looked at before.
 */
const MAGIC = 0xbeefc0de;
const VERSION = 2;
const PAGE = 4096;
const HEAD = 24;
const BRANCH = 1;
const LEAF = 2;
const OVERFLOW = 4;
const META = 8;
/** A value that lies on pages of its own; a value that is a table. */
const BIG = 1;
const TABLE = 2;

interface Tree {
  name: string;
  root: number;
  depth: number;
  /** Holds tables. */
  tables: boolean;
  /** Read at every start: its last pages are always looked at. */
  whole: boolean;
}

interface Page {
  number: number;
  depth: number;
  tree: Tree;
}

/** What an engine reads as it starts. */
const READ_AT_START = new Set(['meta', 'catalog', 'retries']);

interface Head {
  transaction: bigint;
  lastPage: number;
  trees: Tree[];
}

class Damage extends Error {}

const NOWHERE = 0xffffffffffffffffn;

function treeAt(bytes: Buffer, at: number, about: Pick<Tree, 'name' | 'tables' | 'whole'>): Tree | undefined {
  const root = bytes.readBigUInt64LE(at + 40);
  if (root === NOWHERE) return undefined;
  return { ...about, root: Number(root), depth: bytes.readUInt16LE(at + 6) };
}

function readHead(bytes: Buffer, which: string): Head {
  const says = (what: string) => new Damage(`its ${which} head ${what}`);
  if (bytes.readUInt16LE(18) !== META || bytes.readUInt32LE(24) !== MAGIC)
    throw says('is no head of a store');
  if (bytes.readUInt32LE(28) !== VERSION) throw says(`has version ${bytes.readUInt32LE(28)}, not ${VERSION}`);
  if (bytes.readUInt32LE(48) !== PAGE) throw says(`names pages of ${bytes.readUInt32LE(48)} bytes`);
  const trees = [
    treeAt(bytes, 48, { name: 'the list of free pages', tables: false, whole: true }),
    treeAt(bytes, 96, { name: 'the list of tables', tables: true, whole: true }),
  ];
  return {
    transaction: bytes.readBigUInt64LE(152),
    lastPage: Number(bytes.readBigUInt64LE(144)),
    trees: trees.filter((tree) => tree !== undefined),
  };
}

/** The pages of one state of the file. */
class Pages {
  private readonly file: number;
  private readonly count: number;
  private readonly lastPage: number;
  private readonly leaves: boolean;
  /** One bit a page: a set holds too few numbers for a file of 64 GiB. */
  private readonly seen: Uint8Array;

  constructor(file: number, size: number, { lastPage }: Head, leaves: boolean) {
    this.file = file;
    this.count = Math.floor(size / PAGE);
    this.seen = new Uint8Array(Math.ceil(this.count / 8));
    this.lastPage = lastPage;
    // The file may end before its last page if that is free: only what is in use tells.
    this.leaves = leaves || lastPage >= this.count;
  }

  walk(tree: Tree): void {
    this.page({ number: tree.root, depth: tree.depth, tree });
  }

  private read(number: number, name: string, length: number): Buffer {
    if (number < 2 || number > this.lastPage)
      throw new Damage(`${name} leads to page ${number}, which there cannot be`);
    if (number >= this.count)
      throw new Damage(`it is cut off: ${name} has page ${number}, the file ends after ${this.count} pages`);
    const byte = number >> 3;
    const bit = 1 << (number & 7);
    if (this.seen[byte]! & bit) throw new Damage(`page ${number} of ${name} is used twice`);
    this.seen[byte]! |= bit;
    const bytes = Buffer.alloc(length);
    readSync(this.file, bytes, 0, length, number * PAGE);
    if (Number(bytes.readBigUInt64LE(0)) !== number) throw new Damage(`page ${number} of ${name} is damaged`);
    return bytes;
  }

  private page({ number, depth, tree }: Page): void {
    const bytes = this.read(number, tree.name, PAGE);
    const wrong = () => new Damage(`page ${number} of ${tree.name} is damaged`);
    const flags = bytes.readUInt16LE(18);
    const lower = bytes.readUInt16LE(20);
    if (!(flags & (depth > 1 ? BRANCH : LEAF)) || lower % 2 !== 0 || lower > PAGE - HEAD) throw wrong();
    for (let at = 0; at < lower; at += 2) {
      const node = HEAD + bytes.readUInt16LE(HEAD + at);
      if (node + 8 > PAGE) throw wrong();
      const low = bytes.readUInt16LE(node) + bytes.readUInt16LE(node + 2) * 2 ** 16;
      const kind = bytes.readUInt16LE(node + 4);
      if (depth > 1) this.below({ number: low + kind * 2 ** 32, depth: depth - 1, tree });
      else this.value(bytes, node, { kind, tree, wrong });
    }
  }

  private below(page: Page): void {
    if (page.depth > 1 || page.tree.whole || this.leaves) this.page(page);
    else if (page.number < 2 || page.number > this.lastPage || page.number >= this.count)
      throw new Damage(`${page.tree.name} leads to page ${page.number}, which is not in the file`);
  }

  private value(
    bytes: Buffer,
    node: number,
    { kind, tree, wrong }: { kind: number; tree: Tree; wrong(): Damage },
  ): void {
    const at = node + 8 + bytes.readUInt16LE(node + 6);
    if (kind & TABLE) {
      if (!tree.tables || at + 48 > PAGE) throw wrong();
      const table = bytes.toString('latin1', node + 8, at).replace(/\0$/, '');
      const whole = READ_AT_START.has(table);
      const found = treeAt(bytes, at, { name: `the table ${table}`, tables: false, whole });
      if (found) this.walk(found);
    } else if (kind & BIG) {
      if (at + 24 > PAGE) throw wrong();
      this.bigValue(Number(bytes.readBigUInt64LE(at)), Number(bytes.readBigUInt64LE(at + 16)), tree.name);
    }
  }

  private bigValue(first: number, count: number, name: string): void {
    const last = first + count - 1;
    if (!(this.read(first, name, HEAD).readUInt16LE(18) & OVERFLOW) || last > this.lastPage)
      throw new Damage(`page ${first} of ${name} is damaged`);
    if (last >= this.count)
      throw new Damage(`it is cut off: ${name} has page ${last}, the file ends after ${this.count} pages`);
  }
}

const headsOf = (file: number): Head[] => {
  const bytes = Buffer.alloc(2 * PAGE);
  readSync(file, bytes, 0, bytes.length, 0);
  return [readHead(bytes.subarray(0, PAGE), 'first'), readHead(bytes.subarray(PAGE), 'second')];
};
const newest = (heads: Head[]): Head => heads.reduce((a, b) => (b.transaction > a.transaction ? b : a));

/**
 * What is wrong with the pages of a store's file, if anything is: its heads, and that every page which is led to is there and is the
 * page it should be. `leaves`: also the pages of the documents and entries themselves, which is the whole file.
 */
export function damageOf(path: string, { leaves }: { leaves: boolean }): string | undefined {
  const file = openSync(path, 'r');
  try {
    // An engine that writes meanwhile gives pages to others that this state had: then the next state is looked at.
    for (let round = 0; round < 3; round++) {
      let head: Head | undefined;
      try {
        head = newest(headsOf(file));
        // The file's length is read after its head: what a head names was written before it.
        const pages = new Pages(file, fstatSync(file).size, head, leaves);
        for (const tree of head.trees) pages.walk(tree);
        return undefined;
      } catch (error) {
        const still = head === undefined || isStill(file, head);
        if (still)
          return error instanceof Damage ? error.message : `its pages lead outside: ${String(error)}`;
      }
    }
    return undefined;
  } finally {
    closeSync(file);
  }
}

function isStill(file: number, head: Head): boolean {
  try {
    return newest(headsOf(file)).transaction === head.transaction;
  } catch {
    return true;
  }
}
