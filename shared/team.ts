import * as z from 'zod/mini';
import { PanelLayout } from './panels.ts';

/** Agents who share a set of conversations. Membership is with the user (`teamIds`); it opens no channel to anybody. */
export const Team = z.object({
  id: z.string(),
  name: z.string(),
  archived: z.boolean(),
  /** How its members see a customer's page, unless they arranged it themselves. */
  panels: z.nullable(PanelLayout),
});
export type Team = z.infer<typeof Team>;

const name = z.string().check(z.trim(), z.minLength(1), z.maxLength(60));
/** Members are set with the team as a whole list. */
const memberIds = z.array(z.string().check(z.maxLength(64))).check(z.maxLength(1000));
export const TeamCreate = z.object({ name, memberIds });
export type TeamCreate = z.infer<typeof TeamCreate>;
export const TeamUpdate = z.partial(
  z.object({ name, memberIds, archived: z.boolean(), panels: z.nullable(PanelLayout) }),
);
export type TeamUpdate = z.infer<typeof TeamUpdate>;
