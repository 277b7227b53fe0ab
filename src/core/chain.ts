import { createHash } from 'node:crypto';
import type { Json } from '#contract';

/** What one link of the audit chain says. `data` holds ids and hashes only. */
export interface Link {
  id: string;
  complaintId: string | null;
  seq: number;
  at: Date;
  actor: string;
  type: string;
  data: Json;
}

/** SHA-256 over the previous hash and the canonical form of the link: nothing can be changed or removed unnoticed. */
export function linkHash(prev: Uint8Array | null, link: Link): Buffer {
  const { id, complaintId, seq, at, actor, type, data } = link;
  const hash = createHash('sha256');
  if (prev) hash.update(prev);
  return hash.update(canonicalJson([id, complaintId, seq, at.toISOString(), actor, type, data])).digest();
}

/** JSON with sorted keys, so that the same content always has the same text, whatever a jsonb column did to it. */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const members = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key] as Json)}`);
  return `{${members.join(',')}}`;
}
