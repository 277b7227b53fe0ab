import type { ColumnType, Generated, Insertable, Selectable } from 'kysely';
import type { ComplaintEvent, Json, ReplyTarget, State, Surface } from '#contract';
import type { Parts } from '../core/parts.ts';
import type { Dismissal } from '../core/routing.ts';

/** jsonb: any JSON out; written through `jsonb()` of `database.ts` (a plain array would become a PostgreSQL array). */
type Jsonb<T> = ColumnType<T, T, T>;
type DefaultNow = ColumnType<Date, Date | undefined, Date>;

export interface EnvelopeTable {
  id: string;
  endpoint: string;
  adapter: string;
  dedupe: Buffer;
  /** `[u32 length of the head][head: JSON of headers and query][body]`, encrypted; context `envelope`. */
  sealed: Buffer;
  received_at: DefaultNow;
  deliveries: Generated<number>;
  outcome: Generated<'waiting' | 'done' | 'quarantined'>;
  tries: Generated<number>;
  reason: string | null;
  items: number | null;
}

export interface SourceItemTable {
  id: string;
  channel_id: string;
  key_hash: Buffer;
  key: string;
  envelope_id: string | null;
  /** One byte (0 text, 1 bytes), then the raw event, encrypted; context `item`. */
  sealed: Buffer;
  received_at: Date;
  /** `incomplete`: it only names its object, which is read at the platform first. `pending`: understood, but what it speaks of has not come yet (or our own reply is still on its way). */
  outcome: Generated<'incomplete' | 'waiting' | 'applied' | 'ignored' | 'pending' | 'quarantined'>;
  tries: Generated<number>;
  reason: string | null;
  object_hash: Buffer | null;
  thread_hash: Buffer | null;
  complaint_id: string | null;
  /** The raw event is an item already (JSON), which a person entered. */
  entered: Generated<boolean>;
}

export interface ReporterTable {
  id: string;
  /** `Author` as encrypted JSON; context `reporter`. */
  contact: Buffer | null;
  created_at: DefaultNow;
}

export interface ReporterIdentityTable {
  channel_id: string;
  blind: Buffer;
  reporter_id: string;
}

export interface SourceStatus {
  code: string;
  label: string | null;
  at: string;
}

export interface ReporterContactTable {
  /** Blind index of a phone number or e-mail address; purpose `contact`. */
  blind: Buffer;
  reporter_id: string;
}

/** What a complaint is compared with others by; see `store/likeness.ts`. */
export interface LikenessTable {
  complaint_id: string;
  /** When the complaint came. */
  at: Date;
  /** Since 1970, of `at`. */
  week: number;
  /** SHA-256 of all that was said, whatever the case and the spaces. */
  said: Buffer;
  /** How it begins, in lower case. */
  words: string;
  reporter_id: string | null;
  lat: number | null;
  lon: number | null;
}

/** Two complaints that somebody looked at and found different; `a` is the smaller id. */
export interface NotDuplicateTable {
  a: string;
  b: string;
  user_id: string;
  at: Date;
}

export interface ComplaintTable {
  id: string;
  ticket_no: string | null;
  state: State;
  channel_id: string;
  adapter: string;
  surface: Surface;
  public: boolean;
  thread_id: string;
  thread_hash: Buffer;
  title: string | null;
  body: string;
  kind: 'complaint' | 'aspiration' | 'information_request' | null;
  oversight: boolean | null;
  category: string | null;
  agency_id: string | null;
  unit_id: string | null;
  assignee_id: string | null;
  anonymous: Generated<boolean>;
  secret: Generated<boolean>;
  /** Corruption, gratification, staff discipline: visible to `sensitive_by` and auditors only. */
  sensitive: Generated<boolean>;
  sensitive_by: string | null;
  /** The citizen wrote after the answer; a person chooses reaction, reopen or new complaint. */
  reaction_pending: Generated<boolean>;
  rating: number | null;
  location: Jsonb<{ text?: string; lat?: number; lon?: number } | null>;
  permalink: string | null;
  context: Jsonb<Json | null>;
  source_status: Jsonb<SourceStatus | null>;
  merged_into: string | null;
  /** With `not_complaint`: what it is instead, where somebody said so. */
  dismissed_as: Dismissal | null;
  /** The rule of `hub.yaml` that said so; null: a person did. */
  dismissed_rule: string | null;
  /** The message whose text is the complaint's. */
  opening_message_id: string | null;
  reporter_id: string | null;
  messages: Generated<number>;
  occurred_at: Date | null;
  received_at: Date;
  recorded_at: DefaultNow;
  /** The newest citizen activity; orders the inbox. */
  last_activity_at: Date;
  triaged_at: Date | null;
  answered_at: Date | null;
  closed_at: Date | null;
  event_seq: Generated<number>;
  event_head: Buffer | null;
  search: string | null;
}

export interface MessageTable {
  id: string;
  complaint_id: string;
  channel_id: string;
  object_id: string;
  object_hash: Buffer;
  thread_id: string;
  parent_id: string | null;
  direction: 'in' | 'out';
  surface: Surface;
  title: string | null;
  text: string;
  /** `Author` as encrypted JSON; context `author`. */
  author_sealed: Buffer | null;
  reporter_id: string | null;
  automated: Generated<boolean>;
  /** Joined by a claim of an author who never wrote here; no answer goes there by itself. */
  stranger: Generated<boolean>;
  /** Is it proven that the author is who they say? null: nobody looked. */
  verified: boolean | null;
  /** Everything that was written, where `text` leaves out what was quoted: `{ text, html? }`. */
  full_body: Jsonb<{ text: string; html?: string } | null>;
  /** Our own account answered, but no publication explains it (*dijawab di luar hub*). */
  outside_hub: Generated<boolean>;
  publication_id: string | null;
  ref: Jsonb<Json | null>;
  permalink: string | null;
  /** When it was written. */
  at: Date;
  /** Event time of the version that stands. */
  version_at: Date;
  /** False while only an edit of the object is known. */
  created_seen: Generated<boolean>;
  edited: Generated<boolean>;
  deleted_at: Date | null;
  received_at: Date;
}

export interface MessageVersionTable {
  message_id: string;
  at: Date;
  hash: Buffer;
  title: string | null;
  text: string;
  recorded_at: DefaultNow;
}

export interface AttachmentTable {
  id: string;
  message_id: string | null;
  complaint_id: string | null;
  channel_id: string | null;
  position: number;
  name: string;
  mime: string | null;
  size: number | null;
  sha256: string | null;
  state: Generated<'waiting' | 'stored' | 'failed' | 'refused'>;
  reason: string | null;
  /** `AttachmentSource` as encrypted JSON; context `attachment`. */
  source_sealed: Buffer | null;
  tries: Generated<number>;
  next_at: DefaultNow;
  uploaded_by: string | null;
  created_at: DefaultNow;
}

export interface NoteTable {
  id: string;
  complaint_id: string;
  user_id: string;
  text: string;
  created_at: DefaultNow;
}

/** Where an answer goes: a message of the complaint. */
export interface DraftTarget {
  channelId: string;
  messageId: string;
  /** The message stands in public and is answered in private. */
  privately?: true;
  /** What is said there instead of the draft's text: shorter, or for this reader. */
  text?: string;
}

/** A row is a version; the newest of a complaint is its draft. */
export interface DraftTable {
  id: string;
  complaint_id: string;
  number: number;
  text: string;
  attachment_ids: Jsonb<string[]>;
  targets: Jsonb<DraftTarget[]>;
  /** SHA-256 over text, attachments and targets: what an approval is bound to. */
  content_hash: Buffer;
  state: 'awaiting_approval' | 'approved' | 'returned' | 'superseded';
  author_id: string;
  created_at: DefaultNow;
  /** When it was said that the time to answer ends while it waits. */
  window_alarm_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
}

export interface ApprovalTable {
  draft_id: string;
  content_hash: Buffer;
  approved_by: string;
  approved_at: DefaultNow;
}

export type PublicationState = 'queued' | 'sending' | 'published' | 'refused' | 'uncertain' | 'assist' | 'cancelled';

export interface PublicationTable {
  id: string;
  position: Generated<string>;
  complaint_id: string;
  channel_id: string;
  draft_id: string | null;
  kind: 'answer' | 'receipt' | 'status' | 'forward';
  target_hash: Buffer;
  /** `reached`: its reader did not write on this channel, but left the number or address. */
  target: Jsonb<ReplyTarget & { messageId?: string; reached?: true }>;
  text: string;
  /** `status`: `{ state, label }`. */
  detail: Jsonb<Json | null>;
  attachment_ids: ColumnType<string[], string[] | undefined, string[]>;
  state: Generated<PublicationState>;
  /** The fencing token: whoever settles must still hold this attempt. */
  attempt: Generated<number>;
  owner: string | null;
  lease_until: Date | null;
  next_at: DefaultNow;
  first_attempt_at: Date | null;
  uncertain_at: Date | null;
  checks: Generated<number>;
  needs_person: Generated<boolean>;
  /** Machine code: a RefusalReason, or `timeout`, `lease`, `error`, `held`, ... */
  reason: string | null;
  /** For people, in Indonesian: what happened and what to do. */
  explanation: string | null;
  published_id: string | null;
  published_hash: Buffer | null;
  permalink: string | null;
  published_at: Date | null;
  receipt: Jsonb<{ state: string; at: string; reason?: string } | null>;
  confirmed_by: string | null;
  created_at: DefaultNow;
  /** Where the text is too long for one message. */
  parts: ColumnType<Parts | null, undefined, Parts | null>;
}

export interface PublicationAttemptTable {
  publication_id: string;
  attempt: number;
  owner: string;
  started_at: DefaultNow;
  ended_at: Date | null;
  outcome: string | null;
  explanation: string | null;
}

/** Append-only; chained by hash per complaint (and one chain for the hub itself, complaint_id null). Ids and hashes only. */
export interface EventTable {
  id: string;
  complaint_id: string | null;
  seq: number;
  at: DefaultNow;
  /** `user:<id>`, `channel:<id>` or `hub`. */
  actor: string;
  type: string;
  data: Jsonb<Json>;
  prev: Buffer | null;
  hash: Buffer;
}

export interface EventReasonTable {
  event_id: string;
  text: string;
}

/** Complaint events on their way to the queue `complaints`. */
export interface OutboxTable {
  id: string;
  complaint_id: string;
  type: ComplaintEvent;
  at: DefaultNow;
  due_at: DefaultNow;
  /** `status` and `promoted`: the complaint's state then; a fact to be told, whatever it is by now. */
  state: State | null;
  /** When it was last put on the queue. */
  queued_at: Date | null;
  done_at: Date | null;
}

export interface AccessLogTable {
  id: string;
  at: DefaultNow;
  user_id: string;
  complaint_id: string;
  what: string;
}

export const HEALTH = [
  'ok',
  'degraded',
  'authNeeded',
  'throttled',
  'quotaSpent',
  'silent',
  'misconfigured',
  'paused',
  'awaitingAccess',
] as const;
export type HealthState = (typeof HEALTH)[number];

export interface ChannelStateTable {
  channel_id: string;
  cursor: Jsonb<Json | null>;
  poll_owner: string | null;
  poll_lease_until: Date | null;
  polled_at: Date | null;
  poll_error: string | null;
  health: Generated<HealthState>;
  health_since: DefaultNow;
  health_reason: string | null;
  paused_at: Date | null;
  paused_by: string | null;
  publish_not_before: Date | null;
  /** `quotaSpent` that the platform's own quota brought: until when, and whether it was found on reading. */
  quota_until: Date | null;
  quota_reading: boolean | null;
  credentials_expire_at: Date | null;
  last_item_at: Date | null;
  /** When the account was last looked after. */
  cared_at: Date | null;
  /** `degraded` because the platform could not be reached at all. */
  unreachable: Generated<boolean>;
  certificate_expires_at: Date | null;
  /** How long the channel may be quiet, by its own rhythm, in milliseconds; `null`: too little is known. */
  quiet_ms: number | null;
  /** What somebody should see to, in Indonesian; as the adapter found it then. */
  warnings: ColumnType<string[], string[] | undefined, string[]>;
}

export interface AlarmTable {
  id: string;
  /** Names what is wrong and since when: the same trouble is one alarm. */
  key: string;
  /** `null`: of the hub itself. */
  channel_id: string | null;
  kind: string;
  since: Date;
  evidence: string;
  advice: string;
  raised_at: DefaultNow;
  ended_at: Date | null;
}

export interface AlarmMessageTable {
  alarm_id: string;
  /** As `recipientName` makes it. */
  recipient: string;
  news: 'raised' | 'ended';
  key: string;
  tries: Generated<number>;
  next_at: DefaultNow;
  told_at: Date | null;
  /** Why it was not sent. */
  reason: string | null;
}

/** A right for a while, held by one process; a row, because a stopped process keeps an advisory lock. */
export interface LeaseTable {
  name: string;
  owner: string;
  until: Date;
}

export interface ChannelValueTable {
  channel_id: string;
  key: string;
  sealed: Buffer | null;
}

export interface SecretTable {
  name: string;
  sealed: Buffer;
  updated_at: DefaultNow;
}

export interface ConfigLoadTable {
  id: string;
  at: DefaultNow;
  hash: string;
  snapshot: Jsonb<Json>;
}

export interface AppUserTable {
  id: string;
  login: string;
  name: string;
  disabled_at: Date | null;
  created_at: DefaultNow;
  /** Encrypted; where staff are told of work. */
  phone: Generated<Buffer | null>;
}

export interface NoticeChoiceTable {
  user_id: string;
  kind: string;
  told_at: DefaultNow;
}

export interface RoleGrantTable {
  user_id: string;
  role: string;
  agency_id: string | null;
  unit_id: string | null;
}

export interface ApiKeyTable {
  id: string;
  user_id: string;
  label: string;
  hash: Buffer;
  agency_id: string | null;
  unit_id: string | null;
  created_at: DefaultNow;
  last_used_at: Date | null;
  revoked_at: Date | null;
}

/** Tries to open a complaint by its code within the running span of time. */
export interface DoorGuessTable {
  /** SHA-256 of the ticket number as it was typed. */
  subject: Buffer;
  since: Date;
  tries: number;
}

/** A photo of a form that came back to the citizen to be corrected. */
export interface DoorPhotoTable {
  /** The form's key. */
  form: string;
  position: number;
  name: string;
  mime: string;
  size: number;
  /** Encrypted; context `door-photo`. */
  sealed: Buffer;
  expires_at: Date;
}

export interface Tables {
  envelope: EnvelopeTable;
  source_item: SourceItemTable;
  reporter: ReporterTable;
  reporter_identity: ReporterIdentityTable;
  reporter_contact: ReporterContactTable;
  complaint: ComplaintTable;
  likeness: LikenessTable;
  not_duplicate: NotDuplicateTable;
  message: MessageTable;
  message_version: MessageVersionTable;
  attachment: AttachmentTable;
  note: NoteTable;
  draft: DraftTable;
  approval: ApprovalTable;
  publication: PublicationTable;
  publication_attempt: PublicationAttemptTable;
  event: EventTable;
  event_reason: EventReasonTable;
  outbox: OutboxTable;
  access_log: AccessLogTable;
  channel_state: ChannelStateTable;
  alarm: AlarmTable;
  alarm_message: AlarmMessageTable;
  lease: LeaseTable;
  channel_value: ChannelValueTable;
  secret: SecretTable;
  config_load: ConfigLoadTable;
  app_user: AppUserTable;
  role_grant: RoleGrantTable;
  notice_choice: NoticeChoiceTable;
  api_key: ApiKeyTable;
  door_guess: DoorGuessTable;
  door_photo: DoorPhotoTable;
}

export type Complaint = Selectable<ComplaintTable>;
export type NewComplaint = Insertable<ComplaintTable>;
export type Message = Selectable<MessageTable>;
export type NewMessage = Insertable<MessageTable>;
export type Publication = Selectable<PublicationTable>;
export type NewPublication = Insertable<PublicationTable>;
export type Attachment = Selectable<AttachmentTable>;
export type NewAttachment = Insertable<AttachmentTable>;
export type NewReporter = Insertable<ReporterTable>;
export type NewOutboxEntry = Insertable<OutboxTable>;
export type Draft = Selectable<DraftTable>;
export type SourceItem = Selectable<SourceItemTable>;
export type Envelope = Selectable<EnvelopeTable>;
export type ChannelState = Selectable<ChannelStateTable>;
