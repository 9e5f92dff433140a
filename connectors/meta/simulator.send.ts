import { type GraphAnswered, type GraphRequest, type GraphRoute, no, ok } from './simulator.graph.ts';
import type { SimulatedComment, SimulatedPost } from './simulator.posts.ts';
import type { SimulatedPerson, Talk, TalkMessage } from './simulator.talk.ts';

const hour = 3_600_000;

export const closed = no(403, {
  code: 10,
  subcode: 2018278,
  message: '(#10) This message is sent outside of allowed window.',
});
export const unavailable = no(400, {
  code: 551,
  subcode: 1545041,
  message: '(#551) This person isn’t available right now.',
});
const nobody = no(400, { code: 100, subcode: 2018001, message: '(#100) No matching user found.' });
const wrong = (message: string): GraphAnswered => no(400, { code: 100, message: `(#100) ${message}` });

type Said = SimulatedComment | SimulatedPost;
type Fields = Readonly<Record<string, unknown>>;
const object = (value: unknown): Fields =>
  value !== null && typeof value === 'object' ? (value as Fields) : {};

/** The Send API, the upload of attachments, and the conversations as they are read. */
export function talkRoutes(
  talk: () => Talk,
  options: {
    page: string;
    appId: string;
    /** Null when a text is short enough, else what Meta says. */
    tooLong(text: string): boolean;
    /** A comment, or what a visitor posted. */
    said(id: string): Said | undefined;
  },
): GraphRoute[] {
  const { page, appId } = options;
  const at = (edge: string): RegExp => new RegExp(`^/${page}/${edge}$`);
  return [
    { name: 'messages', method: 'POST', path: at('messages'), sends: true, handle: send },
    { name: 'message_attachments', method: 'POST', path: at('message_attachments'), handle: upload },
    {
      name: 'subscribed_apps',
      method: 'POST',
      path: at('subscribed_apps'),
      handle: () => ok({ success: true }),
    },
    { name: 'conversations', method: 'GET', path: at('conversations'), handle: conversations },
    { name: 'conversation', method: 'GET', path: /^\/t_(\d+)\/messages$/, handle: conversation },
  ];

  function send({ fields }: GraphRequest): GraphAnswered {
    const recipient = object(fields.recipient);
    const message = object(fields.message);
    const named = recipient.comment_id ?? recipient.post_id;
    const found = named === undefined ? undefined : options.said(String(named));
    // A post is no comment, and the other way round.
    const comment = found && 'post' in found === (recipient.comment_id !== undefined) ? found : undefined;
    if (named !== undefined && !comment) return wrong('The comment or post does not exist.');
    const person = talk().people.get(comment?.author ?? String(recipient.id ?? ''));
    if (!person) return nobody;
    if (person.blocked) return unavailable;
    const refused = comment ? refusedReply(comment) : refusedByWindow(person, fields);
    if (refused) return refused;
    const text = typeof message.text === 'string' ? message.text : '';
    const attachment = object(object(message.attachment).payload).attachment_id;
    if (!text && attachment === undefined) return wrong('Message must have text or an attachment.');
    if (options.tooLong(text)) return wrong('Length of param message[text] is too long.');
    if (attachment !== undefined && !talk().graph.media.get(String(attachment)))
      return wrong('The attachment could not be found.');
    if (comment) comment.answeredPrivately = true;
    return accept(person, {
      text,
      attachment: attachment === undefined ? null : String(attachment),
      metadata: message.metadata,
    });
  }

  function accept(
    person: SimulatedPerson,
    said: { text: string; attachment: string | null; metadata: unknown },
  ): GraphAnswered {
    const { text, attachment } = said;
    const metadata = typeof said.metadata === 'string' ? said.metadata : '';
    const { graph } = talk();
    const files = attachment ? [attachment] : [];
    const written = talk().answers(person, { text, files, app: appId, ...(metadata ? { metadata } : {}) });
    const sendRef = metadata.replace(/^yekja:/, '');
    const entry = talk().record(person, {
      mid: written.mid,
      text,
      at: written.at,
      direction: 'toCustomer',
      files: files.flatMap((id) => graph.media.get(id) ?? []),
      ...(sendRef ? { sendRef } : {}),
    });
    talk().receipts(person, written);
    graph.sent.tell(entry);
    return ok({ recipient_id: person.id, message_id: written.mid });
  }

  function refusedByWindow(person: SimulatedPerson, fields: Fields): GraphAnswered | null {
    const since = person.lastWroteAt
      ? talk().graph.now().getTime() - person.lastWroteAt.getTime()
      : Number.POSITIVE_INFINITY;
    if (since <= 24 * hour) return null;
    const tagged = fields.messaging_type === 'MESSAGE_TAG' && fields.tag === 'HUMAN_AGENT';
    return tagged && since <= 168 * hour ? null : closed;
  }

  function refusedReply(comment: Said): GraphAnswered | null {
    if (comment.answeredPrivately)
      return no(400, { code: 10900, message: '(#10900) Activity already replied to' });
    return talk().graph.now().getTime() - comment.at.getTime() > 168 * hour ? closed : null;
  }

  function upload({ uploads, fields }: GraphRequest): GraphAnswered {
    const file = uploads.filedata;
    if (!file || typeof fields.message !== 'string') return wrong('No file was uploaded.');
    return ok({ attachment_id: talk().graph.media.put(file) });
  }

  function conversations({ query }: GraphRequest): GraphAnswered {
    const wanted = talk().options.messenger ? 'messenger' : 'instagram';
    if ((query.get('platform') ?? 'messenger') !== wanted) return ok({ data: [] });
    const threads = [...talk().threads.entries()]
      .map(([person, messages]) => ({ person, messages, at: messages.at(-1)?.at.getTime() ?? 0 }))
      .sort((a, b) => b.at - a.at);
    return paged(threads, query, ({ person, messages, at }) => ({
      id: `t_${person}`,
      updated_time: iso(new Date(at)),
      messages: pageOf(messages.toReversed(), { limit: 25, after: 0 }, (message) => told(person, message)),
    }));
  }

  function conversation({ match, query }: GraphRequest): GraphAnswered {
    const person = match[1] ?? '';
    const messages = (talk().threads.get(person) ?? []).toReversed();
    return paged(messages, query, (message) => told(person, message));
  }

  function told(person: string, message: TalkMessage): Record<string, unknown> {
    const { account } = talk().options;
    const who = talk().people.get(person);
    const [customer, us] = [{ id: person, name: who?.name, username: who?.username }, { id: account }];
    return {
      id: message.mid,
      created_time: iso(message.at),
      from: message.own ? us : customer,
      to: { data: [message.own ? customer : us] },
      message: message.text,
      ...attachmentsOf(talk(), message),
    };
  }
}

/** As the reference of a message has them. */
export function attachmentsOf(talk: Talk, message: TalkMessage): Record<string, unknown> {
  if (message.media.length === 0) return {};
  const data = message.media.map(({ id, type }) => {
    const file = talk.graph.media.get(id);
    const url = talk.graph.media.link(id);
    const link =
      type === 'image'
        ? { image_data: { url, width: 1, height: 1 } }
        : type === 'video'
          ? { video_data: { url } }
          : { file_url: url };
    return { id, mime_type: file?.type, name: file?.name, size: file?.body.byteLength, ...link };
  });
  return { attachments: { data } };
}

/** Seconds alone, as the Graph API writes times. */
export const iso = (at: Date): string => at.toISOString().replace(/\.\d{3}Z$/, '+0000');

/** An edge, page by page. */
export function paged<T>(all: T[], query: URLSearchParams, present: (one: T) => unknown): GraphAnswered {
  const limit = Math.min(100, Number(query.get('limit')) || 25);
  return ok(pageOf(all, { limit, after: Number(query.get('after')) || 0 }, present));
}

export function pageOf<T>(
  all: T[],
  at: { limit: number; after: number },
  present: (one: T) => unknown,
): unknown {
  const end = at.after + at.limit;
  const cursors = { before: String(at.after), after: String(end) };
  const more = end < all.length ? { next: 'https://graph.facebook.com/next' } : {};
  return { data: all.slice(at.after, end).map(present), paging: { cursors, ...more } };
}
