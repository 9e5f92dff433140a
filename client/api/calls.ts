import type { CannedReply, CannedReplyCreate, CannedReplyUpdate } from '../../shared/canned.ts';
import type {
  ChannelCreate,
  ChannelDetails,
  ChannelFailurePage,
  ChannelTest,
  ChannelUpdate,
  ReplayResult,
} from '../../shared/channel.ts';
import type { Manifest } from '../../shared/connector.ts';
import type {
  Bootstrap,
  BulkResult,
  BulkUpdate,
  Conversation,
  ConversationBegin,
  ConversationChanges,
  ConversationPage,
  ConversationSplit,
  ConversationUpdate,
  Draft,
  SplitResult,
  TimelineDigest,
  TimelinePage,
  ViewDigest,
} from '../../shared/conversation.ts';
import type { Customer, CustomerSummary, Identity } from '../../shared/customer.ts';
import type { Holiday } from '../../shared/hours.ts';
import type { InboundPage, InboundState, InboundSummary } from '../../shared/inbound.ts';
import type { CustomerMerge, MergeEntry, MergePreview } from '../../shared/merge.ts';
import type { DeliveryDecision, Message, MessageCreate } from '../../shared/message.ts';
import type { Tag, TagCreate, TagUpdate } from '../../shared/tag.ts';
import type { Team, TeamCreate, TeamUpdate } from '../../shared/team.ts';
import type { Me, Preferences, SetUp, User, UserDetails, Welcome } from '../../shared/user.ts';
import type { SavedView, SavedViewCreate, ViewFilter, ViewKey } from '../../shared/view.ts';
import type { WidgetConfig } from '../../shared/visitor.ts';
import { advocateCalls } from './advocate-calls.ts';
import { at } from './at.ts';
import { careCalls } from './care-calls.ts';
import { customerCalls } from './customer-calls.ts';
import { dataCalls } from './data-calls.ts';
import type { Http } from './http.ts';
import { listeningCalls } from './listening-calls.ts';
import { reportCalls } from './report-calls.ts';
import { segmentCalls } from './segment-calls.ts';
import { socialCalls } from './social-calls.ts';

/** A header with its customer and what this person has read of it. */
export interface ConversationAnswer {
  header: Conversation;
  customer: CustomerSummary;
  readSeq: number;
}

export type FoundCustomer = CustomerSummary & { identities: Identity[]; conversationId: string | null };

/** What a list shows: a view, or in its place a filter that nobody has saved; a channel narrows either. */
export interface ViewQuery {
  view: ViewKey;
  channelId: string | null;
  filter: ViewFilter | null;
}

/** The body of a message that the stream shows only the new part of. */
export interface WholeMessage {
  text: string;
  hasHtml: boolean;
  /** How many pictures its layout would fetch from elsewhere. */
  remoteImages: number;
}

const wire = ({ filter, ...query }: ViewQuery) => ({ ...query, filter: filter && JSON.stringify(filter) });

/** The rich body as a document of its own, for a sandboxed frame. */
export const wholePageOf = (message: Pick<Message, 'id' | 'conversationId'>, remoteImages: boolean) =>
  `${at('conversations', message.conversationId, 'messages', message.id, 'whole.html')}?images=${remoteImages ? 'remote' : 'none'}`;

export type TimelineEdge = { before: string } | { after: string } | { around: string } | Record<never, never>;

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
    /** What visitors of a site are given: the settings with their defaults. */
    widgetConfig: (site: string) => get<WidgetConfig>(`/chat/${encodeURIComponent(site)}/config`),
    createChannel: (body: ChannelCreate) => send<ChannelDetails>('POST', '/api/channels', body),
    updateChannel: (id: string, body: ChannelUpdate) =>
      send<ChannelDetails>('PATCH', at('channels', id), body),
    testChannel: (id: string, peer: string) =>
      send<ChannelTest>('POST', at('channels', id, 'test'), peer ? { peer } : {}),
    channelTest: (id: string) => get<ChannelTest>(at('channels', id, 'test')),
    failures: (id: string, direction: 'in' | 'out', after: string | null) =>
      get<ChannelFailurePage>(at('channels', id, 'failures'), { query: { direction, after } }),
    replayChannel: (id: string, body: { direction: 'in' | 'out'; ids?: string[] }) =>
      http.call<ReplayResult>(at('channels', id, 'replay'), { method: 'POST', body, patience: 60_000 }),
    holidays: (year: number) => get<Holiday[]>('/api/holidays', { query: { year } }),

    teams: () => get<Team[]>('/api/teams'),
    createTeam: (body: TeamCreate) => send<Team>('POST', '/api/teams', body),
    updateTeam: (id: string, body: TeamUpdate) => send<Team>('PATCH', at('teams', id), body),
    tags: () => get<Tag[]>('/api/tags'),
    createTag: (body: TagCreate) => send<Tag>('POST', '/api/tags', body),
    updateTag: (id: string, body: TagUpdate) => send<Tag>('PATCH', at('tags', id), body),
    views: () => get<SavedView[]>('/api/views'),
    createView: (body: SavedViewCreate) => send<SavedView>('POST', '/api/views', body),
    updateView: (id: string, body: Partial<SavedViewCreate>) =>
      send<SavedView>('PATCH', at('views', id), body),
    deleteView: (id: string) => send<void>('DELETE', at('views', id)),
    canned: () => get<CannedReply[]>('/api/canned'),
    createCanned: (body: CannedReplyCreate) => send<CannedReply>('POST', '/api/canned', body),
    updateCanned: (id: string, body: CannedReplyUpdate) => send<CannedReply>('PATCH', at('canned', id), body),
    deleteCanned: (id: string) => send<void>('DELETE', at('canned', id)),
    usedCanned: (id: string) => send<void>('POST', at('canned', id, 'used')),
    block: (identityId: string, blocked: boolean) =>
      send<Identity>('PUT', at('identities', identityId, 'block'), { blocked }),

    inbound: (state: InboundState, after: string | null) =>
      get<InboundPage>('/api/inbound', { query: { state, after } }),
    replay: (id: string) => send<InboundSummary>('POST', at('inbound', id, 'replay')),

    conversations: (query: ViewQuery & { after: string | null; limit: number }) =>
      get<ConversationPage>('/api/conversations', {
        query: { ...wire(query), after: query.after, limit: query.limit },
      }),
    viewDigest: (query: ViewQuery & { limit: number }) =>
      get<ViewDigest>('/api/conversations/digest', { query: { ...wire(query), limit: query.limit } }),
    begin: (body: ConversationBegin) =>
      send<{ header: Conversation; customer: CustomerSummary }>('POST', '/api/conversations', body),
    conversation: (id: string) => get<ConversationAnswer>(at('conversations', id)),
    changes: (id: string, sinceVersion: number) =>
      get<ConversationChanges>(`${at('conversations', id)}/changes`, { query: { sinceVersion } }),
    timelineDigest: (id: string, fromSeq: number) =>
      get<TimelineDigest>(`${at('conversations', id)}/digest`, { query: { fromSeq } }),
    updateConversation: (id: string, body: ConversationUpdate) =>
      send<Conversation>('PATCH', at('conversations', id), body),
    bulk: (body: BulkUpdate) =>
      // Up to two hundred commits stand behind it.
      http.call<BulkResult>('/api/conversations/bulk', { method: 'POST', body, patience: 60_000 }),
    split: (id: string, body: ConversationSplit) =>
      send<SplitResult>('POST', at('conversations', id, 'split'), body),
    bringBack: (id: string) => send<SplitResult>('POST', at('conversations', id, 'bring-back')),
    whole: ({ id, conversationId }: Pick<Message, 'id' | 'conversationId'>) =>
      get<WholeMessage>(at('conversations', conversationId, 'messages', id, 'whole')),
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
    renameCustomer: async (id: string, name: string) =>
      (await send<{ customer: Customer }>('PATCH', at('customers', id), { name })).customer,
    mergePreview: (id: string, otherId: string) =>
      get<MergePreview>(at('customers', id, 'merge'), { query: { with: otherId } }),
    mergeCustomer: (id: string, body: CustomerMerge) =>
      send<{ customer: Customer; linkId: string | null }>('POST', at('customers', id, 'merge'), body),
    merges: (id: string) => get<{ merges: MergeEntry[] }>(at('customers', id, 'merges')),
    unmergeCustomer: (id: string, linkId: string) =>
      send<{ survivor: Customer; restored: Customer; winners: CustomerMerge['winners'] }>(
        'POST',
        at('customers', id, 'unmerge'),
        { linkId },
      ),
    timeline: (customerId: string, edge: TimelineEdge, limit: number) =>
      get<TimelinePage>(at('customers', customerId, 'timeline'), { query: { ...edge, limit } }),
    ...customerCalls(http),
    ...careCalls(http),
    ...dataCalls(http),
    ...segmentCalls(http),
    ...listeningCalls(http),
    ...reportCalls(http),
    ...socialCalls(http),
    ...advocateCalls(http),
  };
}

export type Calls = ReturnType<typeof callsOver>;
