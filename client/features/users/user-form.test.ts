import { describe, expect, it } from 'vitest';
import type { UserDetails } from '../../../shared/user.ts';
import { makePassword } from './password.ts';
import { blankUser, formOf, readChange, readNew } from './user-form.ts';

const agent: UserDetails = {
  id: 'u1',
  name: 'نگار',
  email: 'negar@example.com',
  role: 'agent',
  active: true,
  teamIds: [],
  channelIds: ['c1', 'c2'],
  createdAt: '2026-11-01T00:00:00.000Z',
  lastSeenAt: null,
};

describe('a new colleague', () => {
  const form = { ...blankUser, name: 'نگار', email: 'negar@example.com', password: 'ten letters' };

  it('has the channels that were chosen', () => {
    expect(readNew({ ...form, scope: 'some', channelIds: ['c2'] }).data).toEqual({
      name: 'نگار',
      email: 'negar@example.com',
      password: 'ten letters',
      role: 'agent',
      channelIds: ['c2'],
    });
  });

  it('has every channel as an administrator, whatever was ticked before', () => {
    const { data } = readNew({ ...form, role: 'administrator', scope: 'some', channelIds: ['c2'] });
    expect(data?.channelIds).toBe('all');
  });

  it('needs a name, an email and a password of ten letters', () => {
    expect(readNew(blankUser).issues).toEqual({
      name: { kind: 'required' },
      email: { kind: 'required' },
      password: { kind: 'required' },
    });
  });
});

describe('a changed colleague', () => {
  it('is told to the server only in what changed', () => {
    expect(readChange(agent, formOf(agent)).data).toEqual({});
    expect(readChange(agent, { ...formOf(agent), name: 'سارا' }).data).toEqual({ name: 'سارا' });
    expect(readChange(agent, { ...formOf(agent), channelIds: ['c2', 'c1'] }).data).toEqual({});
    expect(readChange(agent, { ...formOf(agent), channelIds: ['c1'] }).data).toEqual({ channelIds: ['c1'] });
    expect(readChange(agent, { ...formOf(agent), scope: 'all' }).data).toEqual({ channelIds: 'all' });
    expect(readChange(agent, { ...formOf(agent), active: false }).data).toEqual({ active: false });
  });

  it('gets every channel with the role', () => {
    expect(readChange(agent, { ...formOf(agent), role: 'administrator' }).data).toEqual({
      role: 'administrator',
      channelIds: 'all',
    });
  });

  it('keeps the password that is not given, and needs ten letters of a new one', () => {
    expect(readChange(agent, { ...formOf(agent), password: 'short' }).issues).toEqual({
      password: { kind: 'tooShort', limit: 10 },
    });
    expect(readChange(agent, { ...formOf(agent), password: 'long enough' }).data).toEqual({
      password: 'long enough',
    });
  });
});

describe('a password to hand over', () => {
  it('is four groups of letters that cannot be mistaken, and never the same', () => {
    const made = Array.from({ length: 200 }, () => makePassword());
    for (const password of made) expect(password).toMatch(/^([a-hjkmnp-z2-9]{4}-){3}[a-hjkmnp-z2-9]{4}$/);
    expect(new Set(made).size).toBe(200);
  });

  it('draws every letter alike: what would favour the first ones is thrown away', () => {
    let next = 255;
    const counting = (bytes: Uint8Array) => {
      for (let at = 0; at < bytes.length; at += 1) {
        bytes[at] = next;
        next = (next + 255) % 256;
      }
      return bytes;
    };
    // 255 down to 248 are beyond the last whole multiple of 31: the first letter drawn is of 247, the alphabet's last.
    expect(makePassword(counting)[0]).toBe('9');
  });

  it('carries the teams when they differ, in whatever order', () => {
    const member = { ...agent, teamIds: ['t1', 't2'] };
    expect(readChange(member, { ...formOf(member), teamIds: ['t2', 't1'] }).data).toEqual({});
    expect(readChange(member, { ...formOf(member), teamIds: [] }).data).toEqual({ teamIds: [] });
  });
});
