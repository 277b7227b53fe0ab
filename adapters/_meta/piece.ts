import { createHash } from 'node:crypto';
import type { RawItem } from '#contract';
import type { Fields } from './json.ts';

/** One event of an entry, before its key is made safe. `raw` is what `normalise` will read. */
export interface Piece {
  account: string;
  /** What names the event; `null`: nothing does, so its own bytes do. */
  key: readonly (string | number)[] | null;
  raw: Fields;
  incomplete?: boolean;
}

export interface Entry {
  /** Page, Instagram account or WhatsApp business account. */
  id: string;
  /** When Meta sent it: seconds, in messaging milliseconds. */
  time: unknown;
  fields: Fields;
}

/** Also for what is polled: the same event then has the same key. */
export function rawItem(adapter: string, { account, key, raw, incomplete }: Piece): RawItem {
  const text = JSON.stringify(raw);
  const name = key ? key.join(' ') : `other ${digest(text)}`;
  return {
    account,
    adapter,
    key: name.length <= 200 ? name : digest(name),
    raw: text,
    ...(incomplete && { incomplete: true }),
  };
}

export const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
