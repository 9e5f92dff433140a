import type { LetterAddress, OutboundLetter, WholeBody } from '../../connectors/connector.ts';
import type { Letter, LetterCreate, MessageCreate } from '../../shared/message.ts';
import { cleanSubject, givenSubject } from '../../shared/text/subject.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import { channelSettings, connectorOf } from '../channels/runtime.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import type { CustomerDoc, IdentityDoc } from '../customers/customer.model.ts';
import { reached } from '../customers/identity.ts';
import type { FileDoc } from '../files/file.model.ts';
import type { Tx } from './commit.ts';
import { forwardedOf } from './letter.forward.ts';
import { referencesOf, subjectOf, threadSoFar } from './letter.thread.ts';
import { invalid } from './outgoing.ts';

/** What a reply needs on a channel that carries letters. */
export interface ReadyLetter {
  outbound: OutboundLetter;
  /** As the team sees it. */
  shown: Letter;
  /** What leaves: the agent's words and, beneath, what is passed on. */
  text: string;
  /** Files of what is passed on. */
  files: FileDoc[];
  /** The same as `text`, when that is more than the agent's words. */
  whole: WholeBody | null;
}

const mostAddresses = 50;
const longestSubject = 998;

/**
 * Subject, copies and references of a letter, checked: the server decides them, so that every client's letters are alike.
 * @returns null on a channel without letters
 * @throws AppError invalid, with the path of the field that cannot be
 */
export async function readyLetter(
  tx: Tx,
  options: {
    conversation: ConversationDoc;
    channel: ChannelDoc;
    identity: IdentityDoc;
    threadKey: string;
    create: Pick<MessageCreate, 'text' | 'letter'> & { fileIds?: readonly string[] };
  },
): Promise<ReadyLetter | null> {
  const { conversation, channel, identity, threadKey, create } = options;
  const connector = connectorOf(tx.ctx, channel);
  const { letters, maxText, attachments } = connector.manifest.capabilities;
  if (!letters) {
    if (create.letter) throw invalid('letter', 'This channel knows no subject, no copies and no forwarding.');
    return null;
  }
  const asked: LetterCreate = create.letter ?? { subject: '', cc: [], bcc: [] };
  const settings = channelSettings(tx.ctx, channel);
  const from = connector.letterFrom?.(settings) ?? { name: channel.name, address: channel.accountRef };
  const addresses = checkedAddresses(asked, {
    from: from.address,
    address: (text) => connector.address?.(text)?.value ?? null,
  });
  const thread = await threadSoFar(tx, { customerId: conversation.customerId, threadKey });
  const forwarded = asked.forward
    ? await forwardedOf(tx, {
        conversationId: conversation._id,
        messageId: asked.forward.messageId,
        text: create.text,
        maxText,
        maxFiles: (attachments?.perMessage ?? 0) - (create.fileIds?.length ?? 0),
      })
    : null;
  const subject = (
    cleanSubject(asked.subject) ||
    givenSubject({ text: create.text, forwarded: forwarded?.subject, thread: subjectOf(thread) })
  ).slice(0, longestSubject);
  const { cc, bcc, forwardTo } = addresses;
  const bare = (list: readonly string[]): LetterAddress[] => list.map((address) => ({ name: '', address }));
  return {
    outbound: {
      subject,
      cc,
      bcc,
      ...(forwarded ? { forwardTo } : {}),
      references: forwarded ? forwarded.references : referencesOf(thread),
    },
    shown: {
      subject,
      from,
      to: forwarded ? bare(forwardTo) : [await receiver(tx, conversation.customerId, identity)],
      cc: bare(cc),
      bcc: bare(bcc),
      check: null,
      forward: forwarded !== null,
    },
    text: forwarded?.text ?? create.text,
    files: forwarded?.files ?? [],
    whole: forwarded && { text: forwarded.text, html: null },
  };
}

/**
 * Nobody is written to twice: who is in an earlier list is left out of the later ones, and so is the mailbox itself, which a
 * reply to all may name.
 */
function checkedAddresses(
  asked: LetterCreate,
  { from, address }: { from: string; address: (text: string) => string | null },
): { cc: string[]; bcc: string[]; forwardTo: string[] } {
  const seen = new Set<string>();
  const own = address(from);
  const check = (list: readonly string[], path: string) =>
    list.flatMap((text, index) => {
      const value = address(text);
      if (!value) throw invalid(`${path}.${index}`, `“${text}” is not an address this channel can write to.`);
      if (seen.has(value) || (path !== 'letter.forward.to' && value === own)) return [];
      seen.add(value);
      return [value];
    });
  const forwardTo = check(asked.forward?.to ?? [], 'letter.forward.to');
  const cc = check(asked.cc, 'letter.cc');
  const bcc = check(asked.bcc, 'letter.bcc');
  if (seen.size > mostAddresses)
    throw invalid('letter.cc', `A letter goes to at most ${mostAddresses} further addresses.`);
  return { cc, bcc, forwardTo };
}

async function receiver(tx: Tx, customerId: string, identity: IdentityDoc): Promise<LetterAddress> {
  const customer = await tx.models.customers
    .findById(customerId, { name: 1, nameSource: 1 }, { session: tx.session })
    .lean<Pick<CustomerDoc, 'name' | 'nameSource'>>();
  return {
    name: customer && customer.nameSource !== 'address' ? customer.name : '',
    address: reached(identity).value,
  };
}
