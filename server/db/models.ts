import type { Connection } from 'mongoose';
import {
  advocateDueModel,
  advocateModel,
  advocateSettingsModel,
  detractorModel,
  evidenceModel,
  referralCodeModel,
} from '../advocates/advocate.model.ts';
import { testimonialModel } from '../advocates/testimonial.model.ts';
import { apiAnswerModel, apiKeyModel } from '../api/api-key.model.ts';
import { cannedModel } from '../canned/canned.model.ts';
import { channelHealthModel, channelModel } from '../channels/channel.model.ts';
import { companyModel } from '../companies/company.model.ts';
import { conversationModel, draftModel, readModel, routeModel } from '../conversations/conversation.model.ts';
import { consentModel } from '../customers/consent.model.ts';
import { claimModel, customerModel, identityModel, linkModel } from '../customers/customer.model.ts';
import { editModel } from '../customers/edit.model.ts';
import { factsDueModel, factsModel } from '../customers/facts.model.ts';
import { compareDueModel, duplicateModel } from '../duplicates/duplicate.model.ts';
import { fieldModel } from '../fields/field.model.ts';
import { fileModel } from '../files/file.model.ts';
import { importModel, importRowModel } from '../imports/import.model.ts';
import { inboundModel } from '../inbound/inbound.model.ts';
import { laneModel, leaseModel } from '../lanes/lane.model.ts';
import { authorModel } from '../listening/author.ts';
import { hitHourModel, hitModel, spikeModel } from '../listening/hit.model.ts';
import { mentionModel } from '../listening/mention.model.ts';
import { savedSearchModel } from '../listening/saved.model.ts';
import { bodyModel } from '../messages/body.ts';
import { messageModel, partModel, tombstoneModel } from '../messages/message.model.ts';
import { postModel } from '../posts/post.model.ts';
import { ignoredModel, qualitySettingsModel } from '../quality/quality.model.ts';
import { recordModel } from '../records/record.model.ts';
import { balanceModel, couponCodeModel, couponListModel, rewardModel } from '../rewards/reward.model.ts';
import { searchBlockModel, searchStateModel, searchTailModel } from '../search/search.model.ts';
import { segmentModel } from '../segments/segment.model.ts';
import { sentimentLabelModel } from '../sentiment/label.model.ts';
import { tagModel } from '../tags/tag.model.ts';
import { teamModel } from '../teams/team.model.ts';
import { loginModel, organisationModel, sessionModel, userModel } from '../users/user.model.ts';
import { verificationModel } from '../verifications/verification.model.ts';
import { savedViewModel } from '../views/view.model.ts';
import { visitorModel } from '../visitors/visitor.model.ts';
import { nameModel } from './name.model.ts';

/** Every collection that mongoose speaks to, bound to one connection. */
export function createModels(db: Connection) {
  return {
    inbound: inboundModel(db),
    customers: customerModel(db),
    identities: identityModel(db),
    claims: claimModel(db),
    links: linkModel(db),
    edits: editModel(db),
    consents: consentModel(db),
    fields: fieldModel(db),
    companies: companyModel(db),
    segments: segmentModel(db),
    facts: factsModel(db),
    factsDue: factsDueModel(db),
    records: recordModel(db),
    imports: importModel(db),
    importRows: importRowModel(db),
    conversations: conversationModel(db),
    routes: routeModel(db),
    reads: readModel(db),
    drafts: draftModel(db),
    messages: messageModel(db),
    tombstones: tombstoneModel(db),
    parts: partModel(db),
    bodies: bodyModel(db),
    posts: postModel(db),
    lanes: laneModel(db),
    leases: leaseModel(db),
    channels: channelModel(db),
    channelHealth: channelHealthModel(db),
    users: userModel(db),
    logins: loginModel(db),
    sessions: sessionModel(db),
    organisation: organisationModel(db),
    files: fileModel(db),
    visitors: visitorModel(db),
    names: nameModel(db),
    teams: teamModel(db),
    tags: tagModel(db),
    views: savedViewModel(db),
    canned: cannedModel(db),
    duplicates: duplicateModel(db),
    comparesDue: compareDueModel(db),
    ignored: ignoredModel(db),
    qualitySettings: qualitySettingsModel(db),
    searchState: searchStateModel(db),
    searchTails: searchTailModel(db),
    searchBlocks: searchBlockModel(db),
    verifications: verificationModel(db),
    sentimentLabels: sentimentLabelModel(db),
    apiKeys: apiKeyModel(db),
    apiAnswers: apiAnswerModel(db),
    authors: authorModel(db),
    mentions: mentionModel(db),
    savedSearches: savedSearchModel(db),
    hits: hitModel(db),
    hitHours: hitHourModel(db),
    spikes: spikeModel(db),
    evidence: evidenceModel(db),
    advocates: advocateModel(db),
    advocatesDue: advocateDueModel(db),
    advocateSettings: advocateSettingsModel(db),
    referralCodes: referralCodeModel(db),
    detractors: detractorModel(db),
    testimonials: testimonialModel(db),
    rewards: rewardModel(db),
    rewardBalances: balanceModel(db),
    couponLists: couponListModel(db),
    couponCodes: couponCodeModel(db),
  };
}

export type Models = ReturnType<typeof createModels>;
