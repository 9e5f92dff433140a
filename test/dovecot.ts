import { spawn } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onPath } from './prerequisites.ts';
import { freePort } from './redis.ts';

/** A real Dovecot of this test's own: one mailbox, on a free port of loopback, in a folder of its own. */
export interface Dovecot {
  port: number;
  user: string;
  password: string;
  /** Numbers the folder anew, as after a restore. Nobody may have it open. */
  renumber(): Promise<void>;
  close(): Promise<void>;
}

/** Dovecot keeps its login processes apart by user: it must be started as root, who may become nobody. */
export function dovecotPath(): string | null {
  return process.getuid?.() === 0 ? onPath('dovecot') : null;
}

const nobody = { uid: 65_534, gid: 65_534 };

export async function startDovecot(): Promise<Dovecot> {
  const program = dovecotPath();
  if (!program)
    throw new Error('Dovecot is not here, or this is not root. On Debian: apt-get install dovecot-imapd.');
  const port = await freePort();
  const dir = await mkdtemp(join(tmpdir(), 'yekja-dovecot-'));
  const user = 'support';
  const password = 'a real mailbox password';
  await chmod(dir, 0o755);
  for (const folder of ['run', 'state', 'mail']) await mkdir(join(dir, folder), { mode: 0o755 });
  await chown(join(dir, 'mail'), nobody.uid, nobody.gid);
  await writeFile(join(dir, 'passwd'), `${user}:{PLAIN}${password}\n`, { mode: 0o644 });
  await writeFile(join(dir, 'dovecot.conf'), configOf(dir, port));
  const child = spawn(program, ['-F', '-c', join(dir, 'dovecot.conf')], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      said += String(chunk);
    });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const close = async () => {
    child.kill('SIGTERM');
    await gone;
    await rm(dir, { recursive: true, force: true });
  };
  try {
    await Promise.race([
      answering(port),
      gone.then(async () => {
        const log = await readFile(join(dir, 'dovecot.log'), 'utf8').catch(() => '');
        throw new Error(`Dovecot ended before it was ready: ${said}${log}`);
      }),
    ]);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    port,
    user,
    password,
    async renumber() {
      const box = join(dir, 'mail', user);
      const list = await readFile(join(box, 'dovecot-uidlist'), 'utf8');
      const validity = Number(/^3 V(\d+)/.exec(list)?.[1]);
      for (const name of await readdir(box))
        if (name.startsWith('dovecot')) await rm(join(box, name), { recursive: true });
      // The new number is the present second: it must not be the old one again.
      const wait = validity * 1000 + 1000 - Date.now();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    },
    close,
  };
}

/** Its master opens the port itself, as soon as it has read its configuration. */
async function answering(port: number): Promise<void> {
  for (;;) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = net.connect(port, '127.0.0.1');
      socket.once('data', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Settings of Dovecot 2.3 (doc.dovecot.org); without TLS, and quick in telling what is new. */
function configOf(dir: string, port: number): string {
  return `protocols = imap
base_dir = ${dir}/run
state_dir = ${dir}/state
log_path = ${dir}/dovecot.log
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_internal_user = nobody
default_internal_group = nogroup
default_login_user = nobody
login_trusted_networks = 127.0.0.1
auth_failure_delay = 0
first_valid_uid = 1
mail_max_userip_connections = 50
mail_location = maildir:${dir}/mail/%u
passdb {
  driver = passwd-file
  args = scheme=PLAIN username_format=%u ${dir}/passwd
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=${dir}/mail/%u
}
namespace inbox {
  inbox = yes
  mailbox Sent {
    auto = subscribe
    special_use = \\Sent
  }
}
service imap-login {
  chroot =
  inet_listener imap {
    address = 127.0.0.1
    port = ${port}
  }
  inet_listener imaps {
    port = 0
  }
}
service anvil {
  chroot =
}
service stats {
  chroot =
}
`;
}
