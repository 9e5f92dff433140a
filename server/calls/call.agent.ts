import type { Tx } from '../messages/commit.ts';
import type { UserDoc } from '../users/user.model.ts';

/** Who is meant by what the telephone system named: an extension, or an e-mail address. Nobody's is shown as it came. */
export async function agentNamed(tx: Tx, named: string): Promise<{ id: string | null; extension: string }> {
  const name = named.trim().slice(0, 200);
  const email = name.includes('@');
  const user = await tx.models.users
    .findOne(email ? { email: name.toLowerCase() } : { extension: name, active: true }, { _id: 1 })
    .session(tx.session)
    .lean<Pick<UserDoc, '_id'>>();
  return { id: user?._id ?? null, extension: email ? '' : name.slice(0, 40) };
}
