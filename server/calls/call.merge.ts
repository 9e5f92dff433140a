import type { callStates, Disposition } from '../../shared/call.ts';
import type { CallDoc } from '../messages/message.model.ts';

type CallState = (typeof callStates)[number];

/** What one event says of a call. Times are kept as the host has clamped them. */
export interface Heard {
  callId: string;
  direction: 'in' | 'out';
  state: CallState;
  number: string;
  at: Date;
  startedAt: Date | null;
  answeredAt: Date | null;
  endedAt: Date | null;
  disposition: Disposition | null;
  talked: number | null;
  /** Null: the event names nobody. */
  agent: { id: string | null; extension: string } | null;
  note: string | null;
}

const states: readonly CallState[] = ['ringing', 'answered', 'ended'];
/** Legs of one call may end otherwise: where somebody spoke, the call was answered. */
const dispositions: readonly Disposition[] = ['failed', 'busy', 'missed', 'voicemail', 'answered'];

/**
 * What is known of a call after one more event. Any order of events, and any of them twice, ends alike: times are the earliest (the end
 * the latest), the state and the disposition the highest, the colleague the one named last.
 */
export function mergedCall(before: CallDoc | null, heard: Heard): { call: CallDoc; note: string | null } {
  const known = before?.heard;
  const state = higher(states, before?.state ?? null, heard.state) ?? heard.state;
  const startedAt = earlier(before?.startedAt ?? null, heard.startedAt ?? heard.at) ?? heard.at;
  const answeredAt = earlier(
    before?.answeredAt ?? null,
    heard.answeredAt ?? (heard.state === 'answered' ? heard.at : null),
  );
  const endedAt = later(
    before?.endedAt ?? null,
    heard.endedAt ?? (heard.state === 'ended' ? heard.at : null),
  );
  const said = higher(dispositions, known?.disposition ?? null, heard.disposition);
  const talked = greater(known?.talked ?? null, heard.talked);
  const disposition = state === 'ended' ? (said ?? (answeredAt ? 'answered' : 'missed')) : null;

  const agentOrder = heard.agent ? orderOf(heard, `${heard.agent.id ?? ''} ${heard.agent.extension}`) : '';
  const named = heard.agent && agentOrder > (known?.agentOrder ?? '') ? heard.agent : null;
  const noteOrder = heard.note ? orderOf(heard, heard.note) : '';
  const noted = heard.note && noteOrder > (known?.noteOrder ?? '') ? heard.note : null;
  return {
    call: {
      direction: before?.direction === 'in' ? 'in' : heard.direction,
      state,
      disposition,
      number: before?.number ?? heard.number,
      startedAt,
      answeredAt,
      endedAt,
      talked: talked ?? spoken({ disposition, answeredAt, endedAt }),
      agentId: named ? named.id : (before?.agentId ?? null),
      extension: named ? named.extension : (before?.extension ?? ''),
      recording: before?.recording ?? null,
      logged: false,
      heard: {
        callId: heard.callId,
        disposition: said,
        talked,
        agentOrder: named ? agentOrder : (known?.agentOrder ?? ''),
        noteOrder: noted ? noteOrder : (known?.noteOrder ?? ''),
      },
    },
    note: noted,
  };
}

/** The customer called and reached nobody: they wait. */
export function isMissed(call: Pick<CallDoc, 'direction' | 'disposition'> | null | undefined): boolean {
  return call?.direction === 'in' && call.disposition !== null && call.disposition !== 'answered';
}

/** We called and spoke with them. */
export function isCallBack(
  call: Pick<CallDoc, 'direction' | 'disposition' | 'state'> | null | undefined,
): boolean {
  if (call?.direction !== 'out') return false;
  return call.disposition === 'answered' || (call.disposition === null && call.state === 'answered');
}

/** Seconds between the two, where somebody spoke. */
export function spoken(call: Pick<CallDoc, 'disposition' | 'answeredAt' | 'endedAt'>): number | null {
  if (call.disposition !== 'answered' || !call.answeredAt || !call.endedAt) return null;
  return Math.max(0, Math.round((call.endedAt.getTime() - call.answeredAt.getTime()) / 1000));
}

/** The newest word; of one moment the further state's, and then by its own letters. */
function orderOf({ at, state }: Heard, word: string): string {
  return `${at.toISOString()} ${states.indexOf(state)} ${word}`;
}

function higher<T>(order: readonly T[], a: T | null, b: T | null): T | null {
  if (a === null || b === null) return a ?? b;
  return order.indexOf(a) >= order.indexOf(b) ? a : b;
}

function earlier(a: Date | null, b: Date | null): Date | null {
  if (!a || !b) return a ?? b;
  return a <= b ? a : b;
}

function later(a: Date | null, b: Date | null): Date | null {
  if (!a || !b) return a ?? b;
  return a >= b ? a : b;
}

function greater(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}
