/* Runs inside the page: Playwright sends these functions there, so they may name nothing of this file. */

declare global {
  interface Window {
    probe: {
      frames: number[];
      longTasks: number[];
      /** Milliseconds from a key to the next paint, as the browser's Event Timing says: 16 and more, in steps of 8. */
      keys: number[];
      /** Begins to collect frames; resolves with their lengths when told to stop. */
      run: boolean;
    };
  }
}

/** Before any script of the page: what the browser itself observes is kept. */
export function install(): void {
  window.probe = { frames: [], longTasks: [], keys: [], run: false };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.probe.longTasks.push(entry.duration);
  }).observe({ type: 'longtask' });
  const seen = new Set<number>();
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (entry.name !== 'keydown' || seen.has(entry.startTime)) continue;
      seen.add(entry.startTime);
      window.probe.keys.push(entry.duration);
    }
  }).observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit);
}

export function forget(): void {
  window.probe.frames.length = 0;
  window.probe.longTasks.length = 0;
  window.probe.keys.length = 0;
}

/** Scrolls an element at this pace (pixels a second; negative is up) for so long, and gives every frame's length in ms. */
export async function scroll(options: {
  selector: string;
  pace: number;
  ms: number;
}): Promise<{ frames: number[]; blank: number; moved: number }> {
  const box = document.querySelector(options.selector);
  if (!box) throw new Error(`There is no ${options.selector} on the page.`);
  const frames: number[] = [];
  const from = performance.now();
  let last = from;
  let blank = 0;
  let moved = 0;
  await new Promise<void>((resolve) => {
    const step = (now: number) => {
      frames.push(now - last);
      const before = box.scrollTop;
      box.scrollTop += (options.pace * (now - last)) / 1000;
      moved += Math.abs(box.scrollTop - before);
      last = now;
      const { left, top: y, width, height } = box.getBoundingClientRect();
      const under = document.elementFromPoint(left + width / 2, y + height / 2);
      if (under === box || under?.parentElement === box) blank += 1;
      if (now - from < options.ms) requestAnimationFrame(step);
      else resolve();
    };
    requestAnimationFrame((now) => {
      last = now;
      requestAnimationFrame(step);
    });
  });
  return { frames, blank, moved };
}

/** Goes to the top again and again until the first message there begins with these words. @returns whether it came to that */
export async function toBeginning(options: {
  selector: string;
  words: string;
  ms: number;
}): Promise<boolean> {
  const box = document.querySelector(options.selector);
  if (!box) throw new Error(`There is no ${options.selector} on the page.`);
  const from = performance.now();
  while (performance.now() - from < options.ms) {
    box.scrollTop = 0;
    await new Promise((resolve) => requestAnimationFrame(resolve));
    if (box.querySelector('article')?.textContent?.includes(options.words)) return true;
  }
  return false;
}

/** Scrolls to an end again and again until the content is so high, or nothing comes. */
export async function loadAll(options: {
  selector: string;
  to: 'top' | 'bottom';
  /** Height at which all is loaded. */
  until: number;
  ms: number;
}): Promise<number> {
  const box = document.querySelector(options.selector);
  if (!box) throw new Error(`There is no ${options.selector} on the page.`);
  const from = performance.now();
  while (box.scrollHeight < options.until && performance.now() - from < options.ms) {
    box.scrollTop = options.to === 'bottom' ? box.scrollHeight : 0;
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
  return box.scrollHeight;
}

/**
 * Scrolls up step by step; whenever a page was put in above during a step, tells by how many pixels a message in the middle of the
 * screen stands elsewhere than the step alone would have put it.
 */
export async function drift(options: { selector: string; prepends: number; ms: number }): Promise<number[]> {
  const box = document.querySelector(options.selector);
  if (!box) throw new Error(`There is no ${options.selector} on the page.`);
  const drifts: number[] = [];
  const step = 240;
  const from = performance.now();
  const settled = async () => {
    for (let n = 0; n < 4; n += 1) await new Promise((resolve) => requestAnimationFrame(resolve));
  };
  while (drifts.length < options.prepends && performance.now() - from < options.ms) {
    await settled();
    // At the very top there is no room for a step until a page has come.
    if (box.scrollTop < step) continue;
    const top = box.getBoundingClientRect().top;
    const mark = [...box.querySelectorAll('article')].find(
      (each) => each.getBoundingClientRect().top >= top + 40,
    );
    if (!mark) continue;
    const height = box.scrollHeight;
    const before = mark.getBoundingClientRect().top;
    box.scrollTop -= step;
    await settled();
    if (box.scrollHeight < height + 1_000 || !mark.isConnected) continue;
    drifts.push(Math.abs(mark.getBoundingClientRect().top - (before + step)));
  }
  return drifts;
}
