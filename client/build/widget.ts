import { fileURLToPath } from 'node:url';
import { build, type InlineConfig, type Plugin } from 'vite';

const root = fileURLToPath(new URL('../widget/', import.meta.url));

/** What both parts are built with: nothing of the app's own plug-ins, and nothing inlined, which a strict policy would stop. */
function config(outDir: string): InlineConfig {
  return {
    configFile: false,
    root,
    base: '/widget/',
    publicDir: false,
    logLevel: 'warn',
    build: {
      outDir,
      emptyOutDir: false,
      assetsInlineLimit: 0,
      modulePreload: false,
      target: 'es2022',
      chunkSizeWarningLimit: 60,
    },
  };
}

/**
 * The web chat: `widget/loader.js`, one classic script under a name that stays, and the page of the frame with files named by
 * their content. A build of its own beside the app's, so that the two share no chunk.
 */
export async function buildWidget(outDir: string, options: { watch?: boolean } = {}): Promise<void> {
  const base = config(outDir);
  const watch = options.watch ? { watch: {} } : {};
  await build({
    ...base,
    build: {
      ...base.build,
      ...watch,
      rolldownOptions: {
        input: `${root}loader.ts`,
        output: { format: 'iife', entryFileNames: 'loader.js' },
      },
    },
  });
  await build({
    ...base,
    build: { ...base.build, ...watch, rolldownOptions: { input: `${root}frame.html` } },
  });
}

/** Builds the web chat beside the app's pages, into `widget/` of the same folder. */
export function widget(): Plugin {
  let outDir = '';
  let writes = true;
  return {
    name: 'yekja:widget',
    configResolved(resolved) {
      outDir = resolved.build.outDir;
      writes = resolved.build.write;
    },
    async closeBundle(error) {
      if (!error && writes && this.meta.watchMode === false) await buildWidget(`${outDir}/widget`);
    },
    // `npm run dev`: the server hands out what is built here, again at each change.
    configureServer: () => void buildWidget(`${outDir}/widget`, { watch: true }),
  };
}
