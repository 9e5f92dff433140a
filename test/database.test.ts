import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { connectDatabase } from '../server/db/connect.ts';
import { createTestDatabase, databaseUri, dropLeftovers, primaryUri } from './database.ts';

describe('the URI of a database of one’s own', () => {
  it.each([
    ['mongodb://db:27017', 'mongodb://db:27017/mine'],
    ['mongodb://db:27017/yekja?replicaSet=rs0', 'mongodb://db:27017/mine?replicaSet=rs0'],
    [
      'mongodb://%2Ftmp%2Fa.sock/?directConnection=true',
      'mongodb://%2Ftmp%2Fa.sock/mine?directConnection=true',
    ],
    ['mongodb://a:1,b:2,[::1]:3/?w=1', 'mongodb://a:1,b:2,[::1]:3/mine?w=1'],
    ['mongodb+srv://me:secret@cluster.example.com/x', 'mongodb+srv://me:secret@cluster.example.com/mine'],
  ])('of %s is %s', (given, made) => expect(databaseUri(given, 'mine')).toBe(made));

  it('signs in where the given one does', () => {
    expect(databaseUri('mongodb://me:secret@db/users', 'mine')).toBe(
      'mongodb://me:secret@db/mine?authSource=users',
    );
    expect(databaseUri('mongodb://me:secret@db/', 'mine')).toBe(
      'mongodb://me:secret@db/mine?authSource=admin',
    );
    expect(databaseUri('mongodb://me:secret@db/a?authSource=b', 'mine')).toBe(
      'mongodb://me:secret@db/mine?authSource=b',
    );
  });

  it('is refused for what is no URI, without repeating it', () => {
    expect(() => databaseUri('localhost:secret', 'mine')).toThrow(/^((?!secret).)*mongodb:\/\/host:port/);
  });

  it('has no way by a proxy when the connection is encrypted', async () => {
    await expect(primaryUri('mongodb://db:1/?tls=true')).rejects.toThrow('encrypted');
    await expect(primaryUri('mongodb+srv://cluster.example.com/')).rejects.toThrow('encrypted');
  });
});

describe('a database of a test', () => {
  it('is the one that its URI names, and leads straight to the primary', async () => {
    const database = await createTestDatabase();
    try {
      const connection = await connectDatabase(await primaryUri(database.uri));
      expect(connection.name).toBe(database.name);
      await connection.close();
    } finally {
      await database.close();
    }
  });

  it('left behind by a run is dropped by name, and another run’s is not', async () => {
    // Databases are listed and dropped by the tests alone, never by the product.
    const database = await createTestDatabase({ unrecorded: true });
    try {
      const connection = await connectDatabase(database.uri);
      const run = randomBytes(4).toString('hex');
      const others = [`test_${run}0_a`, `own_${run}_a`];
      for (const name of [`test_${run}_a`, `test_${run}_b`, ...others])
        await connection.getClient().db(name).createCollection('things');
      expect(await dropLeftovers(database.uri, run)).toBe(2);
      const { databases } = await connection
        .getClient()
        .db('admin')
        .admin()
        .listDatabases({ nameOnly: true });
      expect(databases.map(({ name }) => name)).toEqual(expect.arrayContaining(others));
      for (const name of others) await connection.getClient().db(name).dropDatabase();
      await connection.close();
    } finally {
      await database.close();
    }
  });
});
