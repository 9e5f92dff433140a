// biome-ignore lint/style/noRestrictedImports: here it is made to last
import { lazy } from 'react';

/** Milliseconds between two attempts, doubled each time. */
const [firstPause, longestPause] = [500, 10_000];
/** So often a server that answers may lack a part before it is taken for gone. */
const refusals = 3;

/**
 * Fetches a part of the program. While the server is away it is asked for again and again: what is on screen goes on, and the part
 * comes with the network.
 * @throws what the import threw, when the server answers and does not have the part: it has another version by now
 */
export async function fetched<Part>(load: () => Promise<Part>): Promise<Part> {
  let refused = 0;
  for (let pause = firstPause; ; pause = Math.min(pause * 2, longestPause)) {
    try {
      return await load();
    } catch (error) {
      if (await serverAnswers()) refused += 1;
      if (refused === refusals) throw error;
    }
    await networkOr(pause);
  }
}

/** React's `lazy` for a part that may be wanted while the server is away. */
export const later: typeof lazy = (load) => lazy(() => fetched(load));

const serverAnswers = (): Promise<boolean> =>
  fetch('/healthz', { cache: 'no-store', signal: AbortSignal.timeout(longestPause) }).then(
    ({ ok }) => ok,
    () => false,
  );

/** Until the browser says that the network is back, at the latest after some milliseconds. */
function networkOr(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      window.removeEventListener('online', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    window.addEventListener('online', done);
  });
}
