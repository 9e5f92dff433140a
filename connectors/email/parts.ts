import { fileName } from './filename.ts';
import { withLineFeeds } from './read.ts';
import { parseTree } from './tree.ts';

/** The whole mail as a file, for one that cannot be taken apart. */
export const wholeMail = -1;

/**
 * The attachment that `ref.part` of an inbound message names.
 * @param raw the mail, without the envelope line.
 * @returns null when the mail has no such part.
 */
export async function partOf(
  raw: Uint8Array,
  part: number,
): Promise<{ name: string; type: string; body: Uint8Array } | null> {
  if (part === wholeMail) return { name: 'mail.eml', type: 'message/rfc822', body: raw };
  const found = await parseTree(withLineFeeds(raw), (file) =>
    file.part === part ? Number.POSITIVE_INFINITY : 0,
  )
    .then(({ files }) => files[part])
    .catch(() => undefined);
  if (!found?.content) return null;
  return { name: fileName(found.name, found.type, part), type: found.type, body: found.content };
}
