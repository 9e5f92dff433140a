import type { StatedKind } from '../../shared/customer.ts';
import type { ImportProblem } from '../../shared/import.ts';
import { identityId } from '../customers/identity.ts';
import type { RowWord } from './row.read.ts';

type Identity = RowWord['identities'][number];
export type RowProblem = Omit<ImportProblem, 'column'>;

/** A customer: by their CID, or, of one whom an earlier row would make, by their place among those. */
export type Who = string | number;

/** What is known of customers when a row is looked at. */
export interface Sight {
  ownerOf(identityId: string): Who | null;
  /** Whether they have any identity of this kind. */
  has(who: Who, kind: StatedKind): boolean;
  /** Null where they or the row have no name. */
  isCalled(who: Who, name: string): boolean | null;
}

export interface Owned {
  identity: Identity;
  owner: Who;
}

/** Whose a row is. */
export interface Found {
  /** Null: nobody’s yet. */
  who: Who | null;
  /** The identity they were found by; null where a CID alone named them, or nobody was found. */
  by: Identity | null;
  /** Contact points that somebody else has. */
  others: Owned[];
  /** Why whoever has its mobile or e-mail is somebody else. */
  refused: RowProblem | null;
  /** Why nobody can say whose it is. */
  problem: RowProblem | null;
}

/** From what tells people apart to what they share. */
const order: readonly StatedKind[] = [
  'customerNumber',
  'nationalCode',
  'username',
  'mobile',
  'emailAddress',
  'phone',
];
const strong: readonly StatedKind[] = ['customerNumber', 'nationalCode', 'username'];
/** Of these nobody has two; a second name to sign in by they may have. */
const single: readonly StatedKind[] = ['customerNumber', 'nationalCode'];

/** Kinds by which one who shares a contact point is seen to be somebody else. */
export const telling: readonly StatedKind[] = [...strong, 'mobile'];

/**
 * A CID, a customer number, a national code or a user name decides. Without one that anybody has it is the mobile, then the e-mail
 * address, then the landline of somebody of the same name; and none of them where what else the row says shows that it is somebody
 * else who shares it.
 *
 * @param told the customer whom the row's CID names
 */
export function whoIs(unit: Pick<RowWord, 'identities' | 'name'>, sight: Sight, told: string | null): Found {
  const owned = ownedBy(unit.identities, sight);
  const of = (...kinds: StatedKind[]) => owned.filter(({ identity }) => kinds.includes(identity.kind));
  const sure = new Set<Who>([...(told ? [told] : []), ...of(...strong).map(({ owner }) => owner)]);
  if (sure.size > 1) return problem(severalOwners([...sure]));
  const [known] = sure;
  if (known !== undefined) {
    const found = is(known, owned);
    const other = contradiction(unit, { who: known, kinds: single, sight });
    return other ? problem(contradicted(other, { by: found.by?.kind ?? 'cid', owner: known })) : found;
  }
  if (unit.identities.every(({ kind }) => kind === 'phone') && !unit.name) return problem(landlineAlone([]));

  const against = ({ identity, owner }: Owned) =>
    contradiction(unit, {
      who: owner,
      kinds:
        identity.kind === 'emailAddress' && sight.isCalled(owner, unit.name) === false ? telling : strong,
      sight,
    });
  const fits = (one: Owned) => !against(one);
  const mails = of('emailAddress').filter(fits);
  const namesakes = of('phone').filter((one) => fits(one) && sight.isCalled(one.owner, unit.name));
  const best = [of('mobile').filter(fits), mails, namesakes].find((some) => some.length);
  if (best?.[0]) {
    const who = best[0].owner;
    // Where a mobile is one’s and the e-mail another’s, the name says whose the row is.
    const rivals = sight.isCalled(who, unit.name) === false ? [...best, ...mails] : best;
    const owners = new Set(rivals.map(({ owner }) => owner));
    return owners.size > 1 ? problem(severalOwners([...owners])) : is(who, owned);
  }
  if (owned.length && owned.length === unit.identities.length) return problem(landlineAlone(owned));
  const [other] = of('mobile', 'emailAddress');
  const key = other && against(other);
  const refused = key ? contradicted(key, { by: other.identity.kind, owner: other.owner }) : null;
  return { who: null, by: null, others: owned, refused, problem: null };
}

function ownedBy(identities: readonly Identity[], sight: Sight): Owned[] {
  return identities
    .flatMap((identity) => {
      const owner = sight.ownerOf(identityId(identity));
      return owner === null ? [] : [{ identity, owner }];
    })
    .sort((a, b) => order.indexOf(a.identity.kind) - order.indexOf(b.identity.kind));
}

function is(who: Who, owned: readonly Owned[]): Found {
  return {
    who,
    by: owned.find(({ owner }) => owner === who)?.identity ?? null,
    others: owned.filter(({ owner }) => owner !== who),
    refused: null,
    problem: null,
  };
}

/** What the row says of one of these kinds, where they have another. */
function contradiction(
  unit: Pick<RowWord, 'identities'>,
  { who, kinds, sight }: { who: Who; kinds: readonly StatedKind[]; sight: Sight },
): Identity | undefined {
  return unit.identities.find(
    (one) => kinds.includes(one.kind) && sight.ownerOf(identityId(one)) !== who && sight.has(who, one.kind),
  );
}

const problem = (why: RowProblem): Found => ({
  who: null,
  by: null,
  others: [],
  refused: null,
  problem: why,
});

/** As columns are called. */
const targets: Record<StatedKind | 'cid', { target: string; word: string }> = {
  cid: { target: 'cid', word: 'customer ID' },
  customerNumber: { target: 'customerNumber', word: 'customer number' },
  nationalCode: { target: 'nationalCode', word: 'national code' },
  username: { target: 'username', word: 'user name' },
  mobile: { target: 'mobile', word: 'mobile' },
  emailAddress: { target: 'email', word: 'e-mail address' },
  phone: { target: 'phone', word: 'telephone' },
};

const cidsOf = (owners: readonly Who[]) => [
  ...new Set(owners.filter((who): who is string => typeof who === 'string')),
];
const named = ([cid]: readonly string[]) => (cid ? `customer ${cid}` : 'the customer of an earlier row');

function severalOwners(owners: readonly Who[]): RowProblem {
  const cids = cidsOf(owners);
  const list = cids.length === owners.length ? `: ${cids.join(', ')}` : '';
  return {
    code: 'severalCustomers',
    target: null,
    value: cids.join(', ').slice(0, 100),
    message: `What stands in this row belongs to several customers${list}.`,
    right: 'If they are one person, merge them first; else correct the row.',
    data: list ? { cids } : {},
  };
}

function contradicted(key: Identity, of: { by: StatedKind | 'cid'; owner: Who }): RowProblem {
  const cids = cidsOf([of.owner]);
  const { target, word } = targets[key.kind];
  const by = targets[of.by];
  return {
    code: 'contradicted',
    target,
    value: key.display.slice(0, 100),
    message: `The ${by.word} of this row is that of ${named(cids)}, who has another ${word}.`,
    right:
      of.by === 'mobile' || of.by === 'emailAddress'
        ? 'If it is somebody else, bring them in with a table of customers first; else correct the row.'
        : 'Correct the row, or what is kept of that customer.',
    data: { by: by.target, cids },
  };
}

function landlineAlone(owned: readonly Owned[]): RowProblem {
  return {
    code: 'landlineAlone',
    target: 'phone',
    value: (owned[0]?.identity.display ?? '').slice(0, 100),
    message: 'A landline alone does not say whose this row is: several people share one.',
    right:
      'A mobile, an e-mail, a national code or a customer number; or, of whoever has this landline, their name.',
    data: { cids: cidsOf(owned.map(({ owner }) => owner)) },
  };
}

/** A contact point that stays whose it is, and is merely claimed by the customer of the row. */
export function sharedContact({ identity, owner }: Owned): RowProblem {
  const cids = cidsOf([owner]);
  return {
    code: 'otherOwner',
    target: targets[identity.kind].target,
    value: identity.display.slice(0, 100),
    message: `This belongs to ${named(cids)}; the customer of this row does not get it.`,
    right:
      'It is kept with the customer of this row as said, but not proven. If the two are one, merge them.',
    data: { cids },
  };
}
