import { sql } from 'kysely';
import { type Author, isPublic, type Json, type State, type Surface } from '#contract';
import type { Actor, Grant } from '../../src/core/access.ts';
import { sha256 } from '../../src/core/sealed.ts';
import { newTicketNo } from '../../src/core/ticket.ts';
import { createKeyring, newMasterKey } from '../../src/platform/keyring.ts';
import { insertRecords } from '../../src/store/bulk.ts';
import { type Database, newId } from '../../src/store/database.ts';
import { insertComplaints } from '../../src/store/register.ts';
import type { NewComplaint, NewMessage, NewPublication } from '../../src/store/schema.ts';

export const keyring = createKeyring(newMasterKey());

export interface ComplaintSeed extends Partial<NewComplaint> {
  text?: string;
  at?: Date;
  author?: Author;
  contact?: Author;
  surface?: Surface;
  state?: State;
}

export interface Seeded {
  id: string;
  messageId: string;
  ticketNo: string | null;
}

/** A valid complaint with its opening message, as intake would have made it. */
export async function seedComplaint(db: Database, seed: ComplaintSeed = {}): Promise<Seeded> {
  const { text = 'Jalan berlubang di depan sekolah', at = new Date(), author, contact, ...given } = seed;
  const [id, messageId] = [newId(), newId()];
  const state = given.state ?? 'received';
  const ticketNo = given.ticket_no === undefined ? (state === 'new' ? null : newTicketNo()) : given.ticket_no;
  const reporterId = contact ? await seedReporter(db, contact) : null;
  const surface = given.surface ?? 'report';
  const threadId = given.thread_id ?? `thread-${id}`;
  await db.transaction().execute(async (tx) => {
    const complaint: NewComplaint = {
      ...{ channel_id: 'web', adapter: 'webhook', title: null, kind: 'complaint', oversight: null, category: null },
      ...{ agency_id: null, unit_id: null, assignee_id: null, sensitive_by: null, rating: null, location: null },
      ...{ permalink: null, context: null, source_status: null, merged_into: null, occurred_at: null },
      ...{ triaged_at: null, answered_at: null, closed_at: null, event_head: null },
      ...{ public: isPublic(surface), reporter_id: reporterId, received_at: at, last_activity_at: at, body: text },
      ...given,
      ...{ id, state, surface, ticket_no: ticketNo, opening_message_id: messageId },
      ...{ thread_id: threadId, thread_hash: sha256(threadId) },
    };
    await insertComplaints(tx, [complaint]);
    await insertRecords(tx, 'message', [
      messageRow(id, messageId, complaint, { text, at, reporter_id: reporterId, ...sealed(author) }),
    ]);
  });
  return { id, messageId, ticketNo };
}

const sealed = (author: Author | undefined) =>
  author ? { author_sealed: keyring.encryptJson({ ...author } as Json, 'author') } : {};

function messageRow(complaintId: string, id: string, like: NewComplaint, given: Partial<NewMessage>): NewMessage {
  const at = given.at ?? new Date();
  return {
    ...{ id, complaint_id: complaintId, channel_id: like.channel_id, thread_id: like.thread_id, surface: like.surface },
    ...{
      object_id: `object-${id}`,
      object_hash: sha256(`object-${id}`),
      parent_id: null,
      direction: 'in',
      title: null,
    },
    ...{ text: '', author_sealed: null, reporter_id: null, publication_id: null, ref: { to: id }, permalink: null },
    ...{ at, version_at: at, received_at: at, deleted_at: null },
    ...given,
  };
}

/** One more message in a complaint. */
export async function seedMessage(db: Database, complaintId: string, given: Partial<NewMessage> = {}): Promise<string> {
  const id = newId();
  const complaint = await db
    .selectFrom('complaint')
    .selectAll()
    .where('id', '=', complaintId)
    .executeTakeFirstOrThrow();
  await db.transaction().execute(async (tx) => {
    await insertRecords(tx, 'message', [messageRow(complaintId, id, complaint, given)]);
    await sql`update complaint set messages = messages + 1 where id = ${complaintId}`.execute(tx);
  });
  return id;
}

async function seedReporter(db: Database, contact: Author): Promise<string> {
  const id = newId();
  await db
    .insertInto('reporter')
    .values({ id, contact: keyring.encryptJson({ ...contact } as Json, 'reporter') })
    .execute();
  return id;
}

/** A publication in any state. */
export async function seedPublication(
  db: Database,
  complaint: Seeded,
  given: Partial<NewPublication> = {},
): Promise<string> {
  const id = newId();
  const target = {
    ...{
      messageId: complaint.messageId,
      objectId: `object-${complaint.messageId}`,
      threadId: `thread-${complaint.id}`,
    },
    surface: 'report' as const,
  };
  await db
    .insertInto('publication')
    .values({
      ...{
        id,
        complaint_id: complaint.id,
        channel_id: 'web',
        draft_id: null,
        kind: 'answer',
        text: 'Sudah diperbaiki.',
      },
      ...{ target_hash: sha256(id), detail: null, attempt: 1 },
      ...given,
      target: sql`${JSON.stringify(given.target ?? target)}::jsonb`,
    })
    .execute();
  return id;
}

let people = 0;

/** A user with roles, and the actor that a key of theirs gives. */
export async function seedUser(db: Database, ...grants: Partial<Grant>[]): Promise<Actor> {
  const userId = newId();
  people += 1;
  const name = `Pegawai ${people}`;
  await db
    .insertInto('app_user')
    .values({ id: userId, login: `pegawai${people}-${userId}`, name })
    .execute();
  const full = grants.map((grant): Grant => ({ role: 'central_admin', agencyId: null, unitId: null, ...grant }));
  for (const { role, agencyId, unitId } of full) {
    await db.insertInto('role_grant').values({ user_id: userId, role, agency_id: agencyId, unit_id: unitId }).execute();
  }
  return { userId, name, grants: full, keyScope: { agencyId: null, unitId: null } };
}
