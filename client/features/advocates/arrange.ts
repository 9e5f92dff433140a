import { type Advocate, type AdvocateStage, advocateStages } from '../../../shared/advocate.ts';

export type Columns = Readonly<Record<AdvocateStage, readonly Advocate[]>>;

/** Where a card goes: before another of that column, or to its end. */
export interface Place {
  stage: AdvocateStage;
  before: string | null;
}

export interface Move extends Place {
  customerId: string;
}

/** The columns as they will be once these moves are kept. A move that is kept already changes nothing. */
export function arranged(columns: Columns, moves: readonly Move[]): Columns {
  let all: Columns = columns;
  for (const { customerId, stage, before } of moves) {
    const card = advocateStages.flatMap((each) => all[each]).find((each) => each.customerId === customerId);
    if (!card) continue;
    const others = (of: AdvocateStage) => all[of].filter((one) => one.customerId !== customerId);
    const without: Columns = {
      discovered: others('discovered'),
      contacted: others('contacted'),
      engaged: others('engaged'),
      ambassador: others('ambassador'),
      dormant: others('dormant'),
    };
    const column = without[stage];
    const found = before === null ? -1 : column.findIndex((one) => one.customerId === before);
    const at = found === -1 ? column.length : found;
    all = { ...without, [stage]: [...column.slice(0, at), { ...card, stage }, ...column.slice(at)] };
  }
  return all;
}

/** Where a card stands now, as a place to bring it back to. */
export function placeOf(columns: Columns, customerId: string): (Place & { at: number }) | null {
  for (const stage of advocateStages) {
    const at = columns[stage].findIndex((each) => each.customerId === customerId);
    if (at !== -1) return { stage, at, before: columns[stage][at + 1]?.customerId ?? null };
  }
  return null;
}

/** The stage on one side of another on screen; null: that is the last one there. */
export function besides(
  stage: AdvocateStage,
  side: 'left' | 'right',
  direction: 'rtl' | 'ltr',
): AdvocateStage | null {
  const step = (side === 'right') === (direction === 'ltr') ? 1 : -1;
  return advocateStages[advocateStages.indexOf(stage) + step] ?? null;
}

/** Where a card lands that goes one up or down; null: it stands at that end already. */
export function stepped(columns: Columns, customerId: string, by: 1 | -1): Place | null {
  const place = placeOf(columns, customerId);
  if (!place) return null;
  const column = columns[place.stage];
  const to = place.at + by;
  if (to < 0 || to >= column.length) return null;
  const before = by === -1 ? column[to] : column[to + 1];
  return { stage: place.stage, before: before?.customerId ?? null };
}
