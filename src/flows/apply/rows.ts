import { type AttachmentSource, type Author, isPublic, type Json, type MessageItem } from '#contract';
import type { Channel } from '../../config/load.ts';
import { sha256 } from '../../core/sealed.ts';
import { titleOf } from '../../core/text.ts';
import { newTicketNo } from '../../core/ticket.ts';
import type { Keyring } from '../../platform/keyring.ts';
import { newId } from '../../store/database.ts';
import type { NewAttachment, NewComplaint, NewMessage } from '../../store/schema.ts';

export const textHash = (title: string | null | undefined, text: string): Buffer => sha256(title ?? '', '\0', text);

const dateOrNull = (text: string | undefined): Date | null => (text ? new Date(text) : null);

/** A complaint opened by this message. */
export function complaintRow(
  channel: Channel,
  item: MessageItem,
  state: 'new' | 'received',
  ids: { complaintId: string; messageId: string; reporterId: string | null },
  about: { receivedAt: Date; sensitive: boolean },
): NewComplaint {
  return {
    id: ids.complaintId,
    ticket_no: state === 'received' ? newTicketNo() : null,
    state,
    channel_id: channel.id,
    adapter: channel.adapter,
    surface: item.surface,
    public: isPublic(item.surface),
    thread_id: item.threadId,
    thread_hash: sha256(item.threadId),
    title: item.title ?? (titleOf(item.text) || null),
    body: item.text,
    kind: item.kind ?? null,
    oversight: null,
    category: item.category ?? null,
    agency_id: channel.agency ?? null,
    unit_id: channel.unit ?? null,
    assignee_id: null,
    anonymous: item.anonymous ?? false,
    secret: item.secret ?? false,
    sensitive: about.sensitive,
    sensitive_by: null,
    rating: item.rating ?? null,
    location: (item.location as NewComplaint['location']) ?? null,
    permalink: item.permalink ?? null,
    context: (item.context as NewComplaint['context']) ?? null,
    source_status: null,
    merged_into: null,
    opening_message_id: ids.messageId,
    reporter_id: ids.reporterId,
    occurred_at: dateOrNull(item.occurredAt),
    received_at: about.receivedAt,
    last_activity_at: new Date(item.at),
    triaged_at: null,
    answered_at: null,
    closed_at: null,
    event_head: null,
  };
}

export function messageRow(
  keyring: Keyring,
  channel: Channel,
  item: MessageItem,
  ids: { messageId: string; complaintId: string; reporterId: string | null },
  about: { receivedAt: Date; stranger: boolean },
): NewMessage {
  const at = new Date(item.at);
  return {
    id: ids.messageId,
    complaint_id: ids.complaintId,
    channel_id: channel.id,
    object_id: item.objectId,
    object_hash: sha256(item.objectId),
    thread_id: item.threadId,
    parent_id: item.parentId ?? null,
    direction: item.fromUs ? 'out' : 'in',
    surface: item.surface,
    title: item.title ?? null,
    text: item.text,
    author_sealed: item.author ? keyring.encryptJson(item.author as Author & Record<string, string>, 'author') : null,
    reporter_id: ids.reporterId,
    automated: item.automated ?? false,
    stranger: about.stranger,
    verified: item.verified ?? null,
    full_body: (item.full as NewMessage['full_body']) ?? null,
    outside_hub: item.fromUs ?? false,
    publication_id: null,
    ref: item.ref ?? null,
    permalink: item.permalink ?? null,
    at,
    version_at: at,
    created_seen: !item.edited,
    edited: item.edited ?? false,
    deleted_at: null,
    received_at: about.receivedAt,
  };
}

/** Where an attachment's content is, as it is stored; `from`: the source item that `inside` speaks of. */
export type SealedSource = AttachmentSource & { from?: string };

/** Rows for a message's attachments from position `from` on; their content is fetched afterwards, apart from the message. */
export function attachmentRows(
  keyring: Keyring,
  channel: Channel,
  item: MessageItem,
  ids: { messageId: string; complaintId: string; sourceItemId: string },
  from = 0,
): NewAttachment[] {
  return (item.attachments ?? []).slice(from).map((source, index) => ({
    id: newId(),
    message_id: ids.messageId,
    complaint_id: ids.complaintId,
    channel_id: channel.id,
    position: from + index,
    name: source.name ?? '',
    mime: source.mime ?? null,
    size: source.size ?? null,
    sha256: null,
    reason: null,
    source_sealed: keyring.encryptJson(sealable(source, ids.sourceItemId), 'attachment'),
    uploaded_by: null,
  }));
}

const sealable = (source: AttachmentSource, sourceItemId: string): Json =>
  ({ ...source, ...(source.inside !== undefined && { from: sourceItemId }) }) as Json;
