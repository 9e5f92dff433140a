import { generateKeyPairSync } from 'node:crypto';
import { createTransport } from 'nodemailer';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Dns } from '../connector.ts';
import { checkSender } from './check.ts';

/** Answers by `name type`; ENOTFOUND for what it does not have, as the system's resolver. */
function zone(records: Record<string, unknown[]>, asked: string[] = []): Dns {
  return {
    resolve: async (name: string, type: string) => {
      asked.push(`${name} ${type}`);
      const found = records[`${name} ${type}`];
      if (found) return found as never;
      throw Object.assign(new Error(`${name} has no ${type}.`), { code: 'ENOTFOUND' });
    },
  };
}

const keys = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'der' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const policy = { '_dmarc.example.com TXT': [['v=DMARC1; p=reject']] };
const key = { 's1._domainkey.example.com TXT': [[`v=DKIM1; k=rsa; p=${keys.publicKey.toString('base64')}`]] };
const settings = { authserv: 'mx.example.net' };

let signed: Buffer;
beforeAll(async () => {
  const transport = createTransport({
    streamTransport: true,
    buffer: true,
    newline: 'windows',
    dkim: { domainName: 'example.com', keySelector: 's1', privateKey: keys.privateKey },
  });
  const sent = await transport.sendMail({
    from: 'سارا <sara@example.com>',
    to: 'support@example.net',
    subject: 'سفارش',
    text: 'سلام، سفارش من کجاست؟',
  });
  signed = sent.message as Buffer;
});

const mail = (headers: string, from = 'sara@example.com'): Buffer =>
  Buffer.from(
    `${headers}From: ${from}\nSubject: x\nTo: support@example.net\n\nwords\n`.replace(/\n/g, '\r\n'),
  );

const check = (raw: Uint8Array, dns: Dns, given: Record<string, string> = {}) =>
  checkSender({ raw, dns, settings: given });

const outside =
  'Received: from mail.example.com (mail.example.com [203.0.113.5])\n\tby mx.example.net with ESMTPS id 1; now\n';
const says = (result: string, domain = 'example.com'): string =>
  `Authentication-Results: mx.example.net;\n\tdkim=none; spf=pass smtp.mailfrom=${domain};\n\tdmarc=${result} (p=REJECT) header.from=${domain}\n`;

describe('without a server’s word', () => {
  it('a signature of the sender’s domain proves them', async () => {
    const { check: verdict, detail } = await check(signed, zone({ ...policy, ...key }));
    expect({ verdict, detail }).toEqual({
      verdict: 'pass',
      detail: 'DMARC pass for example.com, by DKIM signature of example.com.',
    });
  });

  it('a mail that was changed on its way is not theirs', async () => {
    const changed = Buffer.from(signed);
    changed[changed.length - 10] = changed[changed.length - 10] === 65 ? 66 : 65;
    expect((await check(changed, zone({ ...policy, ...key }))).check).toBe('fail');
  });

  it('somebody else’s signature proves nothing about them', async () => {
    const forged = Buffer.from(
      signed.toString('latin1').replace('sara@example.com', 'boss@example.org'),
      'latin1',
    );
    const dns = zone({ ...key, '_dmarc.example.org TXT': [['v=DMARC1; p=none']] });
    expect((await check(forged, dns)).check).not.toBe('pass');
  });

  it('a domain without a policy is neither proven nor refused, and its organisation is asked too', async () => {
    expect(await check(mail(''), zone({}))).toEqual({
      check: 'none',
      detail: 'example.com publishes no DMARC policy.',
    });
    const asked: string[] = [];
    expect((await check(mail('', 'a@shop.example.com'), zone({}, asked))).check).toBe('none');
    expect(asked).toEqual(expect.arrayContaining(['_dmarc.shop.example.com TXT', '_dmarc.example.com TXT']));
    expect((await check(mail('', 'a@shop.example.com'), zone(policy))).check).toBe('unknown');
  });

  it('says that SPF cannot be asked when nobody knows who delivered the mail', async () => {
    const { check: verdict, detail } = await check(mail(outside), zone(policy));
    expect(verdict).toBe('unknown');
    expect(detail).toContain('SPF');
  });

  it('asks SPF about the host that our own server names, and nobody else’s', async () => {
    const spf = { 'example.com TXT': [['v=spf1 ip4:203.0.113.5 -all']] };
    const path = 'Return-Path: <sara@example.com>\n';
    const dns = zone({ ...policy, ...spf });
    expect(await check(mail(path + outside), dns, settings)).toMatchObject({
      check: 'pass',
      detail: 'DMARC pass for example.com, by SPF of example.com.',
    });
    const within = 'Received: by 2001:db8::1 with SMTP id abc; now\n';
    expect((await check(mail(within + path + outside), dns, settings)).check).toBe('pass');
    const other = outside.replaceAll('203.0.113.5', '198.51.100.9');
    expect((await check(mail(path + other), dns, settings)).check).toBe('fail');
    // A line of the sender's own, below the one of our server.
    expect((await check(mail(path + other + outside), dns, settings)).check).toBe('fail');
    expect((await check(mail(path + outside), dns, { authserv: 'mx.other.example' })).check).toBe('unknown');
  });
});

describe('our own server’s word', () => {
  const nobody = zone(policy);
  it('holds above the line in which it took the mail over', async () => {
    for (const headers of [says('pass') + outside, says('pass')]) {
      const { check: verdict, detail } = await check(mail(headers), nobody, settings);
      expect(verdict).toBe('pass');
      expect(detail).toContain('receiving mail server');
    }
    const inside =
      'Received: from mx.example.net (localhost [127.0.0.1])\n\tby box.example.net with LMTP; now\n';
    expect((await check(mail(inside + says('pass') + outside), nobody, settings)).check).toBe('pass');
    expect((await check(mail(says('fail') + outside), zone({}), settings)).check).toBe('fail');
    expect((await check(mail(says('none') + outside), nobody, settings)).check).toBe('none');
    expect((await check(mail(says('temperror') + outside), zone({}), settings)).check).toBe('unknown');
  });

  it.each([
    ['below the line of our server', outside + says('pass')],
    ['below another server’s line', `Received: from a by mx.other.example; now\n${says('pass')}`],
    ['below a line that a sender wrote in our name', outside + outside + says('pass')],
    [
      'below a hop inside that a sender made up',
      `${outside}Received: from x (x [10.0.0.1]) by mx.example.net; now\n${says('pass')}`,
    ],
    ['by a server of another name', says('pass').replace('mx.example.net', 'mx.evil.example') + outside],
    [
      'by a name that begins like ours',
      says('pass').replace('mx.example.net', 'mx.example.net.evil.example') + outside,
    ],
    ['in a comment', says('none').replace('dmarc=none', 'x=y (dmarc=pass)') + outside],
    ['about another domain', says('pass', 'evil.example') + outside],
    ['in another field', `X-${says('pass')}${outside}`],
  ])('is not believed %s', async (_, headers) => {
    expect((await check(mail(headers), nobody, settings)).check).not.toBe('pass');
  });

  it('is believed below its line when it speaks against the sender', async () => {
    expect((await check(mail(outside + says('fail')), zone({}), settings)).check).toBe('fail');
  });

  it('and a forged one beside it: the server’s own counts', async () => {
    expect((await check(mail(says('fail') + outside + says('pass')), nobody, settings)).check).toBe('fail');
    expect((await check(mail(says('fail') + says('pass') + outside), nobody, settings)).check).toBe('fail');
  });

  it('is not asked for when no server is named', async () => {
    expect((await check(mail(says('pass') + outside), nobody)).check).toBe('unknown');
    expect((await check(mail(says('pass') + outside), nobody, { authserv: '  ' })).check).toBe('unknown');
  });
});

describe('a mail that cannot be checked', () => {
  it.each([
    ['', 'fail'],
    ['\r\n\r\n', 'fail'],
    ['From: nobody\r\n\r\nx', 'fail'],
    ['From: a@example.com, b@example.org\r\n\r\nx', 'fail'],
    ['From: a@example.com\r\nFrom: b@example.com\r\n\r\nx', 'fail'],
    [`From: a@example.com\r\nX: ${'x'.repeat(200_000)}\r\n\r\nx`, 'unknown'],
    [
      'From: a@example.com\r\nDKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=; b=!!; bh=\r\n\r\nx',
      'unknown',
    ],
    [
      `From: a@example.com\r\n${'DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=a; h=from; b=AA==; bh=AA==\r\n'.repeat(200)}\r\nx`,
      'fail',
    ],
  ])('%j is %s', async (text, expected) => {
    expect((await check(Buffer.from(text), zone(policy))).check).toBe(expected);
  });

  it('is unknown when the domain name system is down, and proves nothing', async () => {
    const down: Dns = {
      resolve: () => Promise.reject<never>(Object.assign(new Error('down'), { code: 'ESERVFAIL' })),
    };
    expect((await check(signed, down)).check).toBe('unknown');
    const half: Dns = {
      resolve: (async (name: string, type: 'TXT') =>
        name.includes('_domainkey')
          ? down.resolve(name, type)
          : zone(policy).resolve(name, type)) as Dns['resolve'],
    };
    expect((await check(signed, half)).check).toBe('unknown');
  });

  it('is unknown when nobody answers and the listener is stopped', async () => {
    const silent: Dns = { resolve: () => new Promise<never>(() => undefined) };
    const stop = new AbortController();
    const waiting = checkSender({ raw: signed, dns: silent, settings: {}, signal: stop.signal });
    stop.abort();
    expect((await waiting).check).toBe('unknown');
  });

  it('is not asked about without end', async () => {
    const asked: string[] = [];
    const includes = Object.fromEntries(
      Array.from({ length: 200 }, (_, n) => [
        `i${n}.example.com TXT`,
        [[`v=spf1 include:i${n + 1}.example.com -all`]],
      ]),
    );
    const dns = zone(
      { ...policy, ...includes, 'example.com TXT': [['v=spf1 include:i0.example.com -all']] },
      asked,
    );
    const path = 'Return-Path: <sara@example.com>\n';
    expect((await check(mail(path + outside), dns, settings)).check).not.toBe('pass');
    expect(asked.length).toBeLessThanOrEqual(50);
  });
});
