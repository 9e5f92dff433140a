/** A raw event as administrators see it on the failed-inbound list. */
export const inboundStates = ['new', 'working', 'parked', 'done', 'failed', 'ignored'] as const;
export type InboundState = (typeof inboundStates)[number];

export interface InboundSummary {
  id: string;
  channelId: string | null;
  state: InboundState;
  /** Why it failed or was ignored, in a sentence. */
  reason: string | null;
  /** A stable word for the reason, where there is one. */
  code?: string | null;
  receivedAt: string;
  attempts: number;
  /** Who wrote and what about, where that was understood. */
  about: string | null;
  /** Ignored, and replaying it takes it in. */
  restorable: boolean;
  /** It was ignored for `reason`, and a person took it in. */
  restored: boolean;
  bytes: number;
  /** The beginning of the payload as text, secrets scrubbed, for a person to recognise it by. */
  excerpt: string;
}

export interface InboundPage {
  events: InboundSummary[];
  next: string | null;
}
