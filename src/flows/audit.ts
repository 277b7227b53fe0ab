import { linkHash } from '../core/chain.ts';
import { chainHeads, eventsAfter, type StoredEvent } from '../store/auditTrail.ts';
import type { Database } from '../store/database.ts';

export interface AuditResult {
  events: number;
  /** What does not fit, in Indonesian, for the operator; empty when the trail is whole. */
  breaks: string[];
}

/** Walks every chain of the trail: nothing may have been changed, removed from inside, or cut off at the end. */
export async function verifyAudit(db: Database): Promise<AuditResult> {
  const breaks: string[] = [];
  let events = 0;
  let last: StoredEvent | undefined;
  for (let page = await eventsAfter(db, undefined); page.length > 0; page = await eventsAfter(db, page.at(-1))) {
    for (const event of page) {
      const fault = faultOf(event, last);
      if (fault) breaks.push(`${nameOf(event)} nomor ${event.seq}: ${fault}`);
      last = event;
      events += 1;
    }
  }
  for (const { complaint_id, event_seq } of await chainHeads(db)) {
    breaks.push(`aduan ${complaint_id}: peristiwa terakhir (nomor ${event_seq}) tidak ada atau tidak cocok`);
  }
  return { events, breaks };
}

const nameOf = ({ complaint_id }: StoredEvent): string => (complaint_id ? `aduan ${complaint_id}` : 'rantai hub');

function faultOf(event: StoredEvent, before: StoredEvent | undefined): string | null {
  const previous = before && before.complaint_id === event.complaint_id ? before : undefined;
  if (event.seq !== (previous?.seq ?? 0) + 1) return 'ada peristiwa yang hilang sebelumnya';
  const prev = previous?.hash ?? null;
  if (!sameBytes(event.prev, prev)) return 'tidak bersambung dengan peristiwa sebelumnya';
  const hash = linkHash(prev, { ...event, complaintId: event.complaint_id });
  return hash.equals(event.hash) ? null : 'isinya telah berubah';
}

function sameBytes(a: Buffer | null, b: Buffer | null): boolean {
  return a === null || b === null ? a === b : a.equals(b);
}
