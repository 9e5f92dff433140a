import { describe, expect, it } from 'vitest';
import type { CannedReply } from '../../../shared/canned.ts';
import { blankCanned, findReplies, folderTree, formOf, readCanned } from './canned-form.ts';

const reply = (part: Partial<CannedReply>): CannedReply => ({
  id: 'c1',
  folder: [],
  title: 'سلام',
  shortcut: 'salam',
  text: 'سلام {{customer.name|دوست عزیز}}',
  ownerId: 'u1',
  sharedWith: 'nobody',
  used: 0,
  usedAt: null,
  updatedAt: '2026-11-22T00:00:00.000Z',
  ...part,
});

describe('the form of a canned reply', () => {
  it('reads back what it shows', () => {
    const known = reply({ folder: ['سفارش', 'ارسال'], sharedWith: { teamId: 't1' } });
    expect(readCanned(formOf(known)).data).toEqual({
      folder: ['سفارش', 'ارسال'],
      title: known.title,
      shortcut: known.shortcut,
      text: known.text,
      sharedWith: { teamId: 't1' },
    });
  });

  it('takes a shortcut with the slash it is typed after', () => {
    expect(readCanned({ ...blankCanned, title: 'a', text: 'b', shortcut: '/hi' }).data?.shortcut).toBe('hi');
  });

  it('says what is missing and refuses variables that do not exist', () => {
    const { issues } = readCanned({ ...blankCanned, shortcut: 'two words', text: '{{customer.age}}' });
    expect(issues).toEqual({
      title: { kind: 'required' },
      shortcut: { kind: 'format' },
      text: { kind: 'unknownVariables', names: ['customer.age'] },
    });
  });

  it('refuses folders nested too deeply', () => {
    const form = { ...blankCanned, title: 'a', text: 'b', folder: 'a/b/c/d/e' };
    expect(readCanned(form).issues).toEqual({ folder: { kind: 'tooLong', limit: 4 } });
  });
});

describe('folders', () => {
  const replies = [
    reply({ id: '1', folder: ['ب', 'د'] }),
    reply({ id: '2', folder: ['ب'], title: 'پيگيري ك' }),
    reply({ id: '3', folder: ['الف'] }),
    reply({ id: '4' }),
  ];

  it('are a tree with counts, in the order of the alphabet', () => {
    const [first, second] = folderTree(replies);
    expect([first?.name, first?.count]).toEqual(['الف', 1]);
    expect([second?.name, second?.count, second?.inside.map(({ name }) => name)]).toEqual(['ب', 2, ['د']]);
  });

  it('narrow the list, with what is inside of them', () => {
    const ids = (folder: string[] | null, query = '') =>
      findReplies(replies, { folder, query }).map(({ id }) => id);
    expect(ids(['ب'])).toEqual(['1', '2']);
    expect(ids(['ب', 'د'])).toEqual(['1']);
    expect(ids(null, 'پیگیری')).toEqual(['2']);
  });
});
