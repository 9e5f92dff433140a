import net from 'node:net';
import { describe, expect, it } from 'vitest';
import { addressOf } from './address.ts';
import type { Listed } from './inventory.ts';
import { sameIndex } from './inventory.ts';
import { refusals } from './refusals.ts';
import { connect, explained, mustBeSet } from './side.ts';

describe('an address', () => {
  it('is told by its hosts; user, password and secret options are hidden', () => {
    const cases: [string, string][] = [
      ['mongodb://ali:s3cr3t@db.example:27017/?replicaSet=rs0', 'db.example:27017'],
      ['mongodb+srv://ali:s3cr3t@cluster.example/shop', 'cluster.example'],
      ['mongodb://a.example,b.example:27018/?authSource=admin', 'a.example,b.example:27018'],
      ['mongodb://%2Frun%2Fengine.sock/?directConnection=true', '/run/engine.sock'],
      ['mongodb://ali:s3cr3t/with@sign@db.example/shop', 'db.example'],
      ['mongodb://ali:s3cr3t?x@db.example', 'db.example'],
    ];
    for (const [uri, name] of cases) expect(addressOf(uri).name).toBe(name);
    const { hide } = addressOf(
      'mongodb://ali:s3%2Fcr3t@db.example/?authMechanismProperties=AWS_SESSION_TOKEN:t0ken&ssl=true',
    );
    expect(hide('s3%2Fcr3t s3/cr3t AWS_SESSION_TOKEN:t0ken db.example')).toBe('… … … db.example');
  });

  it('that is none is refused with the words of a right one', () => {
    expect(() => addressOf('db.example:27017')).toThrow('mongodb://user:password@host:27017/?replicaSet=rs0');
  });

  it('that the driver cannot read is refused without the password', async () => {
    for (const uri of [
      'mongodb://ali:s3cr3t@',
      'mongodb://ali:s3cr3t/x@host',
      'mongodb://ali:s3cr3t@host/?nonsense=1',
      'mongodb://ali:s3cr3t%ZZ@host:99999',
    ]) {
      const error = (await connect(uri).catch((reason: unknown) => reason)) as Error;
      expect(error.message).toMatch(/^the address of .* cannot be used/);
      expect(error.message).not.toContain('s3cr3t');
    }
  });

  it('where nothing answers is told', { timeout: 30_000 }, async () => {
    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as net.AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    await expect(connect(`mongodb://ali:s3cr3t@127.0.0.1:${port}/`)).rejects.toThrow(
      /^nothing answers at 127\.0\.0\.1:\d+ within 10 s .*Is it running/,
    );
  });
});

describe("a server's complaint", () => {
  const address = addressOf('mongodb://ali:s3cr3t@db.example/');
  it.each([
    [{ code: 18, message: 'Authentication failed.' }, /did not accept the user and password/],
    [{ code: 13, message: 'not authorized on shop to execute insert' }, /refuses this user.*role readWrite/],
    [{ code: 14031, message: 'No space left' }, /the disk is full: shop\.items at db\.example.*goes on/],
    [{ code: 8, message: 'quota exceeded: out of disk' }, /the disk is full/],
    [{ name: 'MongoNetworkError', message: 'read ECONNRESET' }, /broke off.*goes on where it was/],
    [{ code: 10107, message: 'not primary' }, /changing its primary.*goes on/],
    [{ name: 'MongoWriteConcernError', message: 'waiting' }, /not acknowledged by a majority.*goes on/],
    [{ code: 11000, message: 'E11000 …' }, /somebody else writes there/],
    [
      { code: 121, message: 'Document failed validation' },
      /^shop\.items at db\.example: Document failed.*121/,
    ],
    [{ message: 'odd: s3cr3t' }, /odd: …$/],
  ])('%j becomes a sentence that names the place and what to do', (error, wanted) => {
    const { message } = explained(error, { address, ns: 'shop.items' });
    expect(message).toMatch(wanted);
    expect(message).not.toContain('s3cr3t');
  });

  it('a single server is no target', () => {
    expect(() => mustBeSet({ set: undefined, address })).toThrow(
      /^db\.example is a single MongoDB server: .* need a replica set.*--replSet/,
    );
    expect(() => mustBeSet({ set: 'rs0', address })).not.toThrow();
  });
});

describe('what the embedded engine cannot hold', () => {
  const listed = (name: string, more: Partial<Listed> = {}): Listed => ({
    db: 'shop',
    name,
    ns: `shop.${name}`,
    type: 'collection',
    options: {},
    indexes: [],
    ...more,
  });

  it('is named, all of it at once, and nothing else is', () => {
    const found = refusals([
      listed('plain', { options: { uuid: 1, changeStreamPreAndPostImages: { enabled: false } } }),
      listed('log', { options: { capped: true, size: 4096 } }),
      listed('weather', { type: 'timeseries', options: { timeseries: {} } }),
      listed('recent', { type: 'view', options: { viewOn: 'plain', pipeline: [] } }),
      listed('strict', { options: { validator: { a: 1 }, validationLevel: 'strict' } }),
      listed('german', { options: { collation: { locale: 'de' } } }),
      listed('clustered', { options: { clusteredIndex: { key: { _id: 1 } }, expireAfterSeconds: 5 } }),
      listed('items', {
        indexes: [
          { v: 2, key: { a: 1 }, name: 'a_1', unique: true },
          { v: 2, key: { _fts: 'text', _ftsx: 1 }, name: 'words', weights: { a: 1 }, textIndexVersion: 3 },
          { v: 2, key: { place: '2dsphere' }, name: 'place', '2dsphereIndexVersion': 3 },
          { v: 2, key: { h: 'hashed' }, name: 'h' },
          { v: 2, key: { '$**': 1 }, name: 'all' },
          { v: 2, key: { b: 1 }, name: 'b', collation: { locale: 'fa' } },
          { v: 2, key: { c: 1 }, name: 'c', hidden: true },
        ],
      }),
    ]);
    expect(found.map(({ name, why }) => `${name} ${why.split(/[:(]/)[0]}`)).toEqual([
      'shop.log a capped collection',
      'shop.weather a time series collection',
      'shop.recent a view',
      'shop.strict a collection with validator, validationLevel',
      'shop.german a collection with collation',
      'shop.clustered a collection with clusteredIndex, expireAfterSeconds',
      'shop.items:words an index of the kind text',
      'shop.items:place an index of the kind 2dsphere',
      'shop.items:h an index of the kind hashed',
      'shop.items:all an index',
      'shop.items:b an index',
      'shop.items:c an index',
    ]);
  });

  it('two specifications are the same index if nothing but idle fields differs', () => {
    const spec = { v: 2, key: { a: 1, b: -1 }, name: 'x', unique: true };
    expect(sameIndex(spec, { ...spec, v: 1, background: true, sparse: false, ns: 'a.b' })).toBe(true);
    expect(sameIndex(spec, { ...spec, key: { b: -1, a: 1 } })).toBe(false);
    expect(sameIndex(spec, { ...spec, unique: false })).toBe(false);
    expect(sameIndex(spec, { ...spec, expireAfterSeconds: 0 })).toBe(false);
    expect(sameIndex(spec, { ...spec, name: 'y' })).toBe(false);
  });
});
