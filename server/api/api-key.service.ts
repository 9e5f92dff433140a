import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { may, type Viewer } from '../../shared/access.ts';
import type { ApiKey, ApiKeyCreate, ApiKeyMade } from '../../shared/api-key.ts';
import { AppError } from '../../shared/errors.ts';
import type { Context } from '../context.ts';
import { mayNot } from '../users/user.create.ts';
import type { ApiKeyDoc } from './api-key.model.ts';

/** `yk_`, twelve characters that are no secret, `_`, 43 that are: 256 random bits. */
const shape = /^yk_([a-f0-9]{12})_([A-Za-z0-9_-]{43})$/;
const mostKeys = 100;
/** When a key was used is written down at most so often. */
const noteMs = 60_000;

const hashOf = (secret: string) => createHash('sha256').update(secret).digest();

function presentApiKey(key: ApiKeyDoc): ApiKey {
  return {
    id: key._id,
    name: key.name,
    prefix: `yk_${key._id}`,
    scopes: [...key.scopes],
    createdAt: key.createdAt.toISOString(),
    createdBy: key.createdBy,
    lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
    revokedAt: key.revokedAt?.toISOString() ?? null,
  };
}

/** Newest first; revoked ones too. @throws AppError forbidden */
export async function listApiKeys(ctx: Context, viewer: Viewer): Promise<{ apiKeys: ApiKey[] }> {
  if (!may(viewer, 'apiKey.manage')) throw mayNot('see API keys');
  const keys = await ctx.models.apiKeys.find({}).sort({ createdAt: -1, _id: 1 }).lean<ApiKeyDoc[]>().exec();
  return { apiKeys: keys.map(presentApiKey) };
}

/** The answer alone has the whole key: it is stored hashed. @throws AppError forbidden, conflict */
export async function createApiKey(ctx: Context, viewer: Viewer, form: ApiKeyCreate): Promise<ApiKeyMade> {
  if (!may(viewer, 'apiKey.manage')) throw mayNot('make API keys');
  const live = await ctx.models.apiKeys.countDocuments({ revokedAt: null }).exec();
  if (live >= mostKeys)
    throw new AppError({
      code: 'conflict',
      message: `There are ${mostKeys} API keys. Revoke one that is not used any more.`,
    });
  const id = randomBytes(6).toString('hex');
  const secret = randomBytes(32).toString('base64url');
  const key: ApiKeyDoc = {
    _id: id,
    name: form.name,
    hash: hashOf(secret).toString('hex'),
    scopes: [...new Set(form.scopes)],
    createdAt: ctx.now(),
    createdBy: viewer.id,
    lastUsedAt: null,
    revokedAt: null,
  };
  await ctx.models.apiKeys.insertMany([key]);
  ctx.bus.emit('lists.changed', { list: 'apiKeys', userId: null });
  return { ...presentApiKey(key), secret: `yk_${id}_${secret}` };
}

/** It opens nothing from now on; it stays in the list. @throws AppError forbidden, notFound */
export async function revokeApiKey(ctx: Context, viewer: Viewer, id: string): Promise<ApiKey> {
  if (!may(viewer, 'apiKey.manage')) throw mayNot('revoke API keys');
  const revokedAt = ctx.now();
  await ctx.models.apiKeys.updateOne({ _id: id, revokedAt: null }, { $set: { revokedAt } }).exec();
  const key = await ctx.models.apiKeys.findById(id).lean<ApiKeyDoc>().exec();
  if (!key) throw new AppError({ code: 'notFound', message: 'There is no such API key.' });
  ctx.bus.emit('lists.changed', { list: 'apiKeys', userId: null });
  return presentApiKey(key);
}

/** Compared in constant time; what is not even shaped like a key is not looked up. */
export async function findApiKey(ctx: Context, token: string): Promise<ApiKeyDoc | null> {
  const [, id, secret] = shape.exec(token) ?? [];
  if (!id || !secret) return null;
  const key = await ctx.models.apiKeys.findById(id).lean<ApiKeyDoc>().exec();
  const expected = key ? Buffer.from(key.hash, 'hex') : hashOf('');
  const right = timingSafeEqual(hashOf(secret), expected);
  if (!key || !right || key.revokedAt) return null;
  const now = ctx.now();
  if (!key.lastUsedAt || now.getTime() - key.lastUsedAt.getTime() >= noteMs)
    await ctx.models.apiKeys.updateOne({ _id: key._id }, { $max: { lastUsedAt: now } }).exec();
  return key;
}
