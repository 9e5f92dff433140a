import type { Readable } from 'node:stream';
import { AppError } from '../../shared/errors.ts';
import type { VisitorFile } from '../../shared/visitor.ts';
import type { Context } from '../context.ts';
import type { FileDoc } from '../files/file.model.ts';
import { invalid } from '../http/validate.ts';
import { maxFileBytes, type Site } from './site.ts';
import { uploaderOf, uploaders } from './visitor.find.ts';
import { shownTo } from './visitor.messages.ts';
import type { VisitorDoc } from './visitor.model.ts';
import { presentUpload } from './visitor.presenter.ts';

/** An upload stays so long: by then its message has a copy of its own. */
const keptMs = 24 * 3_600_000;
const batch = 200;

/**
 * Keeps what a visitor will attach. What it is, its content says; what may do harm is refused.
 * @throws AppError tooLarge; invalid with a sentence
 */
export async function uploadAsVisitor(
  ctx: Context,
  site: Site,
  options: { visitor: VisitorDoc; name: string; bytes: AsyncIterable<Uint8Array> },
): Promise<VisitorFile> {
  const file = await ctx.files.put(options.bytes, {
    name: options.name,
    maxBytes: maxFileBytes(ctx, site),
    authorId: uploaderOf(options.visitor),
    conversationId: null,
  });
  const refusal = refusalOf(file);
  if (!refusal) return presentUpload(file);
  await ctx.files.remove(file._id);
  throw invalid({ file: refusal });
}

function refusalOf(file: FileDoc): string | null {
  if (file.bytes === 0) return 'There is nothing in this file.';
  if (file.danger)
    return `“${file.name}” can run as a program or carry one (${file.danger}); such files are not taken here.`;
  return null;
}

/** @throws AppError notFound, also when it exists and is not this visitor's to see */
export async function fileOfVisitor(ctx: Context, visitor: VisitorDoc, id: string): Promise<FileDoc> {
  const file = await ctx.models.files.findById(id).lean<FileDoc>().exec();
  const theirs =
    file &&
    (file.authorId === uploaderOf(visitor) ||
      (await ctx.models.messages.exists({ ...shownTo(visitor), deletedAt: null, 'attachments.fileId': id })));
  if (!theirs) throw new AppError({ code: 'notFound', message: 'There is no such file.' });
  return file;
}

export async function openVisitorFile(ctx: Context, file: FileDoc): Promise<Readable> {
  return (await ctx.files.open(file._id)).stream;
}

/** Removes uploads whose time is over: a message that carried one has a copy of its own. */
export async function sweepUploads(ctx: Context): Promise<void> {
  const old = await ctx.models.files
    .find(
      {
        authorId: { $gte: uploaders, $lt: `${uploaders}\uffff` },
        createdAt: { $lt: new Date(ctx.now().getTime() - keptMs) },
      },
      { _id: 1 },
    )
    .limit(batch)
    .lean<Pick<FileDoc, '_id'>[]>()
    .exec();
  for (const { _id } of old) await ctx.files.remove(_id);
}
