import type { InboundCall } from '../../connectors/connector.ts';
import { mintCid } from '../../shared/text/cid.ts';
import type { Context } from '../context.ts';
import { blankMessage } from '../conversations/conversation.line.ts';
import type { NewMessage, Tx } from '../messages/commit.ts';
import { attachmentDoc } from '../messages/intake.attachments.ts';
import { clamped, findAbout } from '../messages/intake.find.ts';
import { placeFor } from '../messages/intake.place.ts';
import { type Arrival, done, type Outcome, type Step } from '../messages/intake.step.ts';
import { cleanText } from '../messages/intake.text.ts';
import type { AttachmentDoc, CallDoc } from '../messages/message.model.ts';
import { partId, recordParts } from '../messages/parts.ts';
import { agentNamed } from './call.agent.ts';
import { changeCall } from './call.change.ts';
import { type Heard, mergedCall } from './call.merge.ts';
import { enterCall, meetCaller } from './call.place.ts';
import { recordingState } from './call.recording.ts';

/** A note of the telephone system's; an agent's own may be longer. */
const longestNote = 5000;

interface Minted {
  cid: string;
  conversationId: string;
  messageId: string;
  lineId: string;
  attachmentId: string;
}

/** One event of a telephone call: all of one call make one message, whatever order they come in. */
export function callStep(ctx: Context, arrival: Arrival, event: InboundCall): Step {
  const minted: Minted = {
    cid: mintCid(ctx.random),
    conversationId: ctx.uuid(),
    messageId: ctx.uuid(),
    lineId: ctx.uuid(),
    attachmentId: ctx.uuid(),
  };
  return async (tx) => {
    const found = await findAbout(tx, partId(arrival.channel._id, externalIdOf(event)));
    const heard = await heardOf(tx, arrival, event);
    const recording = recordingOf(arrival, event, minted.attachmentId);
    if (!found) return begin(tx, { arrival, event, heard, recording, minted });
    const { message, conversation } = found;
    const merged = mergedCall(message.call ?? null, heard);
    const attachments = withRecording(message.attachments, recording);
    const at = merged.call.startedAt;
    // What an agent wrote about it stays.
    const text = merged.note !== null && !message.editedAt ? merged.note : message.text;
    const call = { ...merged.call, recording: recordingState(attachments) };
    if (sameCall(message.call ?? null, call) && attachments === message.attachments && text === message.text)
      return done;
    await changeCall(tx, {
      message,
      conversation,
      change: { call, at, text, attachments },
      lineId: minted.lineId,
    });
    return done;
  };
}

const externalIdOf = ({ callId }: InboundCall): string => `call:${callId}`;

async function begin(
  tx: Tx,
  about: {
    arrival: Arrival;
    event: InboundCall;
    heard: Heard;
    recording: AttachmentDoc | null;
    minted: Minted;
  },
): Promise<Outcome> {
  const { arrival, event, heard, recording, minted } = about;
  const { channel, inbound } = arrival;
  const met = await meetCaller(tx, {
    sender: event.sender,
    channelId: channel._id,
    cid: minted.cid,
    now: inbound.receivedAt,
  });
  if (event.direction === 'in' && met.identity.blocked && !inbound.restored)
    return { state: 'ignored', reason: `blocked: ${met.identity.display} was blocked by the team.` };
  tx.knows(met.customer);
  const place = await placeFor(tx, {
    customer: met.customer,
    identityId: met.identity._id,
    channelId: channel._id,
    threadKey: '',
    now: tx.ctx.now(),
  });
  const merged = mergedCall(null, heard);
  const attachments = recording ? [recording] : [];
  const message: NewMessage = {
    ...blankMessage({
      id: minted.messageId,
      conversationId: place.conversation?._id ?? minted.conversationId,
      at: merged.call.startedAt,
    }),
    kind: 'call',
    direction: merged.call.direction,
    visibility: 'private',
    receivedAt: inbound.receivedAt,
    channelId: channel._id,
    identityId: met.identity._id,
    externalId: externalIdOf(event),
    text: merged.note ?? '',
    call: { ...merged.call, recording: recordingState(attachments) },
    attachments,
  };
  const written = await enterCall(tx, {
    message,
    customer: met.customer,
    conversation: place.conversation,
    routed: place.routed,
    home: met.identity.homeCustomerId,
    lineId: minted.lineId,
    begins: { teamId: channel.routing?.teamId ?? null, assigneeId: null },
    at: inbound.receivedAt,
  });
  await recordParts(tx, {
    scope: channel._id,
    externalIds: [externalIdOf(event)],
    messageId: written._id,
    piece: null,
    attempt: null,
    state: null,
  });
  return done;
}

async function heardOf(tx: Tx, { inbound }: Arrival, event: InboundCall): Promise<Heard> {
  const time = (at: Date | undefined) => clamped(at ?? null, inbound.receivedAt);
  return {
    callId: event.callId,
    direction: event.direction,
    state: event.state,
    number: event.sender.display,
    at: clamped(event.at, inbound.receivedAt) ?? inbound.receivedAt,
    startedAt: time(event.startedAt),
    answeredAt: time(event.answeredAt),
    endedAt: time(event.endedAt),
    disposition: event.disposition ?? null,
    talked: event.talked ?? null,
    agent: event.agent ? await agentNamed(tx, event.agent) : null,
    note: event.note ? cleanText(event.note).trim().slice(0, longestNote) || null : null,
  };
}

function recordingOf(arrival: Arrival, { recording }: InboundCall, id: string): AttachmentDoc | null {
  return recording ? attachmentDoc(recording, { id, arrival, inline: true }) : null;
}

/** One of a transferred call's several comes once, however often it is told of; in an order of its own. */
function withRecording(before: AttachmentDoc[], recording: AttachmentDoc | null): AttachmentDoc[] {
  const word = (of: AttachmentDoc) => JSON.stringify(of.ref);
  if (!recording || before.some((one) => word(one) === word(recording))) return before;
  return [...before, recording].sort((a, b) => (word(a) < word(b) ? -1 : 1));
}

function sameCall(before: CallDoc | null, after: CallDoc): boolean {
  const { missedAt: _known, ...heard } = before?.heard ?? { missedAt: 0 };
  const word = (call: unknown) =>
    JSON.stringify(call, (_key, value) => (isPlain(value) ? sorted(value) : value));
  return before !== null && word({ ...before, heard }) === word(after);
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);
const sorted = (value: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
