import type { Team } from '../../shared/team.ts';
import type { TeamDoc } from './team.model.ts';

export function presentTeam(team: TeamDoc): Team {
  return { id: team._id, name: team.name, archived: team.archived, panels: team.panels ?? null };
}
