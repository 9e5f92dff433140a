interface Asked<Question, Answer> {
  question: Question;
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

/** Questions that one query may answer. */
const most = 100;

/**
 * Many questions of one kind, answered together: whoever asks while a query is on its way shares the next one. No answer is older
 * than its question, and nothing is kept.
 *
 * @param ask gives the answers in the order of the questions; where it throws, all of these questions fail
 * @returns asks on behalf of a server: the object that stands for it tells one from another in the same process
 */
export function gather<Server extends object, Question, Answer>(
  ask: (server: Server, questions: Question[]) => Promise<Answer[]>,
): (server: Server, question: Question) => Promise<Answer> {
  const waiting = new WeakMap<Server, Asked<Question, Answer>[]>();

  async function work(server: Server, queue: Asked<Question, Answer>[]): Promise<void> {
    while (queue.length > 0) {
      const asked = queue.splice(0, most);
      try {
        const answers = await ask(
          server,
          asked.map((one) => one.question),
        );
        for (const [index, one] of asked.entries()) one.resolve(answers[index] as Answer);
      } catch (error) {
        for (const one of asked) one.reject(error);
      }
    }
    waiting.delete(server);
  }

  return (server, question) =>
    new Promise((resolve, reject) => {
      const asked = { question, resolve, reject };
      const queue = waiting.get(server);
      if (queue) {
        queue.push(asked);
        return;
      }
      const begun = [asked];
      waiting.set(server, begun);
      void work(server, begun);
    });
}
