/** Why a person's action was not carried out. Stable: other programs rely on the codes. */
export const REFUSALS = [
  'not_found',
  'forbidden',
  'illegal_state',
  'conflict',
  'reason_required',
  'in_future',
  'unknown_agency',
  'unknown_unit',
  'unknown_user',
  'unknown_message',
  'unknown_attachment',
  'last_message',
  'reopen_too_late',
  'stays_on_hold',
  'second_person_required',
  'cannot_answer',
  'cannot_poll',
  'cannot_moderate',
  'cannot_forward',
  'cannot_enter',
  'missing_fields',
  'cannot_mark_read',
  'platform_failed',
  'not_settled',
  'login_taken',
  'too_large',
  'unreadable_file',
] as const;
export type RefusalCode = (typeof REFUSALS)[number];

/** One thing that stands in the way, where there may be several. */
export interface Fault {
  code: string;
  /** For people, in Indonesian. */
  message: string;
  messageId?: string;
  /** Where the same person can still be answered. */
  ways?: readonly Way[];
  tooLong?: TooLong;
}

/** By how much a text is too long, as the platform counts, and what of it would fit. */
export interface TooLong {
  channel: string;
  length: number;
  max: number;
  over: number;
  /** null: nothing that makes sense fits. */
  proposal: string | null;
}

/** How somebody can still be answered: in public, in private below what stands in public, in a chat, or on another channel. */
export interface Way {
  kind: 'public_reply' | 'private_reply' | 'message' | 'reach';
  channel: string;
  complaintId: string;
  messageId: string;
}

/** Nothing was changed. The message says what was wrong and what to do. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: RefusalCode;
  readonly faults: readonly Fault[];

  constructor(code: RefusalCode, message: string, faults: readonly Fault[] = []) {
    super(message);
    this.code = code;
    this.faults = faults;
  }
}
