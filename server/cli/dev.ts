import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** `npm run dev`: the server, started again at each change, and the pages before it, changed in place. One ends, both end. */
const root = fileURLToPath(new URL('../../', import.meta.url));
const children = [
  spawn(
    process.execPath,
    [`${root}node_modules/tsx/dist/cli.mjs`, 'watch', '--clear-screen=false', 'server/main.ts'],
    {
      cwd: root,
      stdio: 'inherit',
    },
  ),
  spawn(process.execPath, [`${root}node_modules/vite/bin/vite.js`], { cwd: root, stdio: 'inherit' }),
];

let code = 0;
let left = children.length;
const stop = () => {
  for (const child of children) child.kill('SIGTERM');
};
for (const child of children)
  child.on('exit', (status) => {
    code ||= status ?? 0;
    left -= 1;
    if (left === 0) process.exit(code);
    stop();
  });
process.on('SIGINT', stop);
process.on('SIGTERM', stop);
