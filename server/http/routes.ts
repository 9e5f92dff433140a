import * as z from 'zod/mini';
import {
  AdvocateSettings,
  AdvocateUpdate,
  AdvocateWeights,
  advocateKinds,
  advocateSorts,
  advocateStages,
  scoreParts,
  TestimonialAnswer,
  TestimonialAsk,
} from '../../shared/advocate.ts';
import { ApiKeyCreate } from '../../shared/api-key.ts';
import { CallLog, CallUpdate } from '../../shared/call.ts';
import { CannedReplyCreate, CannedReplyUpdate } from '../../shared/canned.ts';
import { ChannelCreate, ChannelUpdate } from '../../shared/channel.ts';
import { CompanyCreate, CompanyUpdate } from '../../shared/company.ts';
import {
  BulkUpdate,
  ConversationBegin,
  ConversationSplit,
  ConversationUpdate,
  Draft,
} from '../../shared/conversation.ts';
import { ClaimAccept, CustomerCreate, IdentityAdd, IdentityVerify } from '../../shared/customer.ts';
import { customerSorts } from '../../shared/customer-list.ts';
import { FieldCreate, FieldUpdate } from '../../shared/field.ts';
import { ImportDialect, ImportMapping, importKinds } from '../../shared/import.ts';
import { inboundStates } from '../../shared/inbound.ts';
import { HitUpdate, ListenAsk, NotUs, SavedSearchCreate, SavedSearchUpdate } from '../../shared/listening.ts';
import { CustomerMerge, CustomerUnmerge } from '../../shared/merge.ts';
import { DeliveryDecision, MessageCreate } from '../../shared/message.ts';
import { ConsentPut, CustomerChange } from '../../shared/profile.ts';
import { MissingField, QualityIgnore, QualitySettings, qualityProblems } from '../../shared/quality.ts';
import { RecordCreate, RecordUpdate, recordKinds } from '../../shared/record.ts';
import {
  CouponCodes,
  CouponListCreate,
  CouponListUpdate,
  RewardDecide,
  RewardGive,
  reportTables,
  rewardStates,
} from '../../shared/reward.ts';
import { SegmentAsk, SegmentCreate, SegmentUpdate } from '../../shared/segment.ts';
import { SentimentCorrection } from '../../shared/sentiment.ts';
import { TagCreate, TagUpdate } from '../../shared/tag.ts';
import { TeamCreate, TeamUpdate } from '../../shared/team.ts';
import { PasswordChange, ProfileUpdate, SetUp, SignIn, UserCreate, UserUpdate } from '../../shared/user.ts';
import { VerificationCheck, VerificationStart } from '../../shared/verification.ts';
import { SavedViewCreate, SavedViewUpdate, ViewKey } from '../../shared/view.ts';
import { showWay } from '../advocates/advocate.contact.ts';
import { getAdvocate, listEvidence } from '../advocates/advocate.detail.ts';
import { listAdvocates } from '../advocates/advocate.list.ts';
import {
  changeAdvocateSettings,
  previewWeights,
  readAdvocateSettings,
} from '../advocates/advocate.preview.ts';
import { updateAdvocate } from '../advocates/advocate.update.ts';
import { makeReferralCode } from '../advocates/referral.ts';
import { askTestimonial, listTestimonials, recordTestimonial } from '../advocates/testimonial.service.ts';
import * as apiKeys from '../api/api-key.service.ts';
import { logCall } from '../calls/call.log.ts';
import { updateCall } from '../calls/call.update.ts';
import * as canned from '../canned/canned.service.ts';
import * as channels from '../channels/channel.service.ts';
import { directions, listFailures, Replay, replayFailures } from '../channels/failures.ts';
import { channelTemplates } from '../channels/templates.ts';
import { latestChannelTest, startChannelTest } from '../channels/test.ts';
import { conversationWindows } from '../channels/window.ts';
import * as companies from '../companies/company.service.ts';
import { bringBack } from '../conversations/conversation.bring.ts';
import { conversationChanges } from '../conversations/conversation.changes.ts';
import { timelineDigest } from '../conversations/conversation.digest.ts';
import { listConversations, viewDigest } from '../conversations/conversation.list.ts';
import { bootstrap, getConversation } from '../conversations/conversation.service.ts';
import { splitConversation } from '../conversations/conversation.split.ts';
import { updateConversations } from '../conversations/conversation.update.ts';
import { listDrafts, saveDraft } from '../conversations/draft.ts';
import { markRead } from '../conversations/read.ts';
import { acceptClaim, dismissClaim } from '../customers/claim.ts';
import { putConsent } from '../customers/consent.ts';
import { contactPoints } from '../customers/contact.points.ts';
import { listCustomers } from '../customers/customer.list.ts';
import { listMerges } from '../customers/customer.merge.journal.ts';
import { previewMerge } from '../customers/customer.merge.preview.ts';
import { getCustomer } from '../customers/customer.service.ts';
import { historyQuery } from '../customers/history.query.ts';
import { addIdentityByAgent } from '../customers/identity.add.ts';
import { blockIdentity } from '../customers/identity.block.ts';
import { markIdentity } from '../customers/identity.reach.ts';
import { removeIdentity } from '../customers/identity.remove.ts';
import { verifyByAgent } from '../customers/identity.verify.ts';
import * as profile from '../customers/profile.service.ts';
import * as duplicates from '../duplicates/duplicate.service.ts';
import * as fields from '../fields/field.service.ts';
import { firstYear, holidaysOf, lastYear, thisJalaliYear } from '../holidays/holidays.ts';
import { removeImport } from '../imports/import.remove.ts';
import * as imports from '../imports/import.service.ts';
import { listInbound, replayInbound } from '../inbound/inbound.service.ts';
import { convertHit } from '../listening/convert.ts';
import { getHit, listHits } from '../listening/hit.list.ts';
import { bringBackHit, teachAway } from '../listening/hit.teach.ts';
import { updateHit } from '../listening/hit.update.ts';
import { previewSearch } from '../listening/saved.preview.ts';
import * as saved from '../listening/saved.service.ts';
import { listSpikes, seeSpike } from '../listening/spike.service.ts';
import { topAuthors, volumeOf } from '../listening/volume.ts';
import { presentMessage } from '../messages/message.presenter.ts';
import { timeline } from '../messages/timeline.ts';
import { wholeMessage } from '../messages/whole.ts';
import { listPosts } from '../posts/post.service.ts';
import { postThread } from '../posts/post.thread.ts';
import { qualityBoard } from '../quality/board.ts';
import * as quality from '../quality/quality.service.ts';
import * as records from '../records/record.service.ts';
import { advocateSummary } from '../reports/advocates.summary.ts';
import { periodOf } from '../reports/period.ts';
import * as coupons from '../rewards/coupon.service.ts';
import { decideReward, undoReward } from '../rewards/reward.decide.ts';
import { giveReward } from '../rewards/reward.give.ts';
import { listRewards } from '../rewards/reward.list.ts';
import { searchQuery } from '../search/search.query.ts';
import { search } from '../search/search.service.ts';
import { segmentProducts } from '../segments/segment.products.ts';
import * as segments from '../segments/segment.service.ts';
import * as tags from '../tags/tag.service.ts';
import * as teams from '../teams/team.service.ts';
import { welcome } from '../users/setup.ts';
import { createUser } from '../users/user.create.ts';
import { presentMe, presentUserDetails } from '../users/user.presenter.ts';
import { changePassword, updateProfile, updateUser } from '../users/user.service.ts';
import { checkVerification, listVerifications } from '../verifications/verification.check.ts';
import { startVerification } from '../verifications/verification.start.ts';
import * as views from '../views/view.service.ts';
import * as advocates from './answers.advocates.ts';
import * as answer from './answers.ts';
import { type Route, route } from './route.ts';
import {
  channelKind,
  filterQuery,
  idsQuery,
  parse,
  ruleQuery,
  timelineQuery,
  whole,
  word,
} from './validate.ts';

const view = z._default(
  z.pipe(
    ViewKey,
    z.transform((key) => key as ViewKey),
  ),
  'all',
);
const channelId = z.optional(word);
const List = z.object({
  view,
  channelId,
  filter: filterQuery,
  after: z.optional(word),
  limit: whole({ min: 1, max: 50, fallback: 50 }),
});
const Digest = z.object({
  view,
  channelId,
  filter: filterQuery,
  limit: whole({ min: 1, max: 200, fallback: 50 }),
});
const Changes = z.object({ sinceVersion: whole({ min: 0, max: 1e15, fallback: 0 }) });
const FromSeq = z.object({ fromSeq: whole({ min: 0, max: 1e15, fallback: 0 }) });
const Read = z.object({ seq: z.number().check(z.int(), z.nonnegative()) });
const Block = z.object({ blocked: z.boolean() });
const Reach = z.object({ unreachable: z.boolean() });
const Year = z.object({ year: whole({ min: firstYear, max: lastYear, fallback: 0 }) });
const Failures = z.object({ direction: z._default(z.enum(directions), 'in'), after: z.optional(word) });
const Search = z.object({
  q: z._default(z.string().check(z.maxLength(200)), ''),
  limit: whole({ min: 1, max: 50, fallback: 20 }),
});
const With = z.object({ with: word });
const Inbound = z.object({ state: z._default(z.enum(inboundStates), 'failed'), after: z.optional(word) });
const Test = z.object({ peer: z.optional(z.string().check(z.trim(), z.maxLength(200))) });
const Queue = z.object({
  state: z._default(z.enum(['open', 'dismissed']), 'open'),
  after: z.optional(word),
  limit: whole({ min: 1, max: 50, fallback: 20 }),
});
const Rows = z.object({ after: z.optional(word), limit: whole({ min: 1, max: 100, fallback: 50 }) });
const problemOf = (param: (name: string) => string) =>
  parse(z.object({ problem: z.enum(qualityProblems) }), { problem: param('problem') }).problem;
const missingOf = (param: (name: string) => string) =>
  parse(z.object({ field: MissingField }), { field: param('field') }).field;
const Upload = z.object({ name: z._default(z.string().check(z.maxLength(400)), 'file') });
const Images = z.object({ images: z._default(z.enum(['none', 'remote']), 'none') });
const Download = z.object({ download: z.optional(z.string()), sure: z.optional(z.string()) });
/** Of a file that people read. */
const InLanguage = z.object({ language: z.optional(z.enum(['fa', 'en'])) });
const RecordList = z.object({
  kind: z.optional(z.enum(recordKinds)),
  after: z.optional(word),
  limit: whole({ min: 1, max: 100, fallback: 50 }),
});
const ImportUpload = z.object({
  kind: z.enum(importKinds),
  name: z._default(z.string().check(z.maxLength(400)), 'table.csv'),
});
const After = z.object({ after: z.optional(word) });
const ImportCheck = z.object({ mapping: ImportMapping });
const ImportRead = z.object({ dialect: ImportDialect });
const FromRow = z.object({ after: whole({ min: 0, max: 1e15, fallback: 0 }) });

const Posts = z.object({ ids: idsQuery });
const Thread = z.object({ before: z.optional(word), limit: whole({ min: 1, max: 100, fallback: 50 }) });
const Window = z.object({ after: z.optional(word), limit: whole({ min: 1, max: 100, fallback: 30 }) });
const CustomerList = z.object({
  segmentId: z.optional(word),
  filter: ruleQuery,
  sort: z._default(z.enum(customerSorts), 'lastAt'),
  after: z.optional(word),
  limit: whole({ min: 1, max: 100, fallback: 50 }),
});
const Hits = z.extend(ListenAsk, {
  after: z.optional(word),
  limit: whole({ min: 1, max: 100, fallback: 30 }),
});
const Companies = z.object({
  q: z._default(z.string().check(z.maxLength(120)), ''),
  archived: z.optional(z.string()),
  after: z.optional(word),
  limit: whole({ min: 1, max: 100, fallback: 50 }),
});

const moment = z.optional(z.iso.datetime({ offset: true }));
const Period = z.object({ from: moment, to: moment });
const Advocates = z.object({
  stage: z.optional(z.enum(advocateStages)),
  kind: z.optional(z.enum(advocateKinds)),
  channelId,
  product: z.optional(z.string().check(z.maxLength(300))),
  sort: z._default(z.enum(advocateSorts), 'score'),
  q: z._default(z.string().check(z.maxLength(120)), ''),
  segmentId: z.optional(word),
  after: z.optional(word),
  limit: whole({ min: 1, max: 100, fallback: 50 }),
});
const EvidenceOf = z.object({
  part: z.optional(z.enum(scoreParts)),
  after: z.optional(word),
  limit: whole({ min: 1, max: 100, fallback: 20 }),
});
const Preview = z.object({ weights: AdvocateWeights });
const Rewards = z.object({
  customerId: z.optional(word),
  state: z.optional(z.enum(rewardStates)),
  after: z.optional(word),
  limit: whole({ min: 1, max: 100, fallback: 50 }),
});
const Report = z.object({
  from: moment,
  to: moment,
  channelId: z.optional(word),
  product: z.optional(word),
  format: z.optional(z.literal('csv')),
  table: z.optional(z.enum(reportTables)),
  language: z.optional(z.enum(['fa', 'en'])),
});

/** The whole API: method, path, who may, what is parsed, what is done. */
// biome-ignore format: one line a route is what makes it a table
export function apiRoutes(deps: answer.Deps): Route[] {
  return [
    route('GET', '/welcome', 'public', { run: ({ ctx }) => welcome(ctx, deps.demo) }),
    route('POST', '/setup', 'public', { body: SetUp, run: (call) => answer.setUp(call, deps) }),
    route('POST', '/session', 'public', { body: SignIn, run: (call) => answer.signIn(call, deps) }),
    route('GET', '/session', 'signedIn', { run: async ({ me }) => presentMe(me.user) }),
    route('DELETE', '/session', 'signedIn', { run: (call) => answer.signOut(call, deps) }),
    route('PATCH', '/profile', 'signedIn', { body: ProfileUpdate, run: async ({ ctx, me, body }) => presentMe(await updateProfile(ctx, me, body)) }),
    route('POST', '/profile/password', 'signedIn', { body: PasswordChange, run: ({ ctx, me, body }) => changePassword(ctx, me, { form: body, throttles: deps.throttles }) }),
    route('GET', '/bootstrap', 'conversation.read', { run: ({ ctx, viewer }) => bootstrap(ctx, viewer) }),

    route('GET', '/users', 'user.read', { run: answer.listUsers }),
    route('POST', '/users', 'user.manage', { body: UserCreate, run: async ({ ctx, viewer, body }) => presentUserDetails(await createUser(ctx, viewer, body)) }),
    route('PATCH', '/users/:id', 'user.manage', { body: UserUpdate, run: async ({ ctx, viewer, body, param }) => presentUserDetails(await updateUser(ctx, viewer, { id: param('id'), change: body })) }),

    route('GET', '/teams', 'user.read', { run: ({ ctx, viewer }) => teams.listTeams(ctx, viewer) }),
    route('POST', '/teams', 'team.manage', { body: TeamCreate, run: ({ ctx, viewer, body }) => teams.createTeam(ctx, viewer, body) }),
    route('PATCH', '/teams/:id', 'team.manage', { body: TeamUpdate, run: ({ ctx, viewer, body, param }) => teams.updateTeam(ctx, viewer, { id: param('id'), change: body }) }),
    route('GET', '/tags', 'conversation.read', { run: ({ ctx, viewer }) => tags.listTags(ctx, viewer) }),
    route('POST', '/tags', 'tag.create', { body: TagCreate, run: ({ ctx, viewer, body }) => tags.createTag(ctx, viewer, body) }),
    route('PATCH', '/tags/:id', 'tag.manage', { body: TagUpdate, run: ({ ctx, viewer, body, param }) => tags.updateTag(ctx, viewer, { id: param('id'), change: body }) }),
    route('GET', '/views', 'conversation.read', { run: ({ ctx, viewer }) => views.listViews(ctx, viewer) }),
    route('POST', '/views', 'canned.write', { body: SavedViewCreate, run: ({ ctx, viewer, body }) => views.createView(ctx, viewer, body) }),
    route('PATCH', '/views/:id', 'canned.write', { body: SavedViewUpdate, run: ({ ctx, viewer, body, param }) => views.updateView(ctx, viewer, { id: param('id'), change: body }) }),
    route('DELETE', '/views/:id', 'canned.write', { run: ({ ctx, viewer, param }) => views.deleteView(ctx, viewer, param('id')) }),
    route('GET', '/canned', 'conversation.write', { run: ({ ctx, viewer }) => canned.listCanned(ctx, viewer) }),
    route('POST', '/canned', 'canned.write', { body: CannedReplyCreate, run: ({ ctx, viewer, body }) => canned.createCanned(ctx, viewer, body) }),
    route('PATCH', '/canned/:id', 'canned.write', { body: CannedReplyUpdate, run: ({ ctx, viewer, body, param }) => canned.updateCanned(ctx, viewer, { id: param('id'), change: body }) }),
    route('DELETE', '/canned/:id', 'canned.write', { run: ({ ctx, viewer, param }) => canned.deleteCanned(ctx, viewer, param('id')) }),
    route('POST', '/canned/:id/used', 'conversation.write', { run: ({ ctx, viewer, param }) => canned.usedCanned(ctx, viewer, param('id')) }),

    route('GET', '/holidays', 'channel.read', { query: Year, run: async ({ query }) => holidaysOf(query.year || thisJalaliYear()) }),
    route('GET', '/connectors', 'channel.read', { run: async ({ ctx, viewer }) => channels.listConnectors(ctx, viewer) }),
    route('GET', '/channels', 'channel.manage', { run: ({ ctx, viewer }) => channels.listChannels(ctx, viewer) }),
    route('POST', '/channels', 'channel.manage', { body: ChannelCreate, run: ({ ctx, viewer, body }) => channels.createChannel(ctx, viewer, body) }),
    route('PATCH', '/channels/:id', 'channel.manage', { body: ChannelUpdate, run: ({ ctx, viewer, body, param }) => channels.updateChannel(ctx, viewer, { id: param('id'), change: body }) }),
    route('POST', '/channels/:id/test', 'channel.manage', { body: Test, run: ({ ctx, viewer, body, param }) => startChannelTest(ctx, viewer, { channelId: param('id'), peer: body.peer || null, signal: deps.closing }) }),
    route('GET', '/channels/:id/test', 'channel.manage', { run: ({ ctx, viewer, param }) => latestChannelTest(ctx, viewer, param('id')) }),

    route('GET', '/channels/:id/failures', 'channel.manage', { query: Failures, run: ({ ctx, viewer, query, param }) => listFailures(ctx, viewer, { channelId: param('id'), ...query }) }),
    route('POST', '/channels/:id/replay', 'channel.manage', { body: Replay, run: ({ ctx, viewer, body, param }) => replayFailures(ctx, viewer, { channelId: param('id'), ...body }) }),

    route('GET', '/inbound', 'inbound.read', { query: Inbound, run: ({ ctx, viewer, query }) => listInbound(ctx, viewer, { state: query.state, ...(query.after && { after: query.after }) }) }),
    route('POST', '/inbound/:id/replay', 'inbound.replay', { run: ({ ctx, viewer, param }) => replayInbound(ctx, viewer, param('id')) }),

    route('GET', '/conversations', 'conversation.read', { query: List, run: ({ ctx, viewer, query }) => listConversations(ctx, viewer, { ...query, channelId: query.channelId ?? null, after: query.after ?? null }) }),
    route('GET', '/conversations/digest', 'conversation.read', { query: Digest, run: ({ ctx, viewer, query }) => viewDigest(ctx, viewer, { ...query, channelId: query.channelId ?? null }) }),
    route('POST', '/conversations', 'conversation.write', { body: ConversationBegin, run: answer.begin }),
    route('POST', '/conversations/bulk', 'conversation.write', { body: BulkUpdate, run: ({ ctx, viewer, body }) => updateConversations(ctx, viewer, body) }),
    route('GET', '/conversations/:id', 'conversation.read', { run: ({ ctx, viewer, param }) => getConversation(ctx, viewer, param('id')) }),
    route('GET', '/conversations/:id/changes', 'conversation.read', { query: Changes, run: ({ ctx, viewer, query, param }) => conversationChanges(ctx, viewer, { id: param('id'), ...query }) }),
    route('GET', '/conversations/:id/digest', 'conversation.read', { query: FromSeq, run: ({ ctx, viewer, query, param }) => timelineDigest(ctx, viewer, { id: param('id'), ...query }) }),
    route('GET', '/posts', 'conversation.read', { query: Posts, run: ({ ctx, viewer, query }) => listPosts(ctx, viewer, query.ids) }),
    route('GET', '/posts/:id', 'conversation.read', { query: Thread, run: ({ ctx, viewer, query, param }) => postThread(ctx, viewer, { id: param('id'), before: query.before ?? null, limit: query.limit }) }),
    route('GET', '/posts/:id/pictures/:n', 'conversation.read', { run: answer.showPicture }),
    route('GET', '/conversations/:id/windows', 'conversation.read', { run: ({ ctx, viewer, param }) => conversationWindows(ctx, viewer, param('id')) }),
    route('GET', '/channels/:id/templates', 'conversation.write', { run: ({ ctx, viewer, param }) => channelTemplates(ctx, viewer, param('id')) }),

    route('PATCH', '/conversations/:id', 'conversation.write', { body: ConversationUpdate, run: answer.updateConversation }),
    route('POST', '/conversations/:id/split', 'conversation.write', { body: ConversationSplit, run: ({ ctx, viewer, body, param }) => splitConversation(ctx, viewer, { conversationId: param('id'), split: body }) }),
    route('POST', '/conversations/:id/bring-back', 'conversation.write', { run: ({ ctx, viewer, param }) => bringBack(ctx, viewer, { conversationId: param('id') }) }),
    route('PUT', '/conversations/:id/read', 'conversation.read', { body: Read, run: ({ ctx, viewer, body, param }) => markRead(ctx, viewer, { id: param('id'), seq: body.seq }) }),
    route('PUT', '/conversations/:id/draft', 'conversation.write', { body: Draft, run: ({ ctx, viewer, body, param }) => saveDraft(ctx, viewer, { id: param('id'), draft: body }) }),
    route('GET', '/drafts', 'conversation.read', { run: ({ ctx, viewer }) => listDrafts(ctx, viewer) }),
    route('POST', '/conversations/:id/messages', 'conversation.write', { body: MessageCreate, run: answer.createMessage }),
    route('GET', '/conversations/:id/messages/:mid/whole', 'conversation.read', { run: ({ ctx, viewer, param }) => wholeMessage(ctx, viewer, { conversationId: param('id'), messageId: param('mid') }) }),
    route('GET', '/conversations/:id/messages/:mid/whole.html', 'conversation.read', { query: Images, run: answer.showWhole }),
    route('PUT', '/conversations/:id/messages/:mid/sentiment', 'conversation.write', { body: SentimentCorrection, run: answer.sentiment }),
    route('POST', '/conversations/:id/messages/:mid/delivery', 'conversation.write', { body: DeliveryDecision, run: answer.decide }),

    route('POST', '/customers/:id/identities', 'customer.write', { body: IdentityAdd, run: ({ ctx, viewer, body, param }) => addIdentityByAgent(ctx, viewer, { customerId: param('id'), ...body }) }),
    route('DELETE', '/customers/:id/identities/:iid', 'customer.write', { run: ({ ctx, viewer, param }) => removeIdentity(ctx, viewer, { customerId: param('id'), identityId: param('iid') }) }),
    route('POST', '/customers/:id/identities/:iid/verify', 'customer.write', { body: IdentityVerify, run: ({ ctx, viewer, body, param }) => verifyByAgent(ctx, viewer, { customerId: param('id'), identityId: param('iid'), reason: body.reason }) }),
    route('GET', '/customers/:id/verifications', 'customer.read', { run: ({ ctx, viewer, param }) => listVerifications(ctx, viewer, param('id')) }),
    route('POST', '/customers/:id/verifications', 'customer.write', { body: VerificationStart, run: ({ ctx, viewer, body, param }) => startVerification(ctx, viewer, { customerId: param('id'), start: body }) }),
    route('POST', '/customers/:id/verifications/:vid', 'customer.write', { body: VerificationCheck, run: ({ ctx, viewer, body, param }) => checkVerification(ctx, viewer, { customerId: param('id'), verificationId: param('vid'), code: body.code }) }),
    route('POST', '/claims/:id/dismiss', 'customer.write', { run: ({ ctx, viewer, param }) => dismissClaim(ctx, viewer, { id: param('id'), dismissed: true }) }),
    route('POST', '/claims/:id/restore', 'customer.write', { run: ({ ctx, viewer, param }) => dismissClaim(ctx, viewer, { id: param('id'), dismissed: false }) }),
    route('POST', '/claims/:id/accept', 'customer.write', { body: ClaimAccept, run: ({ ctx, viewer, body, param }) => acceptClaim(ctx, viewer, { id: param('id'), reason: body.reason }) }),
    route('GET', '/api-keys', 'apiKey.manage', { run: ({ ctx, viewer }) => apiKeys.listApiKeys(ctx, viewer) }),
    route('POST', '/api-keys', 'apiKey.manage', { body: ApiKeyCreate, run: ({ ctx, viewer, body }) => apiKeys.createApiKey(ctx, viewer, body) }),
    route('DELETE', '/api-keys/:id', 'apiKey.manage', { run: ({ ctx, viewer, param }) => apiKeys.revokeApiKey(ctx, viewer, param('id')) }),
    route('PUT', '/identities/:id/reach', 'customer.write', { body: Reach, run: ({ ctx, viewer, body, param }) => markIdentity(ctx, viewer, { identityId: param('id'), unreachable: body.unreachable }) }),
    route('PUT', '/identities/:id/block', 'conversation.write', { body: Block, run: ({ ctx, viewer, body, param }) => blockIdentity(ctx, viewer, { identityId: param('id'), blocked: body.blocked }) }),

    route('GET', '/search', 'signedIn', { query: searchQuery, run: ({ ctx, me, query }) => search(ctx, me.viewer, { ...query, after: query.after ?? null, unwanted: query.spam === '1' }) }),

    route('GET', '/customers', 'customer.read', { query: Search, run: answer.findCustomers }),
    route('POST', '/customers', 'customer.write', { body: CustomerCreate, run: ({ ctx, viewer, body }) => profile.createCustomer(ctx, viewer, body) }),
    route('GET', '/customers/list', 'customer.read', { query: CustomerList, run: ({ ctx, viewer, query }) => listCustomers(ctx, viewer, { segmentId: query.segmentId ?? null, filter: query.filter ?? null, sort: query.sort, after: query.after ?? null, limit: query.limit }) }),
    route('GET', '/customers/:id', 'customer.read', { run: ({ ctx, viewer, param }) => getCustomer(ctx, viewer, param('id')) }),
    route('GET', '/customers/:id/ways', 'conversation.write', { run: ({ ctx, viewer, param }) => contactPoints(ctx, viewer, param('id')) }),
    route('PATCH', '/customers/:id', 'customer.write', { body: CustomerChange, run: ({ ctx, viewer, body, param }) => profile.updateCustomer(ctx, viewer, { id: param('id'), change: body }) }),
    route('GET', '/customers/:id/edits', 'customer.read', { query: Window, run: ({ ctx, viewer, query, param }) => profile.listEdits(ctx, viewer, { id: param('id'), after: query.after ?? null, limit: query.limit }) }),
    route('POST', '/customers/:id/edits/:eid/undo', 'customer.write', { run: ({ ctx, viewer, param }) => profile.undoEdit(ctx, viewer, { id: param('id'), editId: param('eid') }) }),
    route('PUT', '/customers/:id/consents/:kind', 'customer.write', { body: ConsentPut, run: ({ ctx, viewer, body, param }) => putConsent(ctx, viewer, { id: param('id'), kind: channelKind(param('kind')), put: body }) }),
    route('GET', '/customers/:id/merge', 'customer.link', { query: With, run: ({ ctx, viewer, query, param }) => previewMerge(ctx, viewer, { intoId: param('id'), otherId: query.with }) }),
    route('POST', '/customers/:id/merge', 'customer.link', { body: CustomerMerge, run: answer.merge }),
    route('GET', '/customers/:id/merges', 'customer.read', { run: ({ ctx, viewer, param }) => listMerges(ctx, viewer, { customerId: param('id') }) }),
    route('POST', '/customers/:id/unmerge', 'customer.link', { body: CustomerUnmerge, run: answer.unmerge }),
    route('GET', '/customers/:id/history', 'customer.read', { query: historyQuery, run: (call) => answer.showHistory(call) }),
    route('GET', '/customers/:id/records', 'customer.read', { query: RecordList, run: ({ ctx, viewer, query, param }) => records.listRecords(ctx, viewer, { customerId: param('id'), ...query }) }),
    route('POST', '/customers/:id/records', 'record.write', { body: RecordCreate, run: ({ ctx, viewer, body, param }) => records.createRecord(ctx, viewer, { customerId: param('id'), form: body }) }),
    route('PATCH', '/records/:id', 'record.write', { body: RecordUpdate, run: ({ ctx, viewer, body, param }) => records.updateRecord(ctx, viewer, { id: param('id'), update: body }) }),
    route('DELETE', '/records/:id', 'record.write', { run: ({ ctx, viewer, param }) => records.deleteRecord(ctx, viewer, param('id')) }),
    route('GET', '/customers/:id/timeline', 'conversation.read', { query: timelineQuery, run: ({ ctx, viewer, query, param }) => timeline(ctx, viewer, { customerId: param('id'), ...query }) }),

    route('GET', '/imports', 'customer.import', { query: After, run: ({ ctx, viewer, query }) => imports.listImports(ctx, viewer, query.after ?? null) }),
    route('POST', '/imports', 'customer.import', { query: ImportUpload, raw: true, run: ({ ctx, viewer, query, request }) => imports.uploadImport(ctx, viewer, { ...query, bytes: request, length: Number(request.headers['content-length'] ?? 0) }) }),
    route('GET', '/imports/:id', 'customer.import', { run: ({ ctx, viewer, param }) => imports.getImport(ctx, viewer, param('id')) }),
    route('DELETE', '/imports/:id', 'customer.import', { run: ({ ctx, viewer, param }) => removeImport(ctx, viewer, param('id')) }),
    route('GET', '/imports/:id/errors', 'customer.import', { query: FromRow, run: ({ ctx, viewer, query, param }) => imports.importErrors(ctx, viewer, { id: param('id'), after: query.after }) }),
    route('GET', '/imports/:id/errors.csv', 'customer.import', { query: InLanguage, run: (call) => answer.errorsAsCsv(call) }),
    route('POST', '/imports/:id/read', 'customer.import', { body: ImportRead, run: ({ ctx, viewer, body, param }) => imports.readImport(ctx, viewer, { id: param('id'), dialect: body.dialect }) }),
    route('POST', '/imports/:id/check', 'customer.import', { body: ImportCheck, run: ({ ctx, viewer, body, param }) => imports.checkImport(ctx, viewer, { id: param('id'), mapping: body.mapping }) }),
    route('POST', '/imports/:id/run', 'customer.import', { run: ({ ctx, viewer, param }) => imports.turnImport(ctx, viewer, { id: param('id'), turn: 'run' }) }),
    route('POST', '/imports/:id/pause', 'customer.import', { run: ({ ctx, viewer, param }) => imports.turnImport(ctx, viewer, { id: param('id'), turn: 'pause' }) }),
    route('POST', '/imports/:id/resume', 'customer.import', { run: ({ ctx, viewer, param }) => imports.turnImport(ctx, viewer, { id: param('id'), turn: 'resume' }) }),
    route('POST', '/imports/:id/undo', 'customer.import', { run: ({ ctx, viewer, param }) => imports.turnImport(ctx, viewer, { id: param('id'), turn: 'undo' }) }),

    route('GET', '/fields', 'customer.read', { run: ({ ctx, viewer }) => fields.listFields(ctx, viewer) }),
    route('POST', '/fields', 'field.manage', { body: FieldCreate, run: ({ ctx, viewer, body }) => fields.createField(ctx, viewer, body) }),
    route('PATCH', '/fields/:id', 'field.manage', { body: FieldUpdate, run: ({ ctx, viewer, body, param }) => fields.updateField(ctx, viewer, { id: param('id'), change: body }) }),
    route('GET', '/companies', 'customer.read', { query: Companies, run: ({ ctx, viewer, query }) => companies.listCompanies(ctx, viewer, { q: query.q, archived: query.archived === '1', after: query.after ?? null, limit: query.limit }) }),
    route('GET', '/companies/:id', 'customer.read', { run: ({ ctx, viewer, param }) => companies.getCompany(ctx, viewer, param('id')) }),
    route('POST', '/companies', 'customer.write', { body: CompanyCreate, run: ({ ctx, viewer, body }) => companies.createCompany(ctx, viewer, body) }),
    route('PATCH', '/companies/:id', 'customer.write', { body: CompanyUpdate, run: ({ ctx, viewer, body, param }) => companies.updateCompany(ctx, viewer, { id: param('id'), change: body }) }),
    route('GET', '/segments', 'customer.read', { run: ({ ctx, viewer }) => segments.listSegments(ctx, viewer) }),
    route('POST', '/segments', 'segment.write', { body: SegmentCreate, run: ({ ctx, viewer, body }) => segments.createSegment(ctx, viewer, body) }),
    route('POST', '/segments/count', 'customer.read', { body: SegmentAsk, run: ({ ctx, viewer, body }) => segments.countRule(ctx, viewer, body.rule) }),
    route('GET', '/segments/products', 'customer.read', { run: ({ ctx, viewer }) => segmentProducts(ctx, viewer) }),
    route('GET', '/segments/:id', 'customer.read', { run: ({ ctx, viewer, param }) => segments.getSegment(ctx, viewer, param('id')) }),
    route('PATCH', '/segments/:id', 'segment.write', { body: SegmentUpdate, run: ({ ctx, viewer, body, param }) => segments.updateSegment(ctx, viewer, { id: param('id'), change: body }) }),
    route('DELETE', '/segments/:id', 'segment.write', { run: ({ ctx, viewer, param }) => segments.deleteSegment(ctx, viewer, param('id')) }),
    route('POST', '/segments/:id/restore', 'segment.write', { run: ({ ctx, viewer, param }) => segments.restoreSegment(ctx, viewer, param('id')) }),

    route('GET', '/duplicates', 'customer.link', { query: Queue, run: ({ ctx, viewer, query }) => duplicates.listDuplicates(ctx, viewer, { ...query, after: query.after ?? null }) }),
    route('GET', '/duplicates/count', 'customer.link', { run: async ({ ctx, viewer }) => ({ count: await duplicates.countDuplicates(ctx, viewer) }) }),
    route('POST', '/duplicates/:id/dismiss', 'customer.link', { run: ({ ctx, viewer, param }) => duplicates.dismissDuplicate(ctx, viewer, param('id')) }),
    route('POST', '/duplicates/:id/restore', 'customer.link', { run: ({ ctx, viewer, param }) => duplicates.restoreDuplicate(ctx, viewer, param('id')) }),
    route('GET', '/customers/:id/duplicates', 'customer.read', { run: ({ ctx, viewer, param }) => duplicates.duplicatesOf(ctx, viewer, param('id')) }),
    route('GET', '/quality', 'quality.read', { run: ({ ctx, viewer }) => qualityBoard(ctx, viewer) }),
    route('GET', '/quality/settings', 'quality.read', { run: ({ ctx, viewer }) => quality.readQualitySettings(ctx, viewer) }),
    route('PUT', '/quality/settings', 'field.manage', { body: QualitySettings, run: ({ ctx, viewer, body }) => quality.changeQualitySettings(ctx, viewer, body) }),
    route('GET', '/quality/:problem', 'quality.read', { query: Rows, run: ({ ctx, viewer, query, param }) => quality.problemRows(ctx, viewer, { problem: problemOf(param), ...query, after: query.after ?? null }) }),
    route('GET', '/quality/missing/:field', 'quality.read', { query: Rows, run: ({ ctx, viewer, query, param }) => quality.missingRows(ctx, viewer, { field: missingOf(param), ...query, after: query.after ?? null }) }),
    route('PUT', '/customers/:id/problems/:problem', 'customer.write', { body: QualityIgnore, run: ({ ctx, viewer, body, param }) => quality.ignoreProblem(ctx, viewer, { customerId: param('id'), problem: problemOf(param), ...body }) }),

    route('POST', '/calls', 'conversation.write', { body: CallLog, run: async ({ ctx, viewer, body }) => presentMessage(await logCall(ctx, viewer, body)) }),
    route('PATCH', '/calls/:id', 'conversation.write', { body: CallUpdate, run: async ({ ctx, viewer, body, param }) => presentMessage(await updateCall(ctx, viewer, { id: param('id'), change: body })) }),
    route('GET', '/conversations/:id/messages/:mid/recording', 'conversation.read', { run: answer.recording }),

    route('GET', '/listening/searches', 'listening.read', { run: ({ ctx, viewer }) => saved.listSearches(ctx, viewer) }),
    route('POST', '/listening/searches', 'listening.manage', { body: SavedSearchCreate, run: ({ ctx, viewer, body }) => saved.createSearch(ctx, viewer, body) }),
    route('POST', '/listening/searches/preview', 'listening.manage', { body: SavedSearchCreate, run: ({ ctx, viewer, body }) => previewSearch(ctx, viewer, body) }),
    route('PATCH', '/listening/searches/:id', 'listening.manage', { body: SavedSearchUpdate, run: ({ ctx, viewer, body, param }) => saved.updateSearch(ctx, viewer, { id: param('id'), update: body }) }),
    route('GET', '/listening/hits', 'listening.read', { query: Hits, run: ({ ctx, viewer, query: { after, limit, ...ask } }) => listHits(ctx, viewer, { ask, after: after ?? null, limit }) }),
    route('GET', '/listening/hits/:id', 'listening.read', { run: ({ ctx, viewer, param }) => getHit(ctx, viewer, param('id')) }),
    route('PATCH', '/listening/hits/:id', 'listening.read', { body: HitUpdate, run: ({ ctx, viewer, body, param }) => updateHit(ctx, viewer, { id: param('id'), update: body }) }),
    route('POST', '/listening/hits/:id/not-us', 'listening.write', { body: NotUs, run: ({ ctx, viewer, body, param }) => teachAway(ctx, viewer, { id: param('id'), searchId: body.searchId ?? null }) }),
    route('DELETE', '/listening/hits/:id/not-us', 'listening.write', { query: NotUs, run: ({ ctx, viewer, query, param }) => bringBackHit(ctx, viewer, { id: param('id'), searchId: query.searchId ?? null }) }),
    route('POST', '/listening/hits/:id/convert', 'listening.write', { run: ({ ctx, viewer, param }) => convertHit(ctx, viewer, param('id')) }),
    route('GET', '/listening/volume', 'listening.read', { query: ListenAsk, run: ({ ctx, viewer, me, query }) => volumeOf(ctx, viewer, { ask: query, timeZone: presentMe(me.user).preferences.timeZone }) }),
    route('GET', '/listening/authors', 'listening.read', { query: ListenAsk, run: ({ ctx, viewer, query }) => topAuthors(ctx, viewer, query) }),
    route('GET', '/listening/spikes', 'listening.read', { query: After, run: ({ ctx, viewer, query }) => listSpikes(ctx, viewer, query.after ?? null) }),
    route('POST', '/listening/spikes/:id/seen', 'listening.read', { run: ({ ctx, viewer, param }) => seeSpike(ctx, viewer, param('id')) }),

    route('GET', '/advocates', 'advocate.read', { query: Advocates, run: ({ ctx, viewer, query }) => listAdvocates(ctx, viewer, { ...query, stage: query.stage ?? null, kind: query.kind ?? null, channelId: query.channelId ?? null, product: query.product ?? null, segmentId: query.segmentId ?? null, after: query.after ?? null }) }),
    route('GET', '/advocates/summary', 'advocate.read', { query: Period, run: ({ ctx, viewer, query }) => advocateSummary(ctx, viewer, periodOf({ from: query.from ?? null, to: query.to ?? null }, ctx.now())) }),
    route('GET', '/advocates/settings', 'advocate.read', { run: ({ ctx, viewer }) => readAdvocateSettings(ctx, viewer) }),
    route('PUT', '/advocates/settings', 'advocate.manage', { body: AdvocateSettings, run: ({ ctx, viewer, body }) => changeAdvocateSettings(ctx, viewer, body) }),
    route('POST', '/advocates/settings/preview', 'advocate.manage', { body: Preview, run: ({ ctx, viewer, body }) => previewWeights(ctx, viewer, body.weights) }),
    route('GET', '/advocates/testimonials', 'advocate.read', { run: ({ ctx, viewer }) => listTestimonials(ctx, viewer) }),
    route('POST', '/advocates/testimonials', 'advocate.write', { body: TestimonialAsk, run: ({ ctx, viewer, body }) => askTestimonial(ctx, viewer, body) }),
    route('PATCH', '/advocates/testimonials/:id', 'advocate.write', { body: TestimonialAnswer, run: ({ ctx, viewer, body, param }) => recordTestimonial(ctx, viewer, { id: param('id'), answer: body }) }),
    route('GET', '/advocates/:customerId', 'advocate.read', { run: ({ ctx, viewer, param }) => getAdvocate(ctx, viewer, param('customerId')) }),
    route('GET', '/advocates/:customerId/evidence', 'advocate.read', { query: EvidenceOf, run: ({ ctx, viewer, query, param }) => listEvidence(ctx, viewer, { customerId: param('customerId'), part: query.part ?? null, after: query.after ?? null, limit: query.limit }) }),
    route('PATCH', '/advocates/:customerId', 'advocate.write', { body: AdvocateUpdate, run: ({ ctx, viewer, body, param }) => updateAdvocate(ctx, viewer, { customerId: param('customerId'), update: body }) }),
    route('POST', '/advocates/:customerId/referral-code', 'advocate.write', { run: ({ ctx, viewer, param }) => makeReferralCode(ctx, viewer, param('customerId')) }),
    route('GET', '/advocates/:customerId/way', 'advocate.read', { run: ({ ctx, viewer, param }) => showWay(ctx, viewer, param('customerId')) }),
    route('POST', '/advocates/:customerId/start', 'advocate.write', { run: (call) => advocates.startContact(call) }),
    route('GET', '/rewards', 'advocate.read', { query: Rewards, run: ({ ctx, viewer, query }) => listRewards(ctx, viewer, { customerId: query.customerId ?? null, state: query.state ?? null, after: query.after ?? null, limit: query.limit }) }),
    route('POST', '/rewards', 'reward.give', { body: RewardGive, run: ({ ctx, viewer, body }) => giveReward(ctx, viewer, body) }),
    route('POST', '/rewards/:id/decide', 'reward.approve', { body: RewardDecide, run: ({ ctx, viewer, body, param }) => decideReward(ctx, viewer, { id: param('id'), decide: body }) }),
    route('POST', '/rewards/:id/undo', 'advocate.read', { run: ({ ctx, viewer, param }) => undoReward(ctx, viewer, param('id')) }),
    route('GET', '/coupon-lists', 'advocate.read', { run: ({ ctx, viewer }) => coupons.listCouponLists(ctx, viewer) }),
    route('POST', '/coupon-lists', 'advocate.manage', { body: CouponListCreate, run: ({ ctx, viewer, body }) => coupons.createCouponList(ctx, viewer, body) }),
    route('PATCH', '/coupon-lists/:id', 'advocate.manage', { body: CouponListUpdate, run: ({ ctx, viewer, body, param }) => coupons.updateCouponList(ctx, viewer, { id: param('id'), update: body }) }),
    route('POST', '/coupon-lists/:id/codes', 'advocate.manage', { body: CouponCodes, run: ({ ctx, viewer, body, param }) => coupons.addCouponCodes(ctx, viewer, { id: param('id'), codes: body.codes }) }),
    route('GET', '/reports/advocates', 'report.read', { query: Report, run: (call) => advocates.showAdvocateReport(call) }),

    route('POST', '/files', 'conversation.write', { query: Upload, raw: true, run: answer.upload }),
    route('GET', '/files/:id', 'conversation.read', { query: Download, run: answer.download }),
  ];
}
