import { z } from 'zod';
import { plain } from '../_meta/match.ts';
import { digest } from '../_meta/piece.ts';
import type { Answer } from './render.ts';
import type { Review, StandingReply } from './reviews.ts';
import type { Context } from './settings.ts';

const answer = z.object({ key: z.string(), text: z.string(), at: z.string() });

/** What the hub wrote below one review. */
const written = z.object({
  /** Those that surely stood there, oldest first. */
  answers: z.array(answer).default([]),
  /** On their way or in doubt, the newest last; `mark` is that of the reply that carries it. */
  open: z.array(answer.extend({ mark: z.string() })).default([]),
  /** Of every reply as it was written, newest last: told from what people write in Google's own pages. */
  marks: z.array(z.string()).default([]),
  /** The mark of the reply that Google refused last. */
  rejected: z.string().optional(),
});
export type Written = z.infer<typeof written>;

const MOST_MARKS = 30;
const MOST_OPEN = 10;

const rowOf = (name: string): string => `review ${digest(name)}`;
export const markOf = (text: string): string => digest(plain(text)).slice(0, 16);

const read = (value: unknown): Written => written.parse(value ?? {});

export const readWritten = async (ctx: Context, name: string): Promise<Written> =>
  read(await ctx.store.get(rowOf(name)));

/** Changes it under its row lock: of two that answer one review, one waits. */
export async function changeWritten(
  ctx: Context,
  name: string,
  change: (old: Written) => Written | Promise<Written>,
): Promise<Written> {
  return read(await ctx.store.update(rowOf(name), async (old) => JSON.parse(JSON.stringify(await change(read(old))))));
}

const isSame = (mark: string) => (one: { mark: string }) => one.mark === mark;

/** Is this reply one that the hub wrote, now or earlier? Pure. */
export const isOurs = ({ marks, open }: Written, { comment }: StandingReply): boolean =>
  marks.includes(markOf(comment)) || open.some(isSame(markOf(comment)));

/** An answer goes out with this reply. Pure. */
export function opened(old: Written, next: Answer, reply: string): Written {
  const others = old.open.filter(({ key }) => key !== next.key);
  return { ...old, open: [...others, { ...next, mark: markOf(reply) }].slice(-MOST_OPEN) };
}

/** The open answer with this key stands there, with these words. Pure. */
export function confirmed(old: Written, key: string, { comment }: StandingReply): Written {
  const found = old.open.find((one) => one.key === key);
  if (!found) return old;
  const { mark, ...stands } = found;
  return {
    ...old,
    answers: [...old.answers.filter((one) => one.key !== key), stands],
    open: old.open.filter((one) => one.key !== key),
    marks: [...new Set([...old.marks, mark, markOf(comment)].toReversed())].toReversed().slice(-MOST_MARKS),
  };
}

/**
 * What the present reply tells of what we wrote: an open answer that stands is confirmed; a refused one is taken out, so
 * that it does not have the next one refused, too; words from outside the hub take the place of ours, as they do there.
 * Pure; the same reply changes nothing the second time.
 */
export function settled(old: Written, { reply }: Pick<Review, 'reply'>): Written {
  if (!reply) return old;
  const mark = markOf(reply.comment);
  const open = old.open.find(isSame(mark));
  const known = open ? confirmed(old, open.key, reply) : old;
  if (!isOurs(known, reply)) return { ...known, answers: [{ key: '', text: reply.comment, at: reply.updateTime }] };
  if (reply.state !== 'REJECTED' || known.rejected === mark || known.marks.at(-1) !== mark) return known;
  return { ...known, answers: known.answers.slice(0, -1), rejected: mark };
}

/** The answers that the next one has to carry. Pure. */
export const earlierThan = ({ answers }: Written, key: string): Answer[] => answers.filter((one) => one.key !== key);
