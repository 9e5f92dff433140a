import { rm } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build as bundle } from 'esbuild';
import { build as buildPages } from 'vite';
import packageJson from '../../package.json' with { type: 'json' };

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Programs, by the names they have in dist/server; all in one folder, so that one finds the other. */
const programs = {
  main: 'server/main.ts',
  engine: 'server/db/embedded/process/main.ts',
  admin: 'server/cli/admin.ts',
  db: 'server/cli/db.ts',
  inspect: 'server/cli/inspect.ts',
};

/** `npm run build`: the programs and the pages, into dist/. What is for tests alone must not get in. */
async function main(): Promise<void> {
  await rm(`${root}dist`, { recursive: true, force: true });
  const { metafile } = await bundle({
    absWorkingDir: root,
    entryPoints: programs,
    outdir: 'dist/server',
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    packages: 'external',
    sourcemap: true,
    metafile: true,
    logLevel: 'warning',
  });
  const strangers = Object.keys(metafile.inputs).filter((path) =>
    /^test\/|^client\/|\/simulators?\.ts$|\.test\.ts$/.test(path),
  );
  const dependencies = new Set(Object.keys(packageJson.dependencies));
  const missing = Object.values(metafile.outputs)
    .flatMap((output) => output.imports)
    .filter(({ path, external }) => external && !isBuiltin(path))
    .map(({ path }) =>
      path
        .split('/')
        .slice(0, path.startsWith('@') ? 2 : 1)
        .join('/'),
    )
    .filter((name) => !dependencies.has(name));
  if (missing.length)
    throw new Error(`These are no dependencies and would be missing: ${[...new Set(missing)].join(', ')}`);
  if (strangers.length) throw new Error(`These do not belong into the server: ${strangers.join(', ')}`);
  await buildPages({ configFile: `${root}vite.config.ts`, logLevel: 'warn' });
  console.log(`Built ${Object.keys(programs).length} programs and the pages into dist/.`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
});
