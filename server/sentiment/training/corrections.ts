import { connectDatabase } from '../../db/connect.ts';
import { hasStore } from '../../db/embedded/process/folder.ts';
import { ensureMongo } from '../../db/embedded/process/launcher.ts';
import { readEnv } from '../../env.ts';
import { type SentimentLabelDoc, sentimentLabelModel } from '../label.model.ts';

/** Reads what agents corrected, by their messages, from the installation that the environment names. */
export async function withCorrections(
  use: (corrections: AsyncIterable<SentimentLabelDoc>) => Promise<void>,
): Promise<void> {
  const env = readEnv();
  if (!env.mongoUri && !hasStore(env.dataDir))
    throw new Error(
      `${env.dataDir} holds no data, so nothing was corrected there: name the right folder with DATA_DIR, or the database with MONGODB_URI.`,
    );
  const uri =
    env.mongoUri ??
    (await ensureMongo({ dataDir: env.dataDir, log: (line) => process.stderr.write(`${line}\n`) })).uri;
  const db = await connectDatabase(uri, { poolSize: 2 });
  try {
    await use(sentimentLabelModel(db).find({}).sort({ _id: 1 }).lean<SentimentLabelDoc>().cursor());
  } finally {
    await db.close();
  }
}
