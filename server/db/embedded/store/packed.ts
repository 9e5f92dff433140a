import type { Transaction } from 'lmdb';
import type { Table } from './view.ts';

/*
 * The layout of LMDB's pages (mdb.c, structures MDB_page, MDB_node and MDB_ovpage), as far as it says what entries that are written in
 * the order of their keys take: a leaf is filled until the next entry does not fit.
 */
const PAGE = 4096;
const HEAD = 24;
const ROOM = PAGE - HEAD;
const NODE = 8;
const POINTER = 2;
/** Bytes of an entry beyond which its value gets pages of its own, and what then stands in the leaf. */
const MOST_INSIDE = ROOM / 2 - POINTER;
const LEADS_OUT = 24;
/** The two heads, what the transactions leave free, and LMDB's file of readers. */
const BESIDE = 40;

const nodeBytes = (content: number): number => {
  const bytes = NODE + content + POINTER;
  return bytes + (bytes % 2);
};

/** Bytes that a file of these tables has when it was written anew: those of the leaves exactly, of what leads to them at most. */
export function packedBytes(tables: Table[], snapshot: Transaction): number {
  // One page more for each: what leads to it, and the last leaf.
  const pages = tables.map(({ db }) => packedPages(db.getRange({ transaction: snapshot })) + 1);
  return pages.reduce((total, one) => total + one, BESIDE) * PAGE;
}

function packedPages(entries: Iterable<{ key: Buffer; value: Buffer }>): number {
  let leaves = 0;
  let outside = 0;
  let branches = 0;
  let room = 0;
  for (const { key, value } of entries) {
    const inside = NODE + key.length + value.length <= MOST_INSIDE;
    if (!inside) outside += Math.ceil((HEAD + value.length) / PAGE);
    const bytes = nodeBytes(key.length + (inside ? value.length : LEADS_OUT));
    if (bytes > room) {
      leaves++;
      room = ROOM;
      branches += nodeBytes(key.length);
    }
    room -= bytes;
  }
  // LMDB leaves branches half empty, and they need branches in turn.
  return leaves + outside + Math.ceil((branches * 2.5) / ROOM);
}
