import * as z from 'zod/mini';

export const tagColours = [
  'grey',
  'red',
  'orange',
  'yellow',
  'green',
  'teal',
  'blue',
  'purple',
  'pink',
] as const;

/** A free label of conversations. Archived: no longer offered, still shown where it is. */
export const Tag = z.object({
  id: z.string(),
  name: z.string(),
  colour: z.enum(tagColours),
  archived: z.boolean(),
});
export type Tag = z.infer<typeof Tag>;

const name = z.string().check(z.trim(), z.minLength(1), z.maxLength(40));
/** Agents may make tags while they work; a name that exists already (normalised) answers with that tag. */
export const TagCreate = z.object({ name, colour: z.optional(z.enum(tagColours)) });
export type TagCreate = z.infer<typeof TagCreate>;
export const TagUpdate = z.partial(z.object({ name, colour: z.enum(tagColours), archived: z.boolean() }));
export type TagUpdate = z.infer<typeof TagUpdate>;
