import { describe, expect, it } from 'vitest';
import { mintHookId } from './channels/hook.ts';
import { key } from './db/key.ts';
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

  it('names a raw event without the secret address it came to', () => {
    const { log, all } = capture();
    const hookId = mintHookId();
    const event = key(hookId, '30005050', 'in:77');
    log.warn({ event, err: new Error(`duplicate key { _id: "${event}" }`) }, `event ${event} failed`);
    expect(all()).not.toContain(hookId);
    expect(all()).toContain('[hook]:30005050:');
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
