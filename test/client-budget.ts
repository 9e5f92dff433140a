import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

export interface ClientBudget {
  /** Bytes after gzip of the scripts that the page asks for before it can show anything. */
  initialJs: number;
  /** The largest script among those that wait until somebody needs them. */
  lazyJs: number;
  css: number;
  font: number;
  /** What every page of an organisation loads for the web chat. */
  widgetLoader: number;
  /** The web chat altogether, without its font: the loader, and every script and style of the frame. */
  widget: number;
}

/** What may not be exceeded, in bytes after gzip (the font is not compressed again). */
export const budget: ClientBudget = {
  initialJs: 200_000,
  lazyJs: 60_000,
  css: 20_000,
  font: 115_000,
  widgetLoader: 3_000,
  widget: 30_000,
};

/** Weighs a built client: the entry of its page and everything that is imported from there without waiting. */
export async function weighClient(dir: string): Promise<ClientBudget> {
  const page = await readFile(join(dir, 'index.html'), 'utf8');
  const named = [...page.matchAll(/(?:src|href)="\/([^"]+)"/g)].map(([, file]) => file ?? '');
  const scripts = new Set<string>();
  const follow = async (file: string): Promise<void> => {
    if (scripts.has(file)) return;
    scripts.add(file);
    const code = await readFile(join(dir, file), 'utf8');
    for (const [, next] of code.matchAll(/(?:from|import)\s*["']\.\/([^"']+\.js)["']/g))
      if (next) await follow(join('assets', next));
  };
  for (const file of named) if (file.endsWith('.js')) await follow(file);
  if (scripts.size < 2) throw new Error(`${dir} holds no built client: run the build first.`);
  const weigh = async (file: string) => gzipSync(await readFile(join(dir, file)), { level: 9 }).length;
  const sum = async (files: Iterable<string>) => {
    let total = 0;
    for (const file of files) total += await weigh(file);
    return total;
  };
  const fonts = new Set(named.filter((file) => file.endsWith('.woff2')));
  let font = 0;
  for (const file of fonts) font += (await stat(join(dir, file))).size;
  let lazyJs = 0;
  for (const name of await readdir(join(dir, 'assets'))) {
    const file = join('assets', name);
    if (name.endsWith('.js') && !scripts.has(file)) lazyJs = Math.max(lazyJs, await weigh(file));
  }
  const frame = (await readdir(join(dir, 'widget/assets'))).filter((name) => !name.endsWith('.woff2'));
  const widgetLoader = await weigh('widget/loader.js');
  return {
    widgetLoader,
    widget:
      widgetLoader + (await sum(['widget/frame.html', ...frame.map((name) => `widget/assets/${name}`)])),
    initialJs: await sum(scripts),
    lazyJs,
    css: await sum(named.filter((file) => file.endsWith('.css'))),
    font,
  };
}
