import { randomBytes } from 'node:crypto';
import type { Delivery } from '#contract';
import { addToOutbox } from '../store/complaints.ts';
import type { Tx } from '../store/database.ts';
import { messagesOfPerson } from '../store/erasure.ts';
import { appendEvents } from '../store/events.ts';
import { refreshSearch } from '../store/register.ts';
import { setTombstone } from '../store/versions.ts';
import { type ContextDeps, endpointContext } from './context.ts';
import type { DeskDeps } from './deps.ts';

type Deps = DeskDeps & ContextDeps;

/**
 * A platform asks, for a person, that what they wrote be deleted: it is sealed at once (shown nowhere, kept for its
 * time as the law on public records asks), and the request stands in the trail. Gives the code under which it can be
 * looked up; `null`: this endpoint takes no such request, or it is not genuine.
 */
export async function erase(deps: Deps, endpointId: string, delivery: Delivery): Promise<string | null> {
  const endpoint = deps.config.hub.endpoints[endpointId];
  const receive = endpoint && deps.adapters[endpoint.adapter]?.receive;
  const asked = await receive?.erasure?.(delivery, endpointContext(deps, endpoint?.settings));
  if (!asked) return null;
  const code = randomBytes(9).toString('base64url');
  const channels = channelsAt(deps, endpointId);
  await deps.db.transaction().execute(async (tx) => {
    const sealed = await sealAll(deps, tx, channels, asked.person);
    const data = { code, endpoint: endpointId, messages: sealed };
    await appendEvents(tx, [{ complaintId: null, actor: 'hub', type: 'erasure.requested', data }], deps.clock.now());
  });
  return code;
}

const channelsAt = ({ config }: Deps, endpoint: string): string[] =>
  config.channels.filter((channel) => channel.endpoint === endpoint).map(({ id }) => id);

async function sealAll(deps: Deps, tx: Tx, channels: readonly string[], person: string): Promise<number> {
  const at = deps.clock.now();
  const messages = await messagesOfPerson(tx, channels, deps.keyring.blindIndex(person, 'reporter'));
  for (const { id } of messages) await setTombstone(tx, id, at.toISOString());
  const complaints = [...new Set(messages.map((message) => message.complaint_id))];
  await refreshSearch(tx, complaints);
  if (complaints.length > 0) await addToOutbox(tx, complaints, 'deleted', at);
  const events = messages.map(({ id, complaint_id: complaintId }) => ({
    ...{ complaintId, actor: 'hub', type: 'message.deleted' },
    data: { messageId: id, by: 'erasure' },
  }));
  await appendEvents(tx, events, at);
  return messages.length;
}
