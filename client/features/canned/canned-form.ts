import { type CannedReply, CannedReplyCreate, unknownVariables } from '../../../shared/canned.ts';
import { normalise } from '../../../shared/text/normalise.ts';
import { check, type FieldIssue, type Issues } from '../settings/check.ts';

/** What the form of a canned reply holds. */
export interface CannedForm {
  title: string;
  shortcut: string;
  /** Folders in one line, the outermost first: `Orders / Shipping`. */
  folder: string;
  text: string;
  /** 'nobody', 'everyone', or `team:ID`. */
  sharedWith: string;
}

export const blankCanned: CannedForm = {
  title: '',
  shortcut: '',
  folder: '',
  text: '',
  sharedWith: 'nobody',
};

export function formOf(reply: CannedReply): CannedForm {
  const { title, shortcut, folder, text, sharedWith } = reply;
  return {
    title,
    shortcut,
    folder: folderLine(folder),
    text,
    sharedWith: typeof sharedWith === 'string' ? sharedWith : `team:${sharedWith.teamId}`,
  };
}

export const folderLine = (folder: readonly string[]): string => folder.join(' / ');

export function folderOf(line: string): string[] {
  return line
    .split('/')
    .map((name) => name.trim())
    .filter(Boolean);
}

export type CannedIssue = FieldIssue | { kind: 'unknownVariables'; names: string[] };

/** The form as the API takes it, or what is wrong with which field. */
export function readCanned(
  form: CannedForm,
): { data: CannedReplyCreate; issues: null } | { data: null; issues: Readonly<Record<string, CannedIssue>> } {
  const read = check(CannedReplyCreate, {
    title: form.title,
    shortcut: form.shortcut.trim().replace(/^\//, ''),
    folder: folderOf(form.folder),
    text: form.text,
    sharedWith: form.sharedWith.startsWith('team:')
      ? { teamId: form.sharedWith.slice(5) }
      : form.sharedWith === 'everyone'
        ? 'everyone'
        : 'nobody',
  });
  const names = [...new Set(unknownVariables(form.text))];
  const unknown = names.length > 0 ? { text: { kind: 'unknownVariables' as const, names } } : null;
  if (read.issues || unknown) return { data: null, issues: { ...byField(read.issues), ...unknown } };
  return { data: read.data, issues: null };
}

/** Parts of the folder's path are one field of the form. */
function byField(issues: Issues | null): Issues {
  return Object.fromEntries(
    Object.entries(issues ?? {}).map(([path, issue]) => [path.split('.')[0] ?? path, issue]),
  );
}

export interface Folder {
  path: string[];
  name: string;
  /** With those in the folders inside of it. */
  count: number;
  inside: Folder[];
}

/** The folders of all replies as a tree, by name. */
export function folderTree(replies: readonly CannedReply[]): Folder[] {
  const roots: Folder[] = [];
  for (const { folder } of replies) {
    let level = roots;
    for (const [at, name] of folder.entries()) {
      let node = level.find((each) => each.name === name);
      if (!node) {
        node = { path: folder.slice(0, at + 1), name, count: 0, inside: [] };
        level.push(node);
      }
      node.count += 1;
      level = node.inside;
    }
  }
  const order = new Intl.Collator('fa');
  const sort = (level: Folder[]) => {
    level.sort((a, b) => order.compare(a.name, b.name));
    for (const { inside } of level) sort(inside);
  };
  sort(roots);
  return roots;
}

const isUnder = (folder: readonly string[], path: readonly string[]) =>
  path.every((name, at) => folder[at] === name);

/** Those of a folder (null: all) in which every word is found, however its letters are written. */
export function findReplies(
  replies: readonly CannedReply[],
  { query, folder }: { query: string; folder: readonly string[] | null },
): CannedReply[] {
  const words = normalise(query).split(' ').filter(Boolean);
  return replies.filter((reply) => {
    if (folder && !isUnder(reply.folder, folder)) return false;
    const text = normalise([reply.title, reply.shortcut, reply.text, ...reply.folder].join(' '));
    return words.every((word) => text.includes(word));
  });
}
