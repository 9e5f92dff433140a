import { expect, it } from 'vitest';
import { createTestDatabase } from '../../test/database.ts';
import { connectDatabase } from '../db/connect.ts';
import { migrate, migrations } from '../db/migrations/index.ts';
import { createModels } from '../db/models.ts';
import { createLog } from '../log.ts';

it('what was said, and who was known, before there was a search is made known to it', async () => {
  const database = await createTestDatabase();
  const db = await connectDatabase(database.uri, { database: database.name });
  try {
    const run = (steps = migrations) =>
      migrate({ db, log: createLog({ level: 'silent' }), nodeId: 'n', leaseMs: 2_000, steps });
    await run(migrations.filter(({ id }) => id < '006'));
    const models = createModels(db);
    await models.messages.collection.insertMany([
      { _id: 'said', kind: 'message', at: new Date(0) },
      { _id: 'noted', kind: 'note', at: new Date(0) },
      { _id: 'event', kind: 'event', at: new Date(0) },
    ] as never[]);
    await models.customers.collection.insertOne({ _id: '1', name: 'علي رضايي', tokens: ['علی'] } as never);
    const number = '+989121234567';
    await models.identities.collection.insertOne({
      _id: `mobile:${number}`,
      kind: 'mobile',
      customerId: '1',
      value: number,
      display: number,
    } as never);
    await run();
    const owed = await models.messages.find({ todo: 'search' }).sort({ _id: 1 }).lean();
    expect(owed.map(({ _id }) => _id)).toEqual(['noted', 'said']);
    const customer = await models.customers.findById('1').lean();
    expect(customer?.tokens).toEqual(
      expect.arrayContaining(['علی رضایی', 'رضایی علی', '#4567', '#989121234567']),
    );
  } finally {
    await db.close();
    await database.close();
  }
});
