import type { InboundCall } from './connector.ts';
import type { ScenarioEnd } from './scenarios.ts';

type Line = ScenarioEnd['messages'][number] & { order: string; sentAt: string | null };

const states = ['ringing', 'answered', 'ended'] as const;
const ends = ['failed', 'busy', 'missed', 'voicemail', 'answered'] as const;

/** All events of a call are one line: it began at the earliest time, the furthest state and the best end hold, the last named spoke. */
export function callLines(events: readonly InboundCall[]): Line[] {
  return [...new Set(events.map(({ callId }) => callId))].flatMap((callId) => {
    const all = events.filter((event) => event.callId === callId);
    const [any] = all;
    return any ? [lineOf(any, all)] : [];
  });
}

function lineOf(any: InboundCall, all: readonly InboundCall[]): Line {
  const state =
    highest(
      states,
      all.map((event) => event.state),
    ) ?? 'ringing';
  const [answeredAt] = times(
    all,
    ({ answeredAt, state: told, at }) => answeredAt ?? (told === 'answered' ? at : null),
  );
  const endedAt = times(all, ({ endedAt, state: told, at }) => endedAt ?? (told === 'ended' ? at : null)).at(
    -1,
  );
  const said = highest(
    ends,
    all.map((event) => event.disposition),
  );
  const disposition = state === 'ended' ? (said ?? (answeredAt ? 'answered' : 'missed')) : null;
  const talked = all.flatMap((event) => event.talked ?? []);
  const spoke = disposition === 'answered' && answeredAt && endedAt;
  const recordings = new Set(
    all.flatMap(({ recording }) => (recording ? JSON.stringify(recording.ref) : [])),
  );
  return {
    externalId: `call:${any.callId}`,
    direction: any.direction,
    person: `${any.sender.kind}:${any.sender.value}`,
    text: lastOf(all, 'note'),
    at: times(all, ({ startedAt, at }) => startedAt ?? at)[0]?.toISOString() ?? null,
    ...(recordings.size > 0 ? { attachments: recordings.size } : {}),
    call: {
      state,
      disposition,
      talked:
        talked.length > 0
          ? Math.max(...talked)
          : spoke
            ? Math.round((endedAt.getTime() - answeredAt.getTime()) / 1000)
            : null,
      extension: lastOf(all, 'agent'),
    },
    order: '',
    sentAt: null,
  };
}

function highest<T>(order: readonly T[], values: (T | undefined)[]): T | undefined {
  return order[Math.max(...values.map((value) => (value === undefined ? -1 : order.indexOf(value))))];
}

function times(all: readonly InboundCall[], of: (event: InboundCall) => Date | null): Date[] {
  return all.flatMap((event) => of(event) ?? []).sort((a, b) => a.getTime() - b.getTime());
}

function lastOf(all: readonly InboundCall[], name: 'agent' | 'note'): string {
  const rank = ({ at, state }: InboundCall) => `${at.toISOString()} ${states.indexOf(state)}`;
  const [last] = all.filter((event) => event[name]).sort((a, b) => (rank(a) < rank(b) ? 1 : -1));
  return last?.[name] ?? '';
}
