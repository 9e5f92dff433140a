import { describe, expect, it } from 'vitest';
import { gather } from './gather.ts';

describe('questions gathered into one query', () => {
  it('are answered each with its own, in queries that begin after they were asked', async () => {
    const queries: { questions: number[]; go(): void }[] = [];
    const ask = gather<object, number, string>(async (_server, questions) => {
      await new Promise<void>((resolve) => queries.push({ questions, go: resolve }));
      return questions.map((question) => `answer ${question}`);
    });
    const server = {};
    const first = ask(server, 1);
    const later = [ask(server, 2), ask(server, 3)];
    expect(queries.map((query) => query.questions)).toEqual([[1]]);
    queries[0]?.go();
    expect(await first).toBe('answer 1');
    await Promise.resolve();
    expect(queries[1]?.questions).toEqual([2, 3]);
    queries[1]?.go();
    expect(await Promise.all(later)).toEqual(['answer 2', 'answer 3']);
  });

  it('of two servers are not mixed, and a failure is of those who asked together', async () => {
    let broken = true;
    const ask = gather<{ name: string }, number, string>(async (server, questions) => {
      if (broken) throw new Error('the database is away');
      return questions.map((question) => `${server.name}${question}`);
    });
    await expect(ask({ name: 'a' }, 1)).rejects.toThrow('the database is away');
    broken = false;
    const [a, b] = [{ name: 'a' }, { name: 'b' }];
    expect(await Promise.all([ask(a, 1), ask(b, 2), ask(a, 3)])).toEqual(['a1', 'b2', 'a3']);
  });
});
