import { sha256 } from '../../src/core/sealed.ts';
import { drainIntake } from '../../src/flows/intake.ts';
import { drainNormalise } from '../../src/flows/normalise.ts';
import { targetOf } from '../../src/flows/publish/row.ts';
import { newId } from '../../src/store/database.ts';
import { insertPublications } from '../../src/store/publications.ts';
import type { NewPublication } from '../../src/store/schema.ts';
import { eventually } from './eventually.ts';
import { delivery, message, type TestHub } from './hub.ts';

/** Brings reports in by hand and gives back their complaints' ids, in order. */
export async function bringReports(hub: TestHub, objectIds: readonly string[]): Promise<string[]> {
  await hub.hooks.receive('lapor', delivery({ items: objectIds.map((id) => message(id)) }));
  await drainIntake(hub.deps, 'lapor');
  await drainNormalise(hub.deps, 'lapor');
  // Workers may be running too: what they have taken is there a moment later.
  return eventually(async () => {
    const rows = await hub.deps.db
      .selectFrom('message')
      .select(['object_id', 'complaint_id'])
      .where('object_id', 'in', objectIds)
      .execute();
    const found = new Map(rows.map((row) => [row.object_id, row.complaint_id]));
    return objectIds.map((id) => found.get(id) ?? fail(id));
  });
}

function fail(objectId: string): never {
  throw new Error(`the report ${objectId} did not arrive`);
}

/** Queues an answer to the opening message of each complaint, as an approval does. Gives back the publications' ids. */
export async function queueAnswers(hub: TestHub, complaintIds: readonly string[], text = 'Sudah kami perbaiki.') {
  const { db } = hub.deps;
  const messages = await db
    .selectFrom('message')
    .innerJoin('complaint', 'complaint.opening_message_id', 'message.id')
    .selectAll('message')
    .where('complaint.id', 'in', complaintIds)
    .execute();
  const rows: NewPublication[] = messages.map((row) => ({
    id: newId(),
    complaint_id: row.complaint_id,
    channel_id: row.channel_id,
    kind: 'answer',
    target_hash: sha256(row.id),
    target: targetOf(row),
    text,
    detail: null,
  }));
  await db.transaction().execute((tx) => insertPublications(tx, rows));
  for (const id of new Set(rows.map((row) => row.channel_id))) void hub.deps.wake('publish', id);
  return rows.map((row) => row.id);
}

export const publicationOf = (hub: TestHub, id: string) =>
  hub.deps.db.selectFrom('publication').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
