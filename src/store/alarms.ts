import { sql } from 'kysely';
import type { Alarm } from '../core/alarms.ts';
import { type Db, newId, type Tx } from './database.ts';

export interface OpenAlarm extends Alarm {
  id: string;
}

export async function openAlarms(db: Db): Promise<OpenAlarm[]> {
  const rows = await db.selectFrom('alarm').selectAll().where('ended_at', 'is', null).execute();
  return rows.map(({ channel_id, raised_at: _, ended_at: __, ...row }) => ({ ...row, channelId: channel_id }));
}

/** Raises an alarm once, with a message for each recipient. True: it is new. */
export async function raiseAlarm(tx: Tx, alarm: Alarm, recipients: readonly string[]): Promise<boolean> {
  const { key, kind, since, evidence, advice, channelId } = alarm;
  const id = newId();
  const row = { id, key, channel_id: channelId, kind, since, evidence, advice, ended_at: null };
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('alarm')
    .values(row)
    .onConflict((on) => on.column('key').doNothing())
    .executeTakeFirst();
  if (!numInsertedOrUpdatedRows) return false;
  await addMessages(tx, id, 'raised', recipients);
  return true;
}

/**
 * Ends an alarm. Who was told of it is told that it is over; who was not is spared both, except of what could not be told
 * while it lasted (`late`).
 */
export async function endAlarm(tx: Tx, id: string, at: Date, late: boolean): Promise<void> {
  await tx.updateTable('alarm').set({ ended_at: at }).where('id', '=', id).execute();
  const raised = tx.selectFrom('alarm_message').selectAll().where('alarm_id', '=', id).where('news', '=', 'raised');
  const rows = await raised.forUpdate().execute();
  await tx.deleteFrom('alarm_message').where('alarm_id', '=', id).where('told_at', 'is', null).execute();
  const told = rows.filter((row) => late || (row.told_at !== null && row.reason === null));
  await addMessages(
    tx,
    id,
    'ended',
    told.map((row) => row.recipient),
  );
}

async function addMessages(tx: Tx, alarmId: string, news: 'raised' | 'ended', recipients: readonly string[]) {
  const rows = recipients.map((recipient) => ({
    ...{ alarm_id: alarmId, recipient, news, key: newId(), told_at: null, reason: null },
  }));
  if (rows.length > 0) await tx.insertInto('alarm_message').values(rows).execute();
}

/** A message that is due, with its alarm. */
export interface DueMessage {
  alarm_id: string;
  recipient: string;
  news: 'raised' | 'ended';
  key: string;
  tries: number;
  kind: string;
  channel_id: string | null;
  since: Date;
  evidence: string;
  advice: string;
  ended_at: Date | null;
}

/** Takes messages that are due; each comes again after `ms` unless it is settled. */
export async function claimMessages(db: Db, ms: number): Promise<DueMessage[]> {
  const { rows } = await sql<DueMessage>`
    with due as (
      select alarm_id, recipient, news from alarm_message
      where told_at is null and next_at <= now() order by next_at limit 50 for update skip locked
    )
    update alarm_message m set tries = m.tries + 1, next_at = now() + ${ms} * interval '1 millisecond'
    from due join alarm a on a.id = due.alarm_id
    where m.alarm_id = due.alarm_id and m.recipient = due.recipient and m.news = due.news
    returning m.alarm_id, m.recipient, m.news, m.key, m.tries, a.kind, a.channel_id, a.since, a.evidence, a.advice,
      a.ended_at`.execute(db);
  return rows;
}

/** It was sent, or it never will be (`reason`). */
export async function settleMessage(db: Db, message: DueMessage, at: Date, reason: string | null): Promise<void> {
  await ofMessage(db, message).set({ told_at: at, reason }).execute();
}

/** It is tried again after `ms`. */
export async function postponeMessage(db: Db, message: DueMessage, ms: number, reason: string): Promise<void> {
  const next_at = sql<Date>`now() + ${ms} * interval '1 millisecond'`;
  await ofMessage(db, message).set({ next_at, reason }).execute();
}

const ofMessage = (db: Db, { alarm_id, recipient, news }: DueMessage) =>
  db
    .updateTable('alarm_message')
    .where('alarm_id', '=', alarm_id)
    .where('recipient', '=', recipient)
    .where('news', '=', news);

/** Who was told of what is wrong now, by channel. */
export async function toldOf(
  db: Db,
): Promise<{ channelId: string | null; who: string; at: Date | null; reason: string | null }[]> {
  const { rows } = await sql<{ channelId: string | null; who: string; at: Date | null; reason: string | null }>`
    select a.channel_id as "channelId", m.recipient as who, case when m.reason is null then m.told_at end as at, m.reason
    from alarm a join alarm_message m on m.alarm_id = a.id
    where a.ended_at is null and m.news = 'raised' order by m.recipient`.execute(db);
  return rows;
}
