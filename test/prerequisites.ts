import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** What only tests need and npm cannot bring. */
const programs = [
  {
    name: 'chromium',
    packages: ['chromium', 'fonts-noto-color-emoji'],
    found: () => chromiumPath({ whole: true }) !== null,
  },
  {
    name: 'chromium-headless-shell',
    packages: ['chromium-headless-shell'],
    found: () => Boolean(process.env.CHROMIUM_PATH) || onPath('chromium-headless-shell') !== null,
    /** The whole Chromium does as well, and takes a fifth more of the processor. */
    optional: true,
  },
  { name: 'redis-server', packages: ['redis-server'], found: () => onPath('redis-server') !== null },
  { name: 'dovecot', packages: ['dovecot-imapd'], found: () => onPath('dovecot') !== null },
];

/**
 * The browser of the journeys: CHROMIUM_PATH, or the first of the usual names on PATH.
 * @param options.whole not the one without windows, which keeps what a whole Chromium denies to frames of other sites
 */
export function chromiumPath(options: { whole?: boolean } = {}): string | null {
  const named = process.env.CHROMIUM_PATH;
  if (named) return existsSync(named) ? named : null;
  const light = options.whole ? null : onPath('chromium-headless-shell');
  return light ?? onPath('chromium') ?? onPath('chromium-browser') ?? onPath('google-chrome');
}

export function onPath(name: string): string | null {
  for (const folder of (process.env.PATH ?? '').split(':')) {
    const file = `${folder}/${name}`;
    if (folder && existsSync(file)) return file;
  }
  return null;
}

/** Installs what is missing where it can (Debian, as root); returns the names of what is missing still. */
export function installPrerequisites(log: (line: string) => void): string[] {
  const missing = programs.filter((program) => !program.found());
  const debian = onPath('apt-get') !== null && process.getuid?.() === 0;
  if (missing.length && debian) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const apt = (...args: string[]) => spawnSync('apt-get', [...args, '-qq'], { stdio: 'inherit', env });
    if (missing.some(({ optional }) => !optional)) apt('update');
    for (const { packages } of missing) {
      log(`installing for the tests: ${packages.join(' ')}`);
      apt('install', '-y', '--no-install-recommends', ...packages);
    }
  }
  return programs.filter(({ optional, found }) => !optional && !found()).map(({ name }) => name);
}
