import type { LetterAddress } from '../../connectors/connector.ts';
import { AppError } from '../../shared/errors.ts';
import type { IdentityDoc } from '../customers/customer.model.ts';
import type { FileDoc } from '../files/file.model.ts';
import { findOrganisation } from '../users/organisation.ts';
import type { OrganisationDoc } from '../users/user.model.ts';
import { readBody } from './body.ts';
import type { Tx } from './commit.ts';
import { ownId } from './letter.thread.ts';
import type { MessageDoc } from './message.model.ts';
import { invalid } from './outgoing.ts';

/** A message made ready to be passed on. */
export interface Forwarded {
  /** The agent's words, and the original beneath a block that says whose it is. */
  text: string;
  files: FileDoc[];
  /** Of the original; null when it is no letter. */
  subject: string | null;
  references: string[];
}

const words = {
  en: {
    begin: '---------- Forwarded message ----------',
    from: 'From',
    date: 'Date',
    subject: 'Subject',
    to: 'To',
    cc: 'Cc',
    cut: '[The rest of the message is too long and was left out.]',
    leftOut: (name: string) => `[The attachment “${name}” may be harmful and was left out.]`,
  },
  fa: {
    begin: '---------- پیام هدایت‌شده ----------',
    from: 'از',
    date: 'تاریخ',
    subject: 'موضوع',
    to: 'به',
    cc: 'رونوشت',
    cut: '[ادامهٔ پیام بلندتر از آن بود که بیاید.]',
    leftOut: (name: string) => `[پیوست «${name}» شاید زیان‌بار باشد و فرستاده نشد.]`,
  },
} as const;

/**
 * The original as text with all its files, but those that may do harm. Its layout stays behind: what is passed on is what was said.
 * @throws AppError invalid when it is not of this conversation; conflict while its files are being fetched
 */
export async function forwardedOf(
  tx: Tx,
  options: { conversationId: string; messageId: string; text: string; maxText: number; maxFiles: number },
): Promise<Forwarded> {
  const { conversationId, messageId, text, maxText, maxFiles } = options;
  const { session, models, ctx } = tx;
  const original = await models.messages
    .findOne({ _id: messageId, conversationId, kind: 'message', deletedAt: null }, null, { session })
    .lean<MessageDoc>();
  if (!original) throw invalid('letter.forward.messageId', 'That message is not one of this conversation.');
  if (original.attachments.some((attachment) => attachment.state === 'pending'))
    throw new AppError({
      code: 'conflict',
      message: 'The files of that message are still being fetched: try again in a moment.',
    });
  const harmless = original.attachments.filter((one) => one.fileId && !one.danger);
  const attached = harmless.filter((one) => !one.inline);
  // Pictures of the layout, which stays behind, go along while there is room.
  const pictures = harmless.filter((one) => one.inline).slice(0, Math.max(0, maxFiles - attached.length));
  const ids = [...attached, ...pictures].map((one) => one.fileId);
  const found = await models.files.find({ _id: { $in: ids } }, null, { session }).lean<FileDoc[]>();
  const files = ids.flatMap((id) => found.find((file) => file._id === id) ?? []);
  const said = (await readBody(ctx, original._id))?.text ?? original.text;
  const language = isPersian(`${text}\n${said}`) ? 'fa' : 'en';
  const t = words[language];
  const head = [
    t.begin,
    ...(await headOf(tx, original, { language, organisation: await findOrganisation(ctx) })),
    '',
  ].join('\n');
  const leftOut = original.attachments.filter((one) => one.danger).map((one) => t.leftOut(one.name));
  const before = text.trim() ? `${text.trimEnd()}\n\n${head}` : head;
  const after = leftOut.map((line) => `\n\n${line}`).join('');
  const room = Math.max(0, maxText - before.length - after.length - t.cut.length - 4);
  const quoted = said.length > room ? `${wholeUnits(said.slice(0, room))}\n\n${t.cut}` : said;
  const id = ownId(original);
  return {
    text: `${before}\n${quoted}${after}`,
    files,
    subject: original.letter?.subject ?? null,
    references: id ? [id] : [],
  };
}

async function headOf(
  tx: Tx,
  original: MessageDoc,
  how: { language: 'en' | 'fa'; organisation: OrganisationDoc | null },
): Promise<string[]> {
  const t = words[how.language];
  const { letter } = original;
  const from = letter ? spelt(letter.from) : await writerOf(tx, original);
  const line = (name: string, value: string) => (value ? [`${name}: ${value}`] : []);
  return [
    ...line(t.from, from),
    ...line(t.date, dateOf(original.at, how)),
    ...line(t.subject, letter?.subject ?? ''),
    ...line(t.to, (letter?.to ?? []).map(spelt).join(', ')),
    ...line(t.cc, (letter?.cc ?? []).map(spelt).join(', ')),
  ];
}

/** Of what is no letter: the customer's address, when they wrote it. */
async function writerOf(tx: Tx, { direction, identityId }: MessageDoc): Promise<string> {
  if (direction !== 'in' || !identityId) return '';
  const identity = await tx.models.identities
    .findById(identityId, { display: 1 }, { session: tx.session })
    .lean<Pick<IdentityDoc, 'display'>>();
  return identity?.display ?? '';
}

const spelt = ({ name, address }: LetterAddress) => (name ? `${name} <${address}>` : address);

function dateOf(at: Date, how: Parameters<typeof headOf>[2]): string {
  const { language, organisation } = how;
  const calendar = organisation?.calendar === 'gregorian' ? 'gregory' : 'persian';
  const locale = language === 'fa' ? `fa-IR-u-ca-${calendar}` : 'en-GB';
  const timeZone = organisation?.timeZone ?? 'Asia/Tehran';
  return new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'short', timeZone }).format(at);
}

function isPersian(text: string): boolean {
  const sample = text.slice(0, 4_000);
  const count = (pattern: RegExp) => sample.match(pattern)?.length ?? 0;
  return count(/\p{Script=Arabic}/gu) > count(/\p{Script=Latin}/gu);
}

/** A text cut in two leaves no half of a character. */
const wholeUnits = (text: string) => text.replace(/[\uD800-\uDBFF]$/, '');
