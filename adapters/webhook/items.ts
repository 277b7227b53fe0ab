import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type Delivery, type Item, item, type RawItem, type Unpacked } from '#contract';

const fieldsOf = (value: unknown) => (typeof value === 'object' ? (value ?? {}) : {}) as Record<string, unknown>;

/** Accepts `{ items: [...] }` or one bare item. Bytes that are not UTF-8 become U+FFFD; the envelope keeps them. */
export function unpack({ body }: Delivery): Unpacked {
  const batch = fieldsOf(JSON.parse(new TextDecoder().decode(body)));
  if (batch.wake === true) return 'wake';
  const members = Array.isArray(batch.items) ? batch.items : [batch];
  // A member that names no account belongs to that of its batch.
  return members.map((member) => rawItem(member, String(fieldsOf(member).account ?? batch.account ?? '')));
}

/** A member that cannot be read is kept all the same; `normalise` will say why. */
export function rawItem(member: unknown, account: string): RawItem {
  const raw = JSON.stringify(member);
  const { type, edited, objectId, at, code, state } = fieldsOf(member);
  const event = [edited === true ? 'edit' : type, objectId, at, code ?? state ?? ''];
  const key = JSON.stringify([type, objectId, at].every((part) => typeof part === 'string') ? event : [raw]);
  return { account, key: key.length <= 200 ? key : createHash('sha256').update(key).digest('hex'), raw };
}

export function normalise(raw: string | Uint8Array): Item {
  const { account: _, ...fields } = fieldsOf(parse(typeof raw === 'string' ? raw : new TextDecoder().decode(raw)));
  const read = item.safeParse(fields);
  if (!read.success) throw new Error(`This is not an item of kanal-aduan/item@1: ${z.prettifyError(read.error)}`);
  return read.data;
}

function parse(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    // JSON.parse quotes what it read, and a citizen's words do not belong in a log.
    throw new Error('The item is not JSON');
  }
}
