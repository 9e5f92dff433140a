import { describe, expect, it } from 'vitest';
import type { Settings } from '../connector.ts';
import { imapSide } from './config.ts';
import { isPublic, type LookUp, placeOf } from './reach.ts';

const settings: Settings = {
  address: 'support@example.net',
  password: 'p',
  imapHost: 'imap.example.net',
  smtpHost: 'smtp.example.net',
};
const side = (host: string) => imapSide({ ...settings, imapHost: host });
const answers =
  (...addresses: string[]): LookUp =>
  () =>
    Promise.resolve(addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })));
const nobody: LookUp = () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' }));

describe('where a mail server may be', () => {
  it.each([
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.2.1',
    '192.168.1.1',
    '198.18.0.1',
    '203.0.113.7',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:10.0.0.1',
    '::ffff:8.8.8.8',
    '64:ff9b::a00:1',
    'fe80::1',
    'fe80::1%eth0',
    'fc00::1',
    'fd00:ec2::254',
    'fec0::1',
    'ff02::1',
    '2001:db8::1',
    '2001::1',
    '2002:a00:1::',
    '100::1',
    '3fff::1',
    'not an address',
  ])('is not %s', (address) => {
    expect(isPublic(address)).toBe(false);
  });

  it.each([
    '1.1.1.1',
    '8.8.8.8',
    '172.15.0.1',
    '172.32.0.1',
    '100.128.0.1',
    '192.0.3.1',
    '2606:4700::1111',
    '2a00:1450::1',
  ])('may be %s', (address) => {
    expect(isPublic(address)).toBe(true);
  });

  it('is the address that was looked at, with the name for the certificate', async () => {
    const asked: string[] = [];
    const lookUp: LookUp = (name) => {
      asked.push(name);
      // A name that points elsewhere when it is asked again.
      return answers(asked.length === 1 ? '8.8.8.8' : '127.0.0.1')(name);
    };
    expect(await placeOf(side('imap.example.net'), settings, lookUp)).toEqual({
      address: '8.8.8.8',
      port: 993,
      servername: 'imap.example.net',
    });
    expect(asked).toEqual(['imap.example.net']);
  });

  it('takes the public one of several addresses, and IPv4 before IPv6', async () => {
    const place = await placeOf(
      side('mixed.example.net'),
      settings,
      answers('::1', '2606:4700::1111', '10.0.0.1', '1.1.1.1'),
    );
    expect(place.address).toBe('1.1.1.1');
  });

  it.each([
    ['127.0.0.1', answers()],
    ['[::1]', answers()],
    ['2130706433', answers('127.0.0.1')],
    ['0x7f.1', answers('127.0.0.1')],
    ['localhost', answers('127.0.0.1', '::1')],
    ['metadata.example.net', answers('169.254.169.254')],
    ['inside.example.net', answers('::ffff:192.168.0.1')],
  ])('refuses %s, naming the setting', async (host, lookUp) => {
    await expect(placeOf(side(host), settings, lookUp)).rejects.toMatchObject({
      class: 'permanent',
      code: 'privateHost',
      field: 'imapHost',
    });
  });

  it('is on a private network where an administrator names it', async () => {
    const allowed = { ...settings, privateHosts: 'mail.internal.example, 10.0.0.5' };
    const place = await placeOf(side('Mail.Internal.Example.'), allowed, answers('10.0.0.4'));
    expect(place.address).toBe('10.0.0.4');
    expect(await placeOf(side('10.0.0.5'), allowed)).toEqual({ address: '10.0.0.5', port: 993 });
    await expect(placeOf(side('10.0.0.6'), allowed)).rejects.toMatchObject({ code: 'privateHost' });
  });

  it('is looked for again when nobody knows its name', async () => {
    await expect(placeOf(side('gone.example.net'), settings, nobody)).rejects.toMatchObject({
      class: 'retryable',
      code: 'ENOTFOUND',
      field: 'imapHost',
    });
    await expect(placeOf(side('empty.example.net'), settings, answers())).rejects.toMatchObject({
      class: 'retryable',
    });
  });

  it.each(['', 'imap example', 'imap.example.net/x', 'https://imap.example.net', 'user@host', '-'])(
    'cannot be “%s”',
    (host) => {
      expect(() => side(host)).toThrow(expect.objectContaining({ class: 'permanent', field: 'imapHost' }));
    },
  );

  it('has a port that ports can be', () => {
    for (const imapPort of [70_000, 1.5, 0])
      expect(() => imapSide({ ...settings, imapPort })).toThrow(
        expect.objectContaining({ field: 'imapPort' }),
      );
    expect(imapSide({ ...settings, imapPort: '۱۴۳' }).port).toBe(143);
    expect(imapSide({ ...settings, imapSecurity: 'starttls' }).port).toBe(143);
  });
});
