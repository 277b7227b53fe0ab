import { createHash, randomUUID } from 'node:crypto';
import { canonicalJson } from './chain.ts';
import { keyOf } from './imports/table.ts';

/** What tells one entry from another. */
interface Told {
  title?: string | undefined;
  text: string;
  permalink?: string | undefined;
  reference?: string | undefined;
  key?: string | undefined;
}

export interface Name {
  objectId: string;
  /** Of the event: the same again adds nothing. */
  key: string;
  /** What it was made of: the number or address at the place it comes from, the caller's own key, or nothing. */
  by: 'place' | 'key' | 'chance';
}

/**
 * The name of an entry by hand. On a channel that mirrors another place it is that of an import: a number there is one
 * report, whoever enters it. An address is one only together with the words, since many comments stand at one. Otherwise the
 * caller's key names it, and the order is part of the event's name, so that other words under one key are noticed. Pure, but
 * for the chance.
 */
export function nameOf({ userId, mirrors }: { userId: string; mirrors: boolean }, order: Told): Name {
  const { title, text, permalink, reference, key } = order;
  if (mirrors && (reference || permalink)) {
    const objectId = reference ?? `tautan-${digest([permalink, title ?? '', text])}`;
    return { objectId, key: keyOf({ objectId, text, ...(title && { title }) }), by: 'place' };
  }
  if (key === undefined) {
    const objectId = randomUUID();
    return { objectId, key: `entered ${objectId}`, by: 'chance' };
  }
  const objectId = `catatan-${digest([userId, key])}`;
  return { objectId, key: `entered ${objectId} ${digest(plainly(order))}`, by: 'key' };
}

const digest = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 40);

/** Equal orders are written alike, in whatever order their fields came. */
const plainly = (order: object): string => canonicalJson(JSON.parse(JSON.stringify(order)));
