import { text } from 'node:stream/consumers';
import { createBus } from '../bus.ts';
import { connectDatabase } from '../db/connect.ts';
import { hasStore } from '../db/embedded/process/folder.ts';
import { ensureMongo } from '../db/embedded/process/launcher.ts';
import { createModels } from '../db/models.ts';
import { readEnv } from '../env.ts';
import { mintPassword } from '../users/password.ts';
import { resetPassword } from '../users/user.service.ts';

const usage = `npm run admin -- reset-password ADDRESS [--stdin]

Gives a user a new password, ends all their sessions and lets them sign in again if they were switched off.
The new password is made and printed; with --stdin it is read from standard input (10 to 200 characters).`;

/** What is done at the terminal of the server, where nobody need sign in. @returns the exit code */
async function main(args: string[]): Promise<number> {
  const [command, address, option, ...rest] = args;
  if (command === '--help' || command === 'help') {
    console.log(usage);
    return 0;
  }
  if (command !== 'reset-password' || !address || rest.length || (option && option !== '--stdin')) {
    console.error(usage);
    return 2;
  }
  const given = option === '--stdin' ? (await text(process.stdin)).replace(/\r?\n$/, '') : null;
  if (given !== null && (given.length < 10 || given.length > 200)) {
    console.error(`A password has 10 to 200 characters; this one has ${given.length}.`);
    return 2;
  }
  const password = given ?? mintPassword();
  const email = address.trim().toLowerCase();

  const env = readEnv();
  if (!env.mongoUri && !hasStore(env.dataDir)) {
    console.error(
      `${env.dataDir} holds no data, so nobody signs in there: name the right folder with DATA_DIR, or the database with MONGODB_URI.`,
    );
    return 1;
  }
  const uri =
    env.mongoUri ?? (await ensureMongo({ dataDir: env.dataDir, log: (line) => console.error(line) })).uri;
  const db = await connectDatabase(uri, { poolSize: 2 });
  try {
    const models = createModels(db);
    const bus = createBus((event, error) => console.error(`${event}: ${String(error)}`));
    if (!(await resetPassword({ models, bus }, email, password))) {
      const known = await models.logins.find({}, { _id: 1 }).limit(20).lean().exec();
      console.error(`Nobody signs in with ${email}.`);
      if (known.length) console.error(`Known addresses: ${known.map((login) => login._id).join(', ')}`);
      return 1;
    }
  } finally {
    await db.close();
  }
  console.log(
    given === null ? `The new password of ${email}: ${password}` : `${email} has the new password.`,
  );
  return 0;
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exit(1);
  },
);
