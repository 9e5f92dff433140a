import { may, type Viewer } from '../../shared/access.ts';
import type { SavedView } from '../../shared/view.ts';
import type { Context } from '../context.ts';
import { invalid } from '../http/validate.ts';
import { mayNot } from '../users/user.create.ts';

type Sharing = SavedView['sharedWith'];

/**
 * Whoever manages what is everybody's shares with everyone and every team; anybody else with a team of their own.
 * @param options.before as it is shared now: leaving that as it is asks for nothing
 * @throws AppError forbidden; invalid when there is no such team
 */
export async function mayShareWith(
  ctx: Pick<Context, 'models'>,
  viewer: Viewer,
  options: { sharedWith: Sharing; before?: Sharing },
): Promise<void> {
  const { sharedWith, before } = options;
  if (sharedWith === 'nobody' || JSON.stringify(sharedWith) === JSON.stringify(before)) return;
  const manages = may(viewer, 'canned.manage');
  if (sharedWith === 'everyone') {
    if (!manages) throw mayNot('share with everyone; share with a team of yours');
    return;
  }
  if (!(await ctx.models.teams.exists({ _id: sharedWith.teamId })))
    throw invalid({ sharedWith: 'There is no such team.' });
  if (!manages && !viewer.teamIds.includes(sharedWith.teamId))
    throw mayNot('share with a team that is not yours');
}
