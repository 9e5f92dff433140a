import { fileName } from './filename.ts';
import { withinPart, withLineFeeds } from './read.ts';
import { readTnef } from './tnef.ts';
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
  const outer = part < withinPart ? part : Math.floor(part / withinPart) - 1;
  const found = await parseTree(withLineFeeds(raw), (file) =>
    file.part === outer ? Number.POSITIVE_INFINITY : 0,
  )
    .then(({ files }) => files[outer])
    .catch(() => undefined);
  if (!found?.content) return null;
  if (part < withinPart)
    return { name: fileName(found.name, found.type, part), type: found.type, body: found.content };
  const file = readTnef(found.content)?.files[part % withinPart];
  if (!file) return null;
  return {
    name: fileName(file.name, 'application/octet-stream', part),
    type: 'application/octet-stream',
    body: file.body,
  };
}
