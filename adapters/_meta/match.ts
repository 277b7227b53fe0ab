import { ChannelError, type Finding, type Reply } from '#contract';
import type { Fields } from './json.ts';
import { fieldsOf, fromGraphTime, idOf, textOf } from './json.ts';

/** As people would call it the same: Meta trims, and changes line ends and white space. */
export const plain = (text: string): string =>
  text
    .normalize('NFC')
    .replace(/[\s\u200B-\u200D\u2060\uFEFF]+/g, ' ')
    .trim();

/** Clocks differ. */
const SLACK_MS = 120_000;

export interface Looked {
  /** Is it from our account? `undefined`: Meta does not say who wrote it. */
  ours: boolean | undefined;
  id: string;
  text: string;
  at: number;
}

/** What Graph gives of a comment (`message` or `text`, `created_time` or `timestamp`). */
export function lookedAt(one: Fields, own: { id?: string; username?: string }): Looked {
  const { id, username } = fieldsOf(one.from);
  const who = idOf(id);
  const name = textOf(username) ?? textOf(one.username);
  const sameName = name !== undefined && name.toLowerCase() === own.username?.toLowerCase();
  const ours = who === undefined && name === undefined ? undefined : who === own.id || sameName;
  return {
    ours,
    id: idOf(one.id) ?? '',
    text: textOf(one.message) ?? textOf(one.text) ?? '',
    at: Date.parse(fromGraphTime(one.created_time ?? one.timestamp) ?? ''),
  };
}

/**
 * Which of these is our reply: from our account, with the same words, not written before we first tried. One with the
 * same words by nobody we can see may be it. `undefined`: none of them.
 */
export function findOurs(reply: Reply, text: string, looked: readonly Looked[]): Finding | undefined {
  const words = plain(text);
  const since = reply.firstAttemptAt.getTime() - SLACK_MS;
  const same = looked.filter((one) => plain(one.text) === words && !(one.at < since));
  const found = same.find((one) => one.ours && one.id);
  if (found) return { found: { publishedId: found.id } };
  return same.some((one) => one.ours === undefined) ? 'unknown' : undefined;
}

/** Is everything from here on older than our first try? */
export const isBefore = (reply: Reply, looked: readonly Looked[]): boolean =>
  looked.length > 0 && looked.every((one) => one.at < reply.firstAttemptAt.getTime() - SLACK_MS);

/** What was sent may show late: not seen counts as absent only after it was looked for so long. */
export function absentAfter(reply: Reply, now: Date, lookForMs: number): Finding {
  const since = reply.uncertainSince ?? reply.firstAttemptAt;
  return now.getTime() - since.getTime() >= lookForMs ? 'absent' : 'unknown';
}

/** A look-up that Meta could not answer just now has found nothing out. */
export async function lookUp(look: () => Promise<Finding>): Promise<Finding> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof ChannelError && error.kind === 'retry') return 'unknown';
    throw error;
  }
}

export const tooLong = (what: string) =>
  new ChannelError('refused', `${what}: teksnya terlalu panjang`, { reason: 'content' });
