import type { CallLog, CallUpdate } from '../../shared/call.ts';
import type { Message } from '../../shared/message.ts';
import type { MessageTemplate, MessageWindow, Post, PostThread } from '../../shared/post.ts';
import type { SentimentCorrection } from '../../shared/sentiment.ts';
import { at } from './at.ts';
import type { Http } from './http.ts';

/** What is asked about public posts, windows, templates, sentiment and telephone calls, a line each. */
export function socialCalls(http: Http) {
  const get = http.call.bind(http);
  const send = <T>(method: 'POST' | 'PUT' | 'PATCH', path: string, body: unknown) =>
    http.call<T>(path, { method, body });
  return {
    /** Those of the named that there are and that the viewer may see. */
    posts: (ids: readonly string[]) => get<Post[]>('/api/posts', { query: { ids: ids.join(',') } }),
    postThread: (id: string, before: string | null) =>
      get<PostThread>(at('posts', id), { query: { before } }),
    windows: (conversationId: string) => get<MessageWindow[]>(at('conversations', conversationId, 'windows')),
    templates: (channelId: string) => get<MessageTemplate[]>(at('channels', channelId, 'templates')),
    correctSentiment: (
      { id, conversationId }: Pick<Message, 'id' | 'conversationId'>,
      body: SentimentCorrection,
    ) => send<Message>('PUT', at('conversations', conversationId, 'messages', id, 'sentiment'), body),
    logCall: (body: CallLog) => send<Message>('POST', '/api/calls', body),
    updateCall: (messageId: string, body: CallUpdate) => send<Message>('PATCH', at('calls', messageId), body),
  };
}

/** The sound of a call, for a player. */
export const recordingOf = ({ id, conversationId }: Pick<Message, 'id' | 'conversationId'>) =>
  at('conversations', conversationId, 'messages', id, 'recording');
