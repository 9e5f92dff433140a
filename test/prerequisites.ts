import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** What only tests need and npm cannot bring. */
const programs = [
  {
    name: 'chromium',
    packages: ['chromium', 'fonts-noto-color-emoji'],
    found: () => chromiumPath() !== null,
  },
  { name: 'redis-server', packages: ['redis-server'], found: () => onPath('redis-server') !== null },
  { name: 'dovecot', packages: ['dovecot-imapd'], found: () => onPath('dovecot') !== null },
];

/** The browser of the journeys: CHROMIUM_PATH, or the first of the usual names on PATH. */
export function chromiumPath(): string | null {
  const named = process.env.CHROMIUM_PATH;
  if (named) return existsSync(named) ? named : null;
  return onPath('chromium') ?? onPath('chromium-browser') ?? onPath('google-chrome');
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
    const packages = missing.flatMap((program) => program.packages);
    log(`installing for the tests: ${packages.join(' ')}`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    spawnSync('apt-get', ['update', '-qq'], { stdio: 'inherit', env });
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], {
      stdio: 'inherit',
      env,
    });
  }
  return programs.filter((program) => !program.found()).map((program) => program.name);
}
