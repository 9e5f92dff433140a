import * as z from 'zod/mini';

/** Panels of a customer's page, in the order that holds until somebody arranges them. */
export const panels = [
  'contacts',
  'profile',
  'fields',
  'value',
  'advocacy',
  'tags',
  'companies',
  'preferences',
  'concerns',
  'consents',
  'conversations',
  'records',
  'duplicates',
  'quality',
  'merges',
  'edits',
] as const;
export type Panel = (typeof panels)[number];

/** Which come first, and which are not shown. One that is named nowhere stands at the end, shown: a new one is seen. */
export const PanelLayout = z.object({
  order: z.array(z.enum(panels)).check(z.maxLength(panels.length)),
  hidden: z.array(z.enum(panels)).check(z.maxLength(panels.length)),
});
export type PanelLayout = z.infer<typeof PanelLayout>;

/** The panels to show, in order: as the person arranged them, else as their first team that did, else ours. */
export function arrangedPanels(
  own: PanelLayout | null | undefined,
  teams: readonly { panels?: PanelLayout | null | undefined }[] = [],
): Panel[] {
  const layout = own ?? teams.find((team) => team.panels)?.panels;
  if (!layout) return [...panels];
  const order = [...new Set(layout.order)];
  return [...order, ...panels.filter((panel) => !order.includes(panel))].filter(
    (panel) => !layout.hidden.includes(panel),
  );
}
