import { describe, expect, it } from 'vitest';
import { createLog } from './log.ts';

function capture() {
  const lines: string[] = [];
  const log = createLog({ level: 'debug' }, { write: (line: string) => void lines.push(line) });
  return { log, all: () => lines.join('') };
}

describe('the log', () => {
  it('keeps no secret, whatever way it came in', () => {
    const { log, all } = capture();
    const token = '123456789:AAHk-thisIsTheTokenOfABotNobodyOwns_1';
    log.info({ url: `https://api.example/bot${token}/sendMessage` }, `call bot${token}`);
    log.warn({ err: new Error(`refused ${token}`, { cause: new Error('https://u:p4ss@host/') }) }, 'failed');
    log.info({
      headers: { cookie: 'session=abcdef', authorization: 'Bearer zzz' },
      apiKey: '4D6F',
      passwordHash: 'x',
    });
    log.info('GET /v1/4D6F757365415049/sms/send.json, session=abcdef; POST /hooks/k3J9sd0aa');
    log.child({ token }).info('child');
    for (const secret of [token, 'thisIsTheToken', 'abcdef', 'zzz', '4D6F', 'p4ss', 'k3J9sd0aa', '"x"'])
      expect(all()).not.toContain(secret);
    expect(all()).toContain('bot[redacted]/sendMessage');
  });

  it('keeps no text of a message', () => {
    const { log, all } = capture();
    log.info({ message: { id: 'm1', text: 'سلام، شماره کارتم' }, payload: Buffer.from('سلام') }, 'stored');
    expect(all()).not.toContain('سلام');
    expect(all()).toContain('m1');
  });

  it('says what went wrong, with its class and cause', () => {
    const { log, all } = capture();
    log.error(
      { err: Object.assign(new Error('no answer'), { code: 'ECONNRESET', class: 'retryable' }) },
      'send',
    );
    const line = JSON.parse(all());
    expect(line).toMatchObject({
      level: 'error',
      err: { message: 'no answer', code: 'ECONNRESET', class: 'retryable' },
    });
  });
});
