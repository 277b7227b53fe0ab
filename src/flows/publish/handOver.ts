import { inTransaction } from '../../store/database.ts';
import { appendEvents } from '../../store/events.ts';
import { handToPeople } from '../../store/outgoing.ts';
import type { FlowDeps } from '../deps.ts';

type Deps = Pick<FlowDeps, 'db' | 'config' | 'clock'>;

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
