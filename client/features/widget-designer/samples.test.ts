import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { mintSecret, samples } from './samples.ts';

const secret = 'a-secret-of-many-characters';
/** Users whose text is awkward in one language or another. */
const users = [
  { userId: 'c-1042', name: '', email: '', mobile: '' },
  { userId: 'c/1042', name: 'پریسا نیک‌بخت', email: 'parisa@customers.example', mobile: '' },
  {
    userId: '7',
    name: 'O’Neil "Q" \\ </script> \u2028 é',
    email: 'a/b@customers.example',
    mobile: '09120000000',
  },
  { userId: '8', name: 'tab\tand\nline 🌱', email: '', mobile: '' },
];

const code = (id: string) => samples.find((sample) => sample.id === id)?.code ?? '';
const asked = JSON.stringify({ secret, users });

/** Each language reads the users on its standard input and says their hashes. */
const programs: Record<string, { command: string; args: (source: string) => string[]; source: string }> = {
  node: {
    command: process.execPath,
    args: (source) => ['--input-type=module', '-e', source],
    source: `${code('node')}
import { readFileSync } from 'node:fs';
const { secret, users } = JSON.parse(readFileSync(0, 'utf8'));
console.log(JSON.stringify(users.map((user) => signUser(secret, user).hash)));`,
  },
  python: {
    command: 'python3',
    args: (source) => ['-c', source],
    source: `${code('python')}
import sys
asked = json.loads(sys.stdin.buffer.read().decode())
print(json.dumps([sign_user(asked['secret'], u['userId'], u['name'], u['email'], u['mobile'])['hash'] for u in asked['users']]))`,
  },
  php: {
    command: 'php',
    args: (source) => ['-r', source],
    source: `${code('php')}
$asked = json_decode(stream_get_contents(STDIN), true);
echo json_encode(array_map(fn($user) => sign_user($asked['secret'], $user)['hash'], $asked['users']));`,
  },
};

/** As the server reads a signed user. */
const expected = users.map(({ userId, name, email, mobile }) =>
  createHmac('sha256', secret)
    .update(JSON.stringify([userId, name, email, mobile]), 'utf8')
    .digest('hex'),
);

function has(command: string): boolean {
  try {
    execFileSync(command, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe('the code that a site copies to sign its users', () => {
  // PHP is on few machines of ours: where it is, it is run like the others.
  it.each(samples.map(({ id }) => id).filter((id) => id !== 'php' || has('php')))(
    'makes the right hash in %s',
    (id) => {
      const program = programs[id];
      if (!program) throw new Error(`no program for ${id}`);
      const said = execFileSync(program.command, program.args(program.source), {
        input: asked,
        encoding: 'utf8',
      });
      expect(JSON.parse(said)).toEqual(expected);
    },
  );
});

it('a secret is 256 bits, and never the same', () => {
  expect(mintSecret()).toMatch(/^[0-9a-f]{64}$/);
  expect(mintSecret()).not.toBe(mintSecret());
});
