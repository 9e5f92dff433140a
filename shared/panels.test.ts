import { expect, it } from 'vitest';
import { arrangedPanels, panels } from './panels.ts';

it('shows every panel in our order until somebody arranges them', () => {
  expect(arrangedPanels(null)).toEqual(panels);
  expect(arrangedPanels(undefined, [{ panels: null }, {}])).toEqual(panels);
});

it('goes by the first team that arranged them, and by the person before any team', () => {
  const teams = [
    { panels: null },
    { panels: { order: ['tags' as const, 'value' as const], hidden: ['edits' as const] } },
  ];
  const ofTeam = arrangedPanels(null, teams);
  expect(ofTeam.slice(0, 3)).toEqual(['tags', 'value', 'contacts']);
  expect(ofTeam).not.toContain('edits');
  expect(arrangedPanels({ order: ['edits'], hidden: [] }, teams)[0]).toBe('edits');
});

it('shows one that an arrangement does not know at the end, and each once', () => {
  const arranged = arrangedPanels({ order: ['tags', 'tags', 'contacts'], hidden: [] });
  expect([...arranged].sort()).toEqual([...panels].sort());
  expect(arranged.slice(0, 2)).toEqual(['tags', 'contacts']);
});
