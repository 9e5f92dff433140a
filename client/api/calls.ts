import type { ChannelCreate, ChannelDetails, ChannelTest, ChannelUpdate } from '../../shared/channel.ts';
import type { Manifest } from '../../shared/connector.ts';
import type {
  Bootstrap,
  Conversation,
  ConversationBegin,
  ConversationChanges,
  ConversationPage,
  ConversationUpdate,
  Draft,
  TimelineDigest,
  TimelinePage,
  View,
  ViewDigest,
} from '../../shared/conversation.ts';
import type { Customer, CustomerLink, CustomerSummary, Identity } from '../../shared/customer.ts';
import type { InboundPage, InboundState, InboundSummary } from '../../shared/inbound.ts';
import type { DeliveryDecision, Message, MessageCreate } from '../../shared/message.ts';
import type { Me, Preferences, SetUp, User, UserDetails, Welcome } from '../../shared/user.ts';
import type { Http } from './http.ts';

/** A header with its customer and what this person has read of it. */
export interface ConversationAnswer {
  header: Conversation;
  customer: CustomerSummary;
  readSeq: number;
}

export type FoundCustomer = CustomerSummary & { identities: Identity[]; conversationId: string | null };

export interface ViewQuery {
  view: View;
  channelId: string | null;
}

export type TimelineEdge = { before: string } | { after: string } | { around: string } | Record<never, never>;

const at = (...parts: string[]) => `/api/${parts.map(encodeURIComponent).join('/')}`;

/** The whole API, a line each. */
export function callsOver(http: Http) {
  const get = http.call.bind(http);
  const send = <T>(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown) =>
    http.call<T>(path, { method, body });
  return {
    welcome: () => get<Welcome>('/api/welcome', { anonymous: true }),
    setUp: (body: SetUp) => http.call<Me>('/api/setup', { method: 'POST', body, anonymous: true }),
    signIn: (body: { email: string; password: string }) =>
      http.call<Me>('/api/session', { method: 'POST', body, anonymous: true }),
    session: () => get<Me>('/api/session', { anonymous: true }),
    signOut: () => http.call<void>('/api/session', { method: 'DELETE', anonymous: true }),
    updateProfile: (body: { name?: string; preferences?: Partial<Preferences> }) =>
      send<Me>('PATCH', '/api/profile', body),
    changePassword: (body: { current: string; next: string }) =>
      send<void>('POST', '/api/profile/password', body),
    bootstrap: () => get<Bootstrap>('/api/bootstrap'),

    users: () => get<User[]>('/api/users'),
    userDetails: () => get<UserDetails[]>('/api/users'),
    createUser: (body: unknown) => send<UserDetails>('POST', '/api/users', body),
    updateUser: (id: string, body: unknown) => send<UserDetails>('PATCH', at('users', id), body),

    connectors: () => get<Manifest[]>('/api/connectors'),
    channels: () => get<ChannelDetails[]>('/api/channels'),
    createChannel: (body: ChannelCreate) => send<ChannelDetails>('POST', '/api/channels', body),
    updateChannel: (id: string, body: ChannelUpdate) =>
      send<ChannelDetails>('PATCH', at('channels', id), body),
    testChannel: (id: string, peer: string) =>
      send<ChannelTest>('POST', at('channels', id, 'test'), peer ? { peer } : {}),
    channelTest: (id: string) => get<ChannelTest>(at('channels', id, 'test')),
    inbound: (state: InboundState, after: string | null) =>
      get<InboundPage>('/api/inbound', { query: { state, after } }),
    replay: (id: string) => send<InboundSummary>('POST', at('inbound', id, 'replay')),

    conversations: (query: ViewQuery & { after: string | null; limit: number }) =>
      get<ConversationPage>('/api/conversations', { query: { ...query } }),
    viewDigest: (query: ViewQuery & { limit: number }) =>
      get<ViewDigest>('/api/conversations/digest', { query: { ...query } }),
    begin: (body: ConversationBegin) =>
      send<{ header: Conversation; customer: CustomerSummary }>('POST', '/api/conversations', body),
    conversation: (id: string) => get<ConversationAnswer>(at('conversations', id)),
    changes: (id: string, sinceVersion: number) =>
      get<ConversationChanges>(`${at('conversations', id)}/changes`, { query: { sinceVersion } }),
    timelineDigest: (id: string, fromSeq: number) =>
      get<TimelineDigest>(`${at('conversations', id)}/digest`, { query: { fromSeq } }),
    updateConversation: (id: string, body: ConversationUpdate) =>
      send<Conversation>('PATCH', at('conversations', id), body),
    read: (id: string, seq: number) => send<void>('PUT', at('conversations', id, 'read'), { seq }),
    saveDraft: (draft: Draft) => send<void>('PUT', at('conversations', draft.conversationId, 'draft'), draft),
    drafts: () => get<Draft[]>('/api/drafts'),
    createMessage: (id: string, body: MessageCreate) =>
      send<Message>('POST', at('conversations', id, 'messages'), body),
    decide: (message: Pick<Message, 'id' | 'conversationId'>, body: DeliveryDecision) =>
      send<Message>(
        'POST',
        at('conversations', message.conversationId, 'messages', message.id, 'delivery'),
        body,
      ),

    findCustomers: (q: string, limit: number, signal?: AbortSignal) =>
      get<{ customers: FoundCustomer[] }>('/api/customers', {
        query: { q, limit },
        ...(signal && { signal }),
      }),
    customer: (id: string) => get<Customer>(at('customers', id)),
    renameCustomer: (id: string, name: string) => send<Customer>('PATCH', at('customers', id), { name }),
    linkCustomer: (id: string, body: CustomerLink) =>
      send<Customer>('POST', at('customers', id, 'link'), body),
    timeline: (customerId: string, edge: TimelineEdge, limit: number) =>
      get<TimelinePage>(at('customers', customerId, 'timeline'), { query: { ...edge, limit } }),
  };
}

export type Calls = ReturnType<typeof callsOver>;
