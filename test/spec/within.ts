import { SpecFailure } from './failure.ts';

/** Waits for work at most so long; what takes longer has failed, with a sentence that says so. */
export async function within<T>(work: Promise<T>, limit: { ms: number; late: string }): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new SpecFailure(limit.late)), limit.ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
