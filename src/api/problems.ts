import { REFUSALS, type RefusalCode, type TooLong, type Way } from '../core/refusal.ts';

/** Stable codes of everything that can go wrong, with the status and the title they come with. See docs/api.md. */
const OWN = {
  unauthenticated: [401, 'No valid API key'],
  invalid_request: [400, 'The request is not as described'],
  unknown_parameter: [400, 'Unknown query parameter'],
  invalid_cursor: [400, 'The cursor is not one of ours'],
  invalid_json: [400, 'The body is not JSON'],
  unknown_address: [404, 'There is nothing at this address'],
  unknown_endpoint: [404, 'There is no such hook endpoint'],
  delivery_refused: [401, 'The delivery could not be verified'],
  not_acceptable: [406, 'Not available in a format you accept'],
  request_timeout: [408, 'The request took too long'],
  body_too_large: [413, 'The body is too large'],
  unsupported_media_type: [415, 'The body has an unsupported type'],
  rate_limited: [429, 'Too many requests'],
  headers_too_large: [431, 'The headers are too large'],
  bad_request: [400, 'The request could not be understood'],
  internal: [500, 'Something went wrong here'],
  response_invalid: [500, 'The answer did not fit its description'],
  unavailable: [503, 'Not available right now'],
} as const satisfies Record<string, readonly [number, string]>;

const REFUSED: Record<RefusalCode, readonly [number, string]> = {
  not_found: [404, 'Not found'],
  forbidden: [403, 'Not allowed'],
  illegal_state: [409, 'Not possible in this state'],
  conflict: [409, 'Somebody else was faster'],
  reason_required: [422, 'A reason is missing'],
  in_future: [422, 'That time has not come yet'],
  unknown_agency: [422, 'No such agency'],
  unknown_unit: [422, 'No such unit'],
  unknown_user: [422, 'No such user'],
  unknown_message: [422, 'No such message'],
  unknown_attachment: [422, 'No such attachment'],
  last_message: [409, 'A complaint must keep a message'],
  reopen_too_late: [409, 'Too late to reopen'],
  stays_on_hold: [409, 'On the sensitive hold'],
  second_person_required: [403, 'A second person has to approve'],
  cannot_answer: [422, 'The answer cannot be sent as it is'],
  cannot_poll: [409, 'The channel cannot be polled now'],
  cannot_moderate: [409, 'The message cannot be hidden or shown'],
  cannot_forward: [409, 'It cannot be entered there'],
  cannot_enter: [409, 'Nothing can be entered on this channel'],
  missing_fields: [422, 'What the agency asks for is missing'],
  cannot_mark_read: [409, 'This message cannot be marked as read'],
  platform_failed: [502, 'The platform did not do it'],
  not_settled: [409, 'Its fate is still being looked up'],
  login_taken: [409, 'The login is taken'],
  too_large: [413, 'The file is too large'],
  unreadable_file: [422, 'The file cannot be read'],
};

export type ProblemCode = keyof typeof OWN | RefusalCode;
export const PROBLEM_CODES: readonly ProblemCode[] = [...(Object.keys(OWN) as (keyof typeof OWN)[]), ...REFUSALS];
const ALL: Record<ProblemCode, readonly [number, string]> = { ...OWN, ...REFUSED };

export interface ProblemError {
  /** JSON pointer into what was sent: `/query/limit`, `/body/text`. */
  pointer?: string;
  code?: string;
  message: string;
  messageId?: string;
  ways?: readonly Way[];
  tooLong?: TooLong;
}

/** A problem document (RFC 9457). */
export interface Problem {
  type: string;
  title: string;
  status: number;
  code: ProblemCode;
  detail: string;
  instance?: string;
  errors?: ProblemError[];
  allowed?: string[];
}

type More = Pick<Problem, 'instance' | 'errors' | 'allowed'>;

export function problem(code: ProblemCode, detail: string, more: More = {}): Problem {
  const [status, title] = ALL[code];
  return { type: `urn:kanal-aduan:problem:${code}`, title, status, code, detail, ...more };
}

/** Thrown by a route; becomes its problem document. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly problem: Problem;

  constructor(code: ProblemCode, detail: string, more: More = {}) {
    super(detail);
    this.problem = problem(code, detail, more);
  }
}

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';
