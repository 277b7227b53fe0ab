import { sql } from 'kysely';
import type { MessageItem } from '#contract';
import type { Receipt } from '../core/receiptOrder.ts';
import { jsonb, type Tx } from './database.ts';
import type { Message, SourceStatus } from './schema.ts';

/** One version of a message's text. */
export interface StoredVersion {
  at: Date;
  hash: Buffer;
  title: string | null;
  text: string;
}

export function lockMessage(tx: Tx, id: string): Promise<Message> {
  return tx.selectFrom('message').selectAll().where('id', '=', id).forUpdate().executeTakeFirstOrThrow();
}

export async function hasVersion(tx: Tx, messageId: string, { at, hash }: Pick<StoredVersion, 'at' | 'hash'>) {
  const row = await tx
    .selectFrom('message_version')
    .select('at')
    .where('message_id', '=', messageId)
    .where('at', '=', at)
    .where('hash', '=', hash)
    .executeTakeFirst();
  return row !== undefined;
}

export async function keepVersions(tx: Tx, messageId: string, versions: readonly StoredVersion[]): Promise<void> {
  await tx
    .insertInto('message_version')
    .values(versions.map((version) => ({ message_id: messageId, ...version })))
    .onConflict((on) => on.doNothing())
    .execute();
}

/** An edit often leaves the title out; the newest one that was given stands. */
export async function newestTitle(tx: Tx, messageId: string): Promise<string | null> {
  const row = await tx
    .selectFrom('message_version')
    .select('title')
    .where('message_id', '=', messageId)
    .where('title', 'is not', null)
    .orderBy('at', 'desc')
    .orderBy('hash', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.title ?? null;
}

export async function countAttachments(tx: Tx, messageId: string): Promise<number> {
  const { count } = await tx
    .selectFrom('attachment')
    .select((row) => row.fn.countAll<string>().as('count'))
    .where('message_id', '=', messageId)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** What the opening message of a complaint says now, the complaint says; what an edit left out stays as it was. */
export async function carryOpening(
  tx: Tx,
  message: Pick<Message, 'id' | 'complaint_id'>,
  item: MessageItem,
  now: { body: string; title: string | null },
): Promise<void> {
  await tx
    .updateTable('complaint')
    .set((row) => ({
      ...now,
      kind: row.fn.coalesce('kind', sql<typeof item.kind & string>`${item.kind ?? null}`),
      category: row.fn.coalesce('category', sql<string>`${item.category ?? null}`),
      permalink: row.fn.coalesce('permalink', sql<string>`${item.permalink ?? null}`),
      rating: item.rating ?? row.ref('rating'),
      occurred_at: row.fn.coalesce('occurred_at', sql<Date>`${item.occurredAt ?? null}::timestamptz`),
      ...(item.location ? { location: jsonb(item.location as never) } : {}),
    }))
    .where('id', '=', message.complaint_id)
    .where('opening_message_id', '=', message.id)
    .execute();
}

/** A rule found it to be no complaint, and its writer has written something else: people look again. Was it so? */
export async function reconsider(tx: Tx, message: Pick<Message, 'id' | 'complaint_id'>): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('complaint')
    .set({
      state: sql<'new'>`case when ticket_no is null then 'new' else 'received' end`,
      ...{ dismissed_as: null, dismissed_rule: null },
    })
    .where('id', '=', message.complaint_id)
    .where('opening_message_id', '=', message.id)
    .where('state', '=', 'not_complaint')
    .where('dismissed_rule', 'is not', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export async function moveActivity(tx: Tx, complaintId: string, at: Date): Promise<void> {
  await tx
    .updateTable('complaint')
    .set({ last_activity_at: sql<Date>`greatest(last_activity_at, ${at}::timestamptz)` })
    .where('id', '=', complaintId)
    .execute();
}

/** Of several deletions the earliest counts. */
export async function setTombstone(tx: Tx, messageId: string, at: string): Promise<void> {
  await tx
    .updateTable('message')
    .set({ deleted_at: sql<Date>`least(coalesce(deleted_at, ${at}::timestamptz), ${at}::timestamptz)` })
    .where('id', '=', messageId)
    .execute();
  await tx.updateTable('complaint').set(SEALED).where('opening_message_id', '=', messageId).execute();
}

/** What a complaint says whose own words were taken back. */
export const SEALED = { body: '', title: 'Dihapus oleh penulisnya' } as const;

/** The newer event time wins; equal times are settled by the code. */
export async function setSourceStatus(tx: Tx, complaintId: string, status: SourceStatus): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('complaint')
    .set({ source_status: jsonb(status as never) as never })
    .where('id', '=', complaintId)
    .where((on) =>
      on.or([
        sql<boolean>`coalesce(source_status, 'null') = 'null'`,
        sql<boolean>`((source_status->>'at')::timestamptz, source_status->>'code') < (${status.at}::timestamptz, ${status.code})`,
      ]),
    )
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** The last word of the platform about a publication; its row stays locked. */
export async function lockReceipt(tx: Tx, publicationId: string): Promise<Receipt | null> {
  const row = await tx
    .selectFrom('publication')
    .select('receipt')
    .where('id', '=', publicationId)
    .forUpdate()
    .executeTakeFirst();
  return (row?.receipt as Receipt | null | undefined) ?? null;
}

/** Returns the publication's complaint. */
export async function setReceipt(
  tx: Tx,
  publicationId: string,
  receipt: Receipt,
  person?: { explanation: string },
): Promise<string | undefined> {
  const row = await tx
    .updateTable('publication')
    .set({ receipt: jsonb({ ...receipt }) as never, ...(person ? { needs_person: true, ...person } : {}) })
    .where('id', '=', publicationId)
    .returning('complaint_id')
    .executeTakeFirst();
  return row?.complaint_id;
}
