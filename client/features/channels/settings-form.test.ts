import { describe, expect, it } from 'vitest';
import type { SettingField } from '../../../shared/connector.ts';
import { cleanPaste, groupsOf, initialValues, readSettings, withoutSecrets } from './settings-form.ts';

const label = { fa: 'برچسب', en: 'Label' };
const fields: SettingField[] = [
  {
    key: 'key',
    label,
    type: 'secret',
    required: true,
    pattern: { source: '^\\S{8,}$', message: { fa: 'کلید کامل نیست.', en: 'The key is not whole.' } },
  },
  { key: 'line', label, type: 'text', required: true },
  { key: 'every', label, type: 'number', required: false },
  { key: 'loud', label, type: 'boolean', required: true },
  {
    key: 'mode',
    label,
    type: 'select',
    required: true,
    options: [
      { value: 'a', label },
      { value: 'b', label },
    ],
  },
  { key: 'site', label, type: 'url', required: false },
];
const good = {
  key: 'abcdefgh',
  line: '3000',
  every: 15,
  loud: false,
  mode: 'a',
  site: 'https://example.com',
};
const fresh = { kept: [], language: 'fa' } as const;

describe('a form as it opens', () => {
  it('shows what is stored, never a secret', () => {
    const stored = { key: 'abcdefgh', line: '3000', every: 15, loud: true, mode: 'b' };
    expect(initialValues(fields, stored)).toEqual({
      key: '',
      line: '3000',
      every: 15,
      loud: true,
      mode: 'b',
      site: '',
    });
  });

  it('is empty for a new channel', () => {
    expect(initialValues(fields)).toEqual({
      key: '',
      line: '',
      every: Number.NaN,
      loud: false,
      mode: '',
      site: '',
    });
  });
});

describe('a form as it is sent', () => {
  it('holds every field by its key', () => {
    expect(readSettings(fields, good, fresh)).toEqual({ settings: good, issues: null });
  });

  it('leaves out what is empty, and cuts the blanks that come with pasting', () => {
    const values = { ...good, line: ' 3000\n', every: Number.NaN, site: '' };
    expect(readSettings(fields, values, fresh).settings).toEqual({
      key: 'abcdefgh',
      line: '3000',
      loud: false,
      mode: 'a',
    });
  });

  it('keeps a stored secret by not naming it, and sends a new one', () => {
    const kept = { kept: ['key'], language: 'fa' } as const;
    expect(readSettings(fields, { ...good, key: '' }, kept).settings).not.toHaveProperty('key');
    expect(readSettings(fields, { ...good, key: 'new-secret' }, kept).settings).toHaveProperty(
      'key',
      'new-secret',
    );
  });

  it('asks for a secret that is not stored yet, and for a choice', () => {
    expect(readSettings(fields, { ...good, key: '', mode: '' }, fresh).issues).toEqual({
      key: { kind: 'required' },
      mode: { kind: 'choose' },
    });
  });

  it('says what the manifest says, in the reader’s language', () => {
    const short = { ...good, key: 'abc' };
    expect(readSettings(fields, short, fresh).issues).toEqual({
      key: { kind: 'said', text: 'کلید کامل نیست.' },
    });
    expect(readSettings(fields, short, { kept: [], language: 'en' }).issues).toEqual({
      key: { kind: 'said', text: 'The key is not whole.' },
    });
  });

  it('refuses an address that is none and a choice that is not offered', () => {
    expect(readSettings(fields, { ...good, site: 'example', mode: 'c' }, fresh).issues).toEqual({
      site: { kind: 'url' },
      mode: { kind: 'choose' },
    });
  });
});

describe('a manifest', () => {
  const field = (key: string, more: Partial<SettingField> = {}): SettingField => ({
    key,
    label,
    type: 'text',
    required: false,
    ...more,
  });

  it('proposes values where nothing is stored, and is outdone by what is', () => {
    const proposing = [
      field('loud', { type: 'boolean', default: true }),
      field('port', { type: 'number', default: 993 }),
    ];
    expect(initialValues(proposing)).toEqual({ loud: true, port: 993 });
    expect(initialValues(proposing, { loud: false, port: 143 })).toEqual({ loud: false, port: 143 });
  });

  it('needs no value for what is generated', () => {
    const site = field('site', { required: true, generated: true });
    expect(readSettings([site], { site: '' }, fresh)).toEqual({ settings: {}, issues: null });
  });

  it('puts fields under their headings, and folds those that need no look', () => {
    const more = { fa: 'بیشتر', en: 'More' };
    const sending = { fa: 'ارسال', en: 'Sending' };
    const groups = groupsOf(
      [
        field('a'),
        field('b', { group: sending, required: true }),
        field('c', { group: more }),
        field('d', { group: more }),
      ],
      ({ key }) => key !== 'x',
    );
    expect(groups.map(({ title, fields: own, folded }) => [title?.en, own.length, folded])).toEqual([
      [undefined, 1, false],
      ['Sending', 1, false],
      ['More', 2, true],
    ]);
    expect(groupsOf([field('c', { group: more })], () => false)[0]?.folded).toBe(false);
  });

  it('wants a colour with six digits', () => {
    const colour = [field('colour', { type: 'colour' })];
    expect(readSettings(colour, { colour: 'teal' }, fresh).issues).toEqual({ colour: { kind: 'format' } });
    expect(readSettings(colour, { colour: '#0D6660' }, fresh).issues).toBeNull();
  });
});

describe('what is pasted', () => {
  it('loses what came along with copying', () => {
    expect(cleanPaste({ type: 'secret' }, '\u200f "abc-123"\n')).toBe('abc-123');
    expect(cleanPaste({ type: 'url' }, '«https://example.com»')).toBe('https://example.com');
    expect(cleanPaste({ type: 'text', placeholder: '3000' }, '30\u200c00\t')).toBe('3000');
  });

  it('stays as it is where it is text for people', () => {
    const words = ' سلام\u200c، «دوست» ';
    expect(cleanPaste({ type: 'text' }, words)).toBe(words);
    expect(cleanPaste({ type: 'longText', placeholder: 'https://…' }, 'a\nb')).toBe('a\nb');
  });
});

it('keeps everything but secrets in the browser', () => {
  expect(withoutSecrets(fields, { ...good, every: Number.NaN })).toEqual({
    line: '3000',
    loud: false,
    mode: 'a',
    site: 'https://example.com',
  });
});
