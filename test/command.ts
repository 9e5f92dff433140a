import type { ChildProcess } from 'node:child_process';

/** A command that has come to its end. */
export interface Ended {
  /** Null where a signal ended it. */
  status: number | null;
  out: string;
  complaint: string;
}

/** Hears a child from its start, and resolves once it has ended and said everything. */
export function ended(child: ChildProcess): Promise<Ended> {
  let [out, complaint] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (text) => {
    out += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    complaint += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, out, complaint }));
  });
}
