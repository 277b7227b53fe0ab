import type { Author, Json, KINDS, Surface } from './item.ts';

/** The message that a reply answers. */
export interface ReplyTarget {
  objectId: string;
  threadId: string;
  surface: Surface;
  /** As `normalise` gave it. */
  ref?: Json;
  /** Contact of the citizen, where the platform needs it to address the reply. */
  author?: Author;
  permalink?: string;
  /** It stands in public, and is to be answered in private (`publish.privately`). */
  privately?: true;
}

export interface ReplyFile {
  name: string;
  mime: string;
  size: number;
  bytes(): Promise<Uint8Array>;
}

/** One part of an answer that is too long for one message. */
export interface ReplyPart {
  /** 1, 2, ... */
  number: number;
  of: number;
  /** The parts that stand already, in order. Where a person confirmed one by its link alone, that is its id, too. */
  before: readonly Published[];
}

/** What is to be published, once. */
export interface Reply {
  /** The idempotency key: the same over all attempts, unique over everything we ever publish. */
  key: string;
  /** 1, 2, ... */
  attempt: number;
  /** An approved answer, or an automatic receipt (private surfaces only). */
  kind: 'answer' | 'receipt';
  ticketNo?: string;
  /** The name of the agency that answers, where one is responsible. */
  agency?: string;
  text: string;
  files: readonly ReplyFile[];
  target: ReplyTarget;
  /** Set where `publish.split` divided the answer: `text`, `key` and the times are this part's. The files go with the first. */
  part?: ReplyPart;
  /** When the first attempt began: the start of what `reconcile` has to look through. */
  firstAttemptAt: Date;
  /** In a look-up: since when its fate is unknown. Nothing was sent after it. */
  uncertainSince?: Date;
}

/** A status for the report at the platform. */
export interface StatusChange {
  key: string;
  attempt: number;
  target: ReplyTarget;
  /** Our state code, and its Indonesian label. */
  state: string;
  label: string;
  note?: string;
  at: Date;
  /** When the first attempt began, and in a look-up since when its fate is unknown: as in `Reply`. */
  firstAttemptAt: Date;
  uncertainSince?: Date;
}

/** A report to create at the platform. Contacts only where the receiver needs them. */
export interface Forwarding {
  key: string;
  attempt: number;
  ticketNo: string;
  title?: string;
  text: string;
  files: readonly ReplyFile[];
  anonymous: boolean;
  secret: boolean;
  receivedAt: Date;
  author?: Author;
  /** The label of the channel it came from. */
  source?: string;
  kind?: (typeof KINDS)[number];
  category?: string;
  /** Where it happened, in words. */
  location?: string;
  occurredAt?: Date;
  /** When the first attempt began, and in a look-up since when its fate is unknown: as in `Reply`. */
  firstAttemptAt: Date;
  uncertainSince?: Date;
}

/** What staff are told of. */
export const NOTICES = ['new', 'approval', 'deadline', 'assist'] as const;
export type NoticeKind = (typeof NOTICES)[number];

/** News for one member of staff: how many there are, and the newest. Says nothing of any reporter. */
export interface StaffNotice {
  key: string;
  /** E.164. */
  phone: string;
  kind: NoticeKind;
  count: number;
  ticketNo: string;
  site: string;
}

/** News for whoever looks after the hub: what is wrong with a channel and what to do, or that it is well again. */
export interface Alert {
  /** A UUID, the same over all attempts. */
  key: string;
  /** A mail address, or a telephone number in E.164. What this channel cannot reach is `refused`, `invalid`. */
  to: string;
  /** One line. */
  subject: string;
  text: string;
}

/** The proof that it stands there. */
export interface Published {
  publishedId: string;
  permalink?: string;
  /** Of a forwarded report: the number by which people there know it, such as a tracking id. */
  reference?: string;
}

export type Finding = { found: Published } | 'absent' | 'unknown';
