import { arrangedPanels, type Panel } from '../../../../shared/panels.ts';
import { useMe, useStore } from '../../../state/hooks.tsx';

/** The arrangement that holds for this person: theirs, else their team's, else ours. */
export function useLayout(): { order: Panel[]; hidden: readonly Panel[]; own: boolean } {
  const me = useMe();
  const teams = useStore((state) => state.teams);
  const theirs = me.teamIds.flatMap((id) => teams.get(id) ?? []);
  const own = me.preferences.panels;
  const layout = own ?? theirs.find((team) => team.panels)?.panels ?? null;
  return {
    order: arrangedPanels(layout && { ...layout, hidden: [] }),
    hidden: layout?.hidden ?? [],
    own: own !== null,
  };
}
