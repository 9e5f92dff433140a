import type { ListScope } from '../../state/model.ts';

export function FilterBar(_: { scope: ListScope }) {
  return null;
}
