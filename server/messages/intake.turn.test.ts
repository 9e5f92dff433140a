import { describe, expect, it } from 'vitest';
import type { InboundEvent } from '../../connectors/connector.ts';
import type { Context } from '../context.ts';
import { inTurn } from './intake.turn.ts';

const from = (value: string) =>
  [{ type: 'message', sender: { kind: 'mobile', value } } as InboundEvent] as const;

/** Begins deeds that end when they are told to. */
function stage() {
  const log: string[] = [];
  const ends = new Map<string, (error?: Error) => void>();
  const deed = (name: string) => () => {
    log.push(name);
    return new Promise<string>((resolve, reject) => {
      ends.set(name, (error) => (error ? reject(error) : resolve(name)));
    });
  };
  return { log, deed, end: (name: string, error?: Error) => ends.get(name)?.(error) };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('messages of one sender', () => {
  it('are taken in one after the other, also after a failure; others and other servers do not wait', async () => {
    const [here, there] = [{} as Context, {} as Context];
    const { log, deed, end } = stage();
    const first = inTurn(here, from('1'), deed('first'));
    const second = inTurn(here, from('1'), deed('second'));
    const third = inTurn(here, from('1'), deed('third'));
    const other = inTurn(here, from('2'), deed('other'));
    const elsewhere = inTurn(there, from('1'), deed('elsewhere'));
    await settled();
    expect(log.sort()).toEqual(['elsewhere', 'first', 'other']);
    end('first', new Error('contended'));
    await expect(first).rejects.toThrow('contended');
    await settled();
    expect(log).toHaveLength(4);
    expect(log.at(-1)).toBe('second');
    end('second');
    expect(await second).toBe('second');
    await settled();
    expect(log.at(-1)).toBe('third');
    for (const name of ['third', 'other', 'elsewhere']) end(name);
    expect(await Promise.all([third, other, elsewhere])).toEqual(['third', 'other', 'elsewhere']);
  });
});
