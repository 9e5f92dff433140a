import { expect, test } from 'vitest';
import { connectDatabase } from './connect.ts';

test('an address that cannot be used is told without what is secret in it', async () => {
  for (const uri of [
    'mongodb://anna:ge/heim@db.example:27017/',
    'mongodb://anna:ge@heim@db.example:27017/',
    'mongodb://anna:geheim@db.example:27017/?tlsCertificateKeyFilePassword=heimlich&nonsense=1',
  ]) {
    const error = await connectDatabase(uri).catch((error: Error) => error);
    expect((error as Error).message).toMatch(/^The address of db\.example:27017 cannot be used \(.*%3A/);
    expect((error as Error).message).not.toMatch(/heim/);
  }
});
