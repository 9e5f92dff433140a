import { may } from '../../../shared/access.ts';
import type { Advocate } from '../../../shared/advocate.ts';
import { Avatar } from '../../components/avatar.tsx';
import { Select } from '../../components/select.tsx';
import { useAdvocateWords } from '../../i18n/advocate-words.ts';
import { plainName } from '../../lib/bidi.ts';
import { useUsers } from '../directory.ts';
import { useAdvocateChange } from './change.ts';
import { useMayMove } from './queries.ts';

const nobody = 'nobody';

/** Who looks after them: a colleague who sees advocates, or nobody. */
export function OwnerField({ advocate }: { advocate: Advocate }) {
  const w = useAdvocateWords();
  const users = useUsers();
  const writes = useMayMove();
  const change = useAdvocateChange(advocate);
  const { ownerId } = advocate;
  const able = [...users.values()].filter(
    (user) => user.id === ownerId || (user.active && may(user, 'advocate.read')),
  );
  const choose = (id: string) => {
    const next = id === nobody ? null : id;
    if (next === ownerId) return;
    const name = next && plainName(users.get(next)?.name ?? '');
    void change({ ownerId: next }, { ownerId }, name ? w.person.ownerChanged(name) : w.person.ownerRemoved);
  };
  return (
    <Select
      label={w.person.owner}
      value={ownerId ?? nobody}
      isDisabled={!writes}
      onChange={choose}
      options={[
        { id: nobody, label: w.person.noOwner },
        ...able.map(({ id, name }) => ({
          id,
          label: plainName(name),
          icon: <Avatar name={name} seed={id} size="xs" />,
        })),
      ]}
    />
  );
}
