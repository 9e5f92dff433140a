import { readIdentity } from '../../shared/text/identity.ts';
import type { Context } from '../context.ts';

/**
 * An address as the channel that writes to its kind spells it, so that who is known by it is found; null when it is none. Where no
 * channel can write to that kind, plain rules decide.
 */
export function canonical(
  ctx: Pick<Context, 'connectors'>,
  kind: 'emailAddress' | 'mobile',
  text: string,
): string | null {
  const given = text.trim();
  if (!given) return null;
  const able = Object.values(ctx.connectors).filter(
    ({ manifest, address }) => address && manifest.capabilities.kinds.includes(kind),
  );
  for (const { address } of able) {
    const found = address?.(given);
    if (found?.kind === kind) return found.value;
  }
  if (able.length) return null;
  const read = readIdentity(kind, given);
  return read.ok ? read.value : null;
}
