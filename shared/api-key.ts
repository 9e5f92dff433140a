import * as z from 'zod/mini';

export const apiScopes = ['customers:read', 'customers:write', 'records:read', 'records:write'] as const;
export type ApiScope = (typeof apiScopes)[number];

/** A key by which a program of the organisation uses `/api/v1`. */
export const ApiKey = z.object({
  id: z.string(),
  name: z.string(),
  /** How the key begins: by this it is told from others. The rest is kept nowhere. */
  prefix: z.string(),
  scopes: z.array(z.enum(apiScopes)),
  createdAt: z.string(),
  createdBy: z.string(),
  lastUsedAt: z.nullable(z.string()),
  revokedAt: z.nullable(z.string()),
});
export type ApiKey = z.infer<typeof ApiKey>;

export const ApiKeyCreate = z.object({
  name: z.string().check(z.trim(), z.minLength(1), z.maxLength(80)),
  scopes: z.array(z.enum(apiScopes)).check(z.minLength(1), z.maxLength(apiScopes.length)),
});
export type ApiKeyCreate = z.infer<typeof ApiKeyCreate>;

/** The answer to its making, and only to that: `secret` is the whole key, shown once. */
export const ApiKeyMade = z.extend(ApiKey, { secret: z.string() });
export type ApiKeyMade = z.infer<typeof ApiKeyMade>;
