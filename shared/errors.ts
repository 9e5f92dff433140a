/** The one error family of both sides: thrown anywhere, answered in one place, recovered by the client as the same class. */

/** What went wrong, in a word, with the HTTP status it travels as. */
export const errorStatus = {
  unauthenticated: 401,
  forbidden: 403,
  notFound: 404,
  conflict: 409,
  tooLarge: 413,
  invalid: 422,
  tooMany: 429,
  internal: 500,
  unavailable: 503,
} as const;

export type ErrorCode = keyof typeof errorStatus;

/**
 * Why a conflict or a refusal happened, where the client acts on it and does not merely show it.
 * The client's catalog has a sentence for each.
 */
export type ErrorReason =
  | 'colleagueReplied' // 409, data: {message} the colleague's reply
  | 'continued' // 409, data: {successorId}
  | 'anotherActive' // 409, data: {conversationId} the customer's active conversation
  | 'notTheAuthor' // 403
  | 'otherConversation' // 422
  | 'badTarget' // 422: no such identity of this customer, or the channel cannot write to it
  | 'channelUnavailable' // 409: paused or archived
  | 'harmfulFile' // 422 on upload, 403 on download, data: {danger}
  | 'stateChanged' // 409, data: {header}
  | 'badCredentials' // 401
  | 'badSetupCode' // 403
  | 'badOrigin' // 403
  | 'badSignature' // 403: the site's word for its user does not hold
  | 'alreadySetUp' // 409
  | 'lastAdministrator' // 409
  | 'accountInUse' // 422: another channel is connected to this account of the provider
  | 'otherAccount' // 422: a channel keeps its account
  | 'colleagueCannotSee' // 422: a note names somebody who may not see the conversation
  | 'notSplit' // 409: there is nothing to bring back, or it went on elsewhere
  | 'duplicateName' // 422
  | 'inUse' // 409
  | 'identityOwned' // 409, data: {customer} who has it: merge the two, or null when this viewer may not see them
  | 'identityInUse' // 409: somebody wrote from it, or was written to there: it is not taken away
  | 'wrongCode' // 422, data: {attemptsLeft}
  | 'windowClosed' // 409, data: {closedAt, templates}: free text may not be sent to them now
  | 'codeOver' // 409, data: {state} of the verification: expired, spent, superseded, proven
  | 'optedOut' // 409: they took back their consent for every channel they have
  | 'noPublicUrl' // 409: customers could not open our links
  | 'noCodes' // 409: the list has no code left, has expired, or is archived
  | 'ownReward' // 403: somebody else has to approve what one asked for oneself
  | 'secondServer'; // 503: another server holds this data and there is no REDIS_URL

export interface ErrorBody {
  code: ErrorCode;
  reason?: ErrorReason;
  /** A sentence for a person, in English; the client shows its own words for `reason` or `code` where it has them. */
  message: string;
  /** Field path → sentence, for forms. */
  fields?: Record<string, string>;
  /** What the client needs to go on, by `reason`. */
  data?: unknown;
  /** To be quoted to an administrator: finds the log line. */
  errorId?: string;
  /** Seconds to wait, with `tooMany` and `unavailable`. */
  retryAfter?: number;
}

export class AppError extends Error {
  readonly code: ErrorCode;
  readonly body: ErrorBody;
  /** For the log only, never sent. */
  readonly detail?: unknown;

  constructor(body: ErrorBody, detail?: unknown) {
    super(body.message);
    this.name = 'AppError';
    this.code = body.code;
    this.body = body;
    this.detail = detail;
  }

  get status(): number {
    return errorStatus[this.code];
  }

  get reason(): ErrorReason | undefined {
    return this.body.reason;
  }
}
