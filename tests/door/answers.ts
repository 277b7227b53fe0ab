import { sql } from 'kysely';
import type { State } from '#contract';
import { sha256 } from '../../src/core/sealed.ts';
import { newId } from '../../src/store/database.ts';
import { appendEvents } from '../../src/store/events.ts';
import type { Complaint } from '../../src/store/schema.ts';
import type { TestDoor } from './helper.ts';

export const complaintOf = ({ hub }: TestDoor, ticketNo: string): Promise<Complaint> =>
  hub.deps.db.selectFrom('complaint').selectAll().where('ticket_no', '=', ticketNo).executeTakeFirstOrThrow();

/** Moves a complaint as an officer would. */
export async function step(door: TestDoor, ticketNo: string, to: State, reason?: string): Promise<void> {
  const { db } = door.hub.deps;
  const { id, state: from } = await complaintOf(door, ticketNo);
  await db.transaction().execute(async (tx) => {
    await tx.updateTable('complaint').set({ state: to }).where('id', '=', id).execute();
    const type =
      to === 'incomplete' ? 'complaint.returned' : to === 'rejected' ? 'complaint.rejected' : `complaint.${to}`;
    const event = { complaintId: id, actor: 'user:x', type, data: { from, to }, ...(reason && { reason }) };
    await appendEvents(tx, [event], door.hub.deps.clock.now());
  });
}

export interface AnswerSeed {
  text: string;
  state?: 'published' | 'queued';
  kind?: 'answer' | 'receipt';
  channelId?: string;
  /** The complaint under which it was written; by default the message's own. */
  complaintId?: string;
  messageId?: string;
  attachmentIds?: string[];
}

/** An answer to the complaint's opening message. */
export async function answer(door: TestDoor, ticketNo: string, seed: AnswerSeed): Promise<string> {
  const complaint = await complaintOf(door, ticketNo);
  const id = newId();
  const messageId = seed.messageId ?? complaint.opening_message_id!;
  const target = { messageId, objectId: 'x', threadId: complaint.thread_id, surface: 'form' as const };
  const at = door.hub.deps.clock.now();
  await door.hub.deps.db
    .insertInto('publication')
    .values({
      ...{ id, complaint_id: seed.complaintId ?? complaint.id, channel_id: seed.channelId ?? 'formulir-warga' },
      ...{ draft_id: null, kind: seed.kind ?? 'answer', text: seed.text, target_hash: sha256(id), detail: null },
      ...{ attempt: 1, state: seed.state ?? 'published', published_at: at },
      ...(seed.attachmentIds && { attachment_ids: sql`${JSON.stringify(seed.attachmentIds)}::jsonb` as never }),
      target: sql`${JSON.stringify(target)}::jsonb`,
    })
    .execute();
  return id;
}

/** A file of an answer, in the store. */
export async function answerFile(door: TestDoor, ticketNo: string, name: string, bytes: Uint8Array): Promise<string> {
  const { id: complaintId } = await complaintOf(door, ticketNo);
  const { sha256: hash, size } = await door.hub.deps.files.put(bytes);
  const id = newId();
  await door.hub.deps.db
    .insertInto('attachment')
    .values({
      ...{ id, message_id: null, complaint_id: complaintId, channel_id: null, position: 0, name, mime: 'image/jpeg' },
      ...{ size, sha256: hash, state: 'stored', reason: null, source_sealed: null, uploaded_by: null },
    })
    .execute();
  return id;
}
