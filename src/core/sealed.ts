import { createHash, hash as oneShot } from 'node:crypto';
import type { Delivery } from '#contract';

/** One blob of a delivery: `[u32 length of the head][head: JSON of headers and query][body]`. */
export function packDelivery(delivery: Delivery): Buffer {
  const head = Buffer.from(JSON.stringify({ headers: delivery.headers, query: delivery.query }));
  const packed = Buffer.allocUnsafe(4 + head.length + delivery.body.length);
  packed.writeUInt32BE(head.length);
  packed.set(head, 4);
  packed.set(delivery.body, 4 + head.length);
  return packed;
}

export function unpackDelivery(packed: Buffer): Delivery {
  const headLength = packed.readUInt32BE(0);
  const head = JSON.parse(packed.toString('utf8', 4, 4 + headLength)) as Pick<Delivery, 'headers' | 'query'>;
  return { ...head, body: packed.subarray(4 + headLength) };
}

/** A raw event as bytes: one byte says whether it was text (0) or bytes (1). */
export const packRaw = (raw: string | Uint8Array): Buffer => Buffer.concat(rawPieces(raw));

/** The same in pieces. */
export const rawPieces = (raw: string | Uint8Array): [Buffer, Uint8Array] =>
  typeof raw === 'string' ? [Buffer.of(0), Buffer.from(raw)] : [Buffer.of(1), raw];

export function unpackRaw(packed: Buffer): string | Uint8Array {
  const body = packed.subarray(1);
  return packed[0] === 0 ? body.toString('utf8') : body;
}

export function sha256(...parts: (string | Uint8Array)[]): Buffer {
  const [only, ...more] = parts;
  // One call into OpenSSL: ids are hashed for every item, many times.
  if (only !== undefined && more.length === 0) return oneShot('sha256', only, 'buffer');
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}
