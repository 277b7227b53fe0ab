import type { Json } from '#contract';
import type { Channel } from '../../config/load.ts';
import type { Actor } from '../../core/access.ts';
import { findLeaks, maskLeaks } from '../../core/leaks/index.ts';
import { Refusal } from '../../core/refusal.ts';
import { sha256 } from '../../core/sealed.ts';
import { storedFilesOf } from '../../store/attachments.ts';
import { type ComplaintRow, duplicateIds } from '../../store/complaints.ts';
import { newId } from '../../store/database.ts';
import { messagesById } from '../../store/messages.ts';
import { forwardedTo, insertPublications } from '../../store/publications.ts';
import { ownContactsOf } from '../contacts.ts';
import { type DeskDeps, findChannel } from '../deps.ts';
import type { ForwardDetail } from '../publish/reply.ts';
import { reportersOf } from './brief.ts';
import { atDesk, type Desk, record } from './desk.ts';

export interface ForwardOrder {
  channel: string;
  title?: string | undefined;
  /** Absent: the citizen's own words. */
  text?: string | undefined;
}

/**
 * Enters a complaint into a portal: a publication like any other, once for each complaint (its duplicates with it) and
 * channel. Refuses `cannot_forward` where that is not possible, `conflict` where it was done. Gives the publication's id.
 */
export async function forward(deps: DeskDeps, actor: Actor, id: string, order: ForwardOrder): Promise<string> {
  const publicationId = await atDesk(deps, actor, 'publication', id, async (desk, complaint) => {
    const channel = portalOf(desk, complaint, order.channel);
    const family = [
      complaint.id,
      ...(complaint.merged_into ? [complaint.merged_into] : []),
      ...(await duplicateIds(desk.tx, complaint.id)),
    ];
    if (await forwardedTo(desk.tx, family, channel.id))
      throw new Refusal('conflict', `it was entered into ${channel.label} before; look at its publications`);
    return queue(desk, complaint, channel, order);
  });
  await deps.wake('publish', order.channel);
  return publicationId;
}

function portalOf({ deps }: Desk, complaint: ComplaintRow, id: string): Channel {
  const channel = findChannel(deps.config, id);
  const fault = !channel
    ? `there is no channel "${id}" in use`
    : !deps.adapters[channel.adapter]?.forward && channel.mode !== 'assisted'
      ? `"${id}" takes no reports`
      : complaint.channel_id === id
        ? 'it came from there'
        : complaint.ticket_no === null
          ? 'accept it first: it has no ticket number yet'
          : complaint.sensitive
            ? 'a complaint on the sensitive hold is told to nobody'
            : null;
  if (fault === null && channel) return channel;
  throw new Refusal('cannot_forward', `it cannot be entered there: ${fault}`);
}

/** What citizens typed by mistake stays here: others read along at the portal. */
async function queue(desk: Desk, complaint: ComplaintRow, channel: Channel, order: ForwardOrder): Promise<string> {
  const { deps, tx, at } = desk;
  const own = ownContactsOf(deps.config.hub);
  const reporters = await reportersOf({ db: tx, keyring: deps.keyring }, complaint);
  const mask = (text: string): string => maskLeaks(text, findLeaks(text, own, reporters));
  const [opening] = await messagesById(tx, complaint.opening_message_id ? [complaint.opening_message_id] : []);
  const title = order.title ?? complaint.title;
  const row = {
    ...{ id: newId(), complaint_id: complaint.id, channel_id: channel.id, draft_id: null, kind: 'forward' as const },
    target_hash: sha256(`forward ${complaint.id}`),
    target: {
      ...{ objectId: complaint.thread_id, threadId: complaint.thread_id, surface: 'report' as const },
      ...(opening && { messageId: opening.id }),
    },
    text: mask(order.text ?? complaint.body),
    detail: detailOf(desk, complaint, title && mask(title)) as unknown as Json,
    attachment_ids: opening ? await storedFilesOf(tx, opening.id) : [],
    ...{ next_at: at, created_at: at },
  };
  await insertPublications(tx, [row]);
  await record(desk, complaint.id, 'publication.queued', {
    publicationId: row.id,
    kind: 'forward',
    channel: channel.id,
  });
  return row.id;
}

function detailOf({ deps }: Desk, complaint: ComplaintRow, title: string | null): ForwardDetail {
  const source = deps.config.channels.find((one) => one.id === complaint.channel_id)?.label ?? complaint.channel_id;
  const { anonymous, secret, kind, category, location, occurred_at, received_at } = complaint;
  return {
    ...{ title, anonymous, secret, source, kind, category, location: location?.text ?? null },
    ...{ receivedAt: received_at.toISOString(), occurredAt: occurred_at?.toISOString() ?? null },
  };
}
