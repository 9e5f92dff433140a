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
  const top = box.scrollTop;
  let last = from;
  let blank = 0;
  await new Promise<void>((resolve) => {
    const step = (now: number) => {
      frames.push(now - last);
      box.scrollTop += (options.pace * (now - last)) / 1000;
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
  return { frames, blank, moved: Math.abs(box.scrollTop - top) };
}

/** Scrolls to an end again and again until `count` elements are known (by aria-setsize or by the scroll height), or nothing comes. */
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
 * Scrolls up a little at a time; whenever something was put in above, tells by how many pixels what was on screen moved against where
 * the scrolling alone would have put it.
 */
export async function drift(options: { selector: string; prepends: number; ms: number }): Promise<number[]> {
  const box = document.querySelector(options.selector);
  if (!box) throw new Error(`There is no ${options.selector} on the page.`);
  const drifts: number[] = [];
  const from = performance.now();
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  while (drifts.length < options.prepends && performance.now() - from < options.ms) {
    box.scrollTop = Math.max(300, box.scrollTop - 400);
    await frame();
    await frame();
    const middle = box.getBoundingClientRect().top + box.clientHeight / 2;
    const mark = [...box.querySelectorAll('article')].find(
      (each) => each.getBoundingClientRect().top >= middle - 200,
    );
    if (!mark) continue;
    const key = mark.id || mark.textContent;
    const height = box.scrollHeight;
    const before = mark.getBoundingClientRect().top;
    const deadline = performance.now() + 400;
    // Stands still until a page has come, or none does.
    while (box.scrollHeight < height + 500 && performance.now() < deadline) await frame();
    if (box.scrollHeight < height + 500) continue;
    await frame();
    await frame();
    const after = mark.isConnected
      ? mark
      : [...box.querySelectorAll('article')].find((each) => (each.id || each.textContent) === key);
    if (after) drifts.push(Math.abs(after.getBoundingClientRect().top - before));
  }
  return drifts;
}
