import type { Context } from '../context.ts';
import type { IdentityDoc } from '../customers/customer.model.ts';
import { visitorKeyOf } from '../visitors/visitor.find.ts';
import type { VisitorDoc } from '../visitors/visitor.model.ts';

/** Of those among these identities that visitors of the web chat write as: the browser each was met in. */
export async function browsersOf(
  ctx: Pick<Context, 'models'>,
  identities: readonly Pick<IdentityDoc, '_id' | 'kind'>[],
): Promise<Map<string, string>> {
  const visitors = new Map(
    identities
      .filter((identity) => identity.kind === 'webVisitor')
      .flatMap((identity) => {
        const visitor = visitorKeyOf(identity._id);
        return visitor ? [[visitor, identity._id] as const] : [];
      }),
  );
  if (!visitors.size) return new Map();
  const found = await ctx.models.visitors
    .find({ _id: { $in: [...visitors.keys()] } }, { browser: 1 })
    .lean<Pick<VisitorDoc, '_id' | 'browser'>[]>()
    .exec();
  return new Map(
    found.flatMap(({ _id, browser }) => {
      const identity = visitors.get(_id);
      return identity ? [[identity, browser ?? _id] as const] : [];
    }),
  );
}
