import { describe, expect, it } from 'vitest';
import { emptyProfile } from '../../shared/profile.ts';
import { type Random, seeded } from '../../test/random.ts';
import { comparedFields, mustBeFields, takenFields, withTaken } from './customer.merge.fields.ts';
import type { CustomerDoc, IdentityDoc, LinkDoc } from './customer.model.ts';
import { fieldsBack } from './customer.unmerge.fields.ts';
import { subtreeOf } from './customer.unmerge.read.ts';

function customer(id: string, of: Partial<CustomerDoc> = {}): CustomerDoc {
  return {
    _id: id,
    name: id,
    nameSource: 'channel',
    active: { main: null },
    version: 1,
    mergedInto: null,
    members: [id],
    tokens: [],
    createdAt: new Date(0),
    ...of,
  };
}

const profile = (of: Partial<typeof emptyProfile>) => ({ profile: { ...emptyProfile, ...of } });

describe('field by field', () => {
  const here = customer('1', { ...profile({ city: 'Tehran', tagIds: ['a', 'b'], fields: { f1: 'x' } }) });
  const there = customer('2', {
    name: 'Sara Example',
    nameSource: 'agent',
    ...profile({ city: 'Yazd', job: 'Baker', tagIds: ['b', 'c'], fields: { f2: 7 } }),
  });

  it('shows what either has, with whose would stay', () => {
    expect(
      comparedFields(here, there).map(({ field, survivor, other, chosen, differs }) => [
        field,
        survivor,
        other,
        chosen,
        differs,
      ]),
    ).toEqual([
      ['name', '1', 'Sara Example', 'other', true],
      ['city', 'Tehran', 'Yazd', 'survivor', true],
      ['job', '', 'Baker', 'other', true],
      ['fields.f1', 'x', null, 'survivor', true],
      ['fields.f2', null, 7, 'other', true],
      ['tagIds', ['a', 'b'], ['b', 'c'], 'both', true],
    ]);
  });

  it('takes what was chosen, and loses no entry of a list', () => {
    const after = withTaken(here, takenFields(here, there, { city: 'other', name: 'survivor' }));
    expect(after).toMatchObject({
      name: '1',
      profile: { city: 'Yazd', job: 'Baker', tagIds: ['a', 'b', 'c'], fields: { f1: 'x', f2: 7 } },
    });
  });

  it('refuses a winner of what is no field', () => {
    for (const field of ['_id', 'tagIds', 'profile.city', 'fields.$where', '__proto__'])
      expect(() => mustBeFields(JSON.parse(`{"${field}": "other"}`))).toThrow(/no field/);
    expect(() => mustBeFields({ name: 'other', 'fields.f1a2b3c4': 'survivor' })).not.toThrow();
  });
});

/** People with few different values, so that the same one comes from several of them. */
class Town {
  readonly people = new Map<string, CustomerDoc>();
  readonly links: LinkDoc[] = [];
  /** One of each, with a name that its channel says when it writes, if it says one. */
  readonly identities: (IdentityDoc & { says: string })[] = [];
  private readonly random: Random;
  private count = 0;

  constructor(random: Random) {
    this.random = random;
    for (let n = 0; n < 6; n += 1) {
      const some = (values: readonly string[]) => values.filter(() => this.random() < 0.5);
      const [id, identity] = [`c${n}`, `i${n}`];
      const nameSource = this.one(['address', 'channel', 'agent'] as const);
      this.identities.push(identityOf(identity, { home: id, says: this.one(['', 'Sara', 'Omid', 'Nima']) }));
      this.people.set(
        id,
        customer(id, {
          name: nameSource === 'address' ? identity : this.one(['Sara', 'Omid', 'Nima']),
          nameSource,
          nameFrom: nameSource === 'agent' ? null : identity,
          ...profile({
            city: this.one(['', 'Tehran', 'Yazd']),
            fields: this.random() < 0.5 ? { f1: this.one(['x', 'y']) } : {},
            tagIds: some(['a', 'b', 'c']),
            likes: some(['1', '2']).map((id) => ({ id, text: id, at: '', byUserId: null, messageId: null })),
          }),
        }),
      );
    }
  }

  one<T>(list: readonly T[]): T {
    return list[Math.floor(this.random() * list.length)] as T;
  }

  private rootOf(id: string): CustomerDoc {
    const one = this.people.get(id);
    if (!one) throw new Error(`There is no ${id}.`);
    return one.mergedInto ? this.rootOf(one.mergedInto) : one;
  }

  /** As intake does: a name where there was only an address. */
  write(): void {
    const { _id, says, homeCustomerId } = this.one(this.identities);
    const root = this.rootOf(homeCustomerId);
    if (root.nameSource === 'address' && says)
      this.people.set(root._id, { ...root, name: says, nameSource: 'channel', nameFrom: _id });
  }

  merge(): void {
    const roots = [...this.people.values()].filter((one) => !one.mergedInto);
    const [survivor, merged] = [this.one(roots), this.one(roots)];
    if (survivor._id === merged._id) return;
    const side = () => this.one(['survivor', 'other'] as const);
    const winners = { name: side(), city: side(), ...(this.random() < 0.5 && { 'fields.f1': side() }) };
    const taken = takenFields(survivor, merged, winners);
    this.count += 1;
    this.people.set(survivor._id, {
      ...withTaken(survivor, taken),
      members: [...survivor.members, ...merged.members],
    });
    this.people.set(merged._id, { ...merged, mergedInto: survivor._id });
    this.links.push({
      _id: `link ${this.count}`,
      survivorId: survivor._id,
      mergedId: merged._id,
      at: new Date(),
      byUserId: null,
      proof: 'agent',
      identityId: null,
      reason: '',
      before: {
        survivor: { name: survivor.name, active: null, members: [] },
        merged: { name: merged.name, active: null, members: [] },
        identityIds: [],
        conversationIds: [],
        continued: null,
      },
      order: this.count,
      taken,
      undone: null,
    });
  }

  unmerge(): boolean {
    const held = this.links.filter((link) => !link.undone);
    const link = this.one(held);
    if (!link) return false;
    const root = this.rootOf(link.mergedId);
    const people = [...this.people.values()].filter((one) => this.rootOf(one._id) === root);
    const leaving = subtreeOf(link.mergedId, people);
    const back = fieldsBack({
      link,
      people,
      leaving,
      links: held.filter((one) => people.some(({ _id }) => _id === one.mergedId)),
      sideOf: (home) => (leaving.has(home) ? 'restored' : 'root'),
      identities: this.identities.filter((one) => people.some(({ _id }) => _id === one.homeCustomerId)),
    });
    for (const one of back.customers.values()) this.people.set(one._id, one);
    for (const one of this.links) one.taken = back.links.get(one._id) ?? one.taken ?? [];
    link.undone = { at: new Date(), byUserId: null };
    const merged = this.people.get(link.mergedId);
    if (merged) this.people.set(merged._id, { ...merged, mergedInto: null });
    return true;
  }
}

const identityOf = (id: string, of: { home: string; says: string }) => ({
  _id: id,
  kind: 'mobile' as const,
  value: id,
  address: null,
  display: id,
  customerId: of.home,
  homeCustomerId: of.home,
  proof: 'transport' as const,
  provenAt: new Date(0),
  touched: 0,
  lastSeenAt: new Date(0),
  unreachable: false,
  reachOrder: '',
  channelIds: [],
  threadKey: '',
  says: of.says,
});

/** As sets: the order of a list's entries is nobody's. */
const plainly = ({ people, identities }: Town) =>
  [...people.values()].map((one) => ({
    id: one._id,
    // What their own channel made of their address is theirs.
    name:
      [one._id.replace('c', 'i'), identities.find((own) => own.homeCustomerId === one._id)?.says].includes(
        one.name,
      ) &&
      one.nameSource !== 'agent' &&
      one.nameFrom
        ? 'their own'
        : one.name,
    ...one.profile,
    tagIds: [...(one.profile?.tagIds ?? [])].sort(),
    likes: (one.profile?.likes ?? []).map(({ id }) => id).sort(),
  }));

it('any sequence of merges and un-merges leaves everybody the fields they had, once all is apart', () => {
  for (let seed = 1; seed <= 1_500; seed += 1) {
    const random = seeded(seed);
    const town = new Town(random);
    const before = plainly(town);
    for (let step = 0; step < 20; step += 1)
      town.one([town.merge, town.merge, town.write, town.unmerge]).call(town);
    while (town.unmerge());
    expect(plainly(town), `seed ${seed}`).toEqual(before);
  }
});
