import { inTransaction } from '../../store/database.ts';
import { appendEvents } from '../../store/events.ts';
import { handToPeople } from '../../store/outgoing.ts';
import { callOverdue, recallHeld } from '../../store/publications.ts';
import type { FlowDeps } from '../deps.ts';

type Deps = Pick<FlowDeps, 'db' | 'config' | 'clock' | 'log'>;

/** On a channel in mode `assisted` a person publishes: what is queued becomes `assist` and waits for them. */
export async function handOver(deps: Deps, channelId: string): Promise<void> {
  const { within } = deps.config.hub.policies.assist;
  await inTransaction(deps.db, async (tx) => {
    const rows = await handToPeople(tx, channelId, within);
    const events = rows.map((row) => ({
      complaintId: row.complaint_id,
      actor: 'hub',
      type: 'publication.assist',
      data: { publicationId: row.id, kind: row.kind },
    }));
    await appendEvents(tx, events, deps.clock.now());
  });
}

const OVERDUE =
  'Belum dikonfirmasi sampai batas waktunya. Tayangkan jawaban ini lalu konfirmasi, atau tulis mengapa belum.';

/** Calls for what a person was to publish and has not confirmed in time: in the trail, on the stream and to staff. */
export async function callForOverdue(deps: Deps): Promise<void> {
  const { within } = deps.config.hub.policies.assist;
  const rows = await inTransaction(deps.db, async (tx) => {
    // Rules put complaints on hold, too, and a hand-over may have come between.
    await recallHeld(tx);
    const overdue = await callOverdue(tx, within, OVERDUE);
    const events = overdue.map((row) => ({
      complaintId: row.complaint_id,
      actor: 'hub',
      type: 'publication.overdue',
      data: { publicationId: row.id },
    }));
    await appendEvents(tx, events, deps.clock.now());
    return overdue;
  });
  for (const { id, channel_id } of rows)
    deps.log.warn({ publication: id, channel: channel_id }, 'publish: nobody has published it by hand in time');
}
