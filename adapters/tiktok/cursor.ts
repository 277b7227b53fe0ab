import { z } from 'zod';

const step = z.discriminatedUnion('do', [
  /** The newest videos, with how many comments each has. */
  z.strictObject({ do: z.literal('videos'), at: z.int(), count: z.int() }),
  /** Comments of a video, newest first. */
  z.strictObject({ do: z.literal('comments'), video: z.string(), at: z.int() }),
  /** The replies below one, where not all came with it. */
  z.strictObject({ do: z.literal('replies'), video: z.string(), comment: z.string(), at: z.int() }),
  /** A video was walked: what was seen before, and is missing now, is looked for by its number. */
  z.strictObject({ do: z.literal('settle'), video: z.string() }),
  z.strictObject({ do: z.literal('mentions'), of: z.enum(['video', 'comment']), at: z.int() }),
]);
export type Step = z.infer<typeof step>;

/** Whose a comment is, how it stands, and below which one: `c P`, `o H 7301…`. */
const seen = z.record(z.string(), z.string());

const video = z.strictObject({
  /** Comments, as TikTok counted them when they were last walked. */
  count: z.int(),
  /** The time of the newest comment; and when the video was last walked in part and in whole. ISO 8601. */
  mark: z.string(),
  readAt: z.string(),
  fullAt: z.string(),
  seen,
  /** Missing the last time. Missing twice, they are gone. */
  lost: z.array(z.string()),
  /** Empty where TikTok gives none. */
  caption: z.string(),
  url: z.string(),
});
export type Video = z.infer<typeof video>;

/** A walk through one video. */
const walk = z.strictObject({
  found: seen,
  /** To the very end, not only to what is known. */
  full: z.boolean(),
  /** How many comments more there must be, as the counter says. */
  wanted: z.int(),
  count: z.int(),
  top: z.string(),
});
export type Walk = z.infer<typeof walk>;

export const cursor = z.strictObject({
  todo: z.array(step),
  videos: z.record(z.string(), video),
  walks: z.record(z.string(), walk),
});
export type Cursor = z.infer<typeof cursor>;

export const EMPTY: Cursor = { todo: [], videos: {}, walks: {} };
