import { ChannelError, type RefusalReason, retryAfter } from '#contract';
import { fieldsOf, listOf, textOf } from '../_meta/json.ts';

/** `limit` too fast · `auth` nothing works until a person acts · `doubt` it may have been done · a reason: it will never work. */
export type Meaning = 'limit' | 'auth' | 'doubt' | RefusalReason;
export type ErrorTable = Readonly<Record<string, readonly [Meaning, string?]>>;

const CONNECT = 'Hubungkan akun Google lagi dan simpan token penyegar yang baru';
const PROJECT = 'Nyalakan API-nya untuk proyek ini di Google Cloud Console';
const CLIENT = 'Periksa clientId dan clientSecret di berkas kanal';
const UNAPPROVED =
  'Proyek Google Cloud ini belum disetujui (kuota 0 per menit). Ajukan akses API di Google, lalu tunggu persetujuannya';

/**
 * By the answer's own words: `error` of the token endpoint (RFC 6749 section 5.2), else the `reason` of
 * google.rpc.ErrorInfo or of the older `errors` list, else the `status` (google.rpc.Code), else the HTTP status.
 * Sources: Google, "API design guide: errors", "OAuth 2.0: errors", "Business Profile APIs: limits".
 */
export const GOOGLE_ERRORS: ErrorTable = {
  invalid_grant: ['auth', CONNECT],
  invalid_client: ['auth', CLIENT],
  unauthorized_client: ['auth', CLIENT],
  invalid_scope: ['auth', CONNECT],
  deleted_client: ['auth', CLIENT],
  org_internal: ['auth', 'Layar persetujuan hanya untuk organisasi sendiri: pakai akun dari organisasi itu'],
  SERVICE_DISABLED: ['auth', PROJECT],
  accessNotConfigured: ['auth', PROJECT],
  ACCESS_TOKEN_SCOPE_INSUFFICIENT: ['auth', `Izin token kurang. ${CONNECT}`],
  insufficientPermissions: ['auth', `Izin token kurang. ${CONNECT}`],
  ACCESS_TOKEN_EXPIRED: ['auth', CONNECT],
  authError: ['auth', CONNECT],
  RATE_LIMIT_EXCEEDED: ['limit'],
  rateLimitExceeded: ['limit'],
  userRateLimitExceeded: ['limit'],
  quotaExceeded: ['limit'],
  RESOURCE_EXHAUSTED: ['limit'],
  UNAUTHENTICATED: ['auth', CONNECT],
  PERMISSION_DENIED: [
    'forbidden',
    'Akun ini bukan pengelola lokasi itu, atau lokasinya belum diverifikasi. Periksa di business.google.com',
  ],
  FAILED_PRECONDITION: ['forbidden', 'Lokasi ini belum diverifikasi di Google. Verifikasi di business.google.com'],
  NOT_FOUND: ['gone'],
  INVALID_ARGUMENT: ['invalid'],
  OUT_OF_RANGE: ['invalid'],
  UNIMPLEMENTED: ['unsupported'],
  UNAVAILABLE: ['doubt'],
  DEADLINE_EXCEEDED: ['doubt'],
  INTERNAL: ['doubt'],
  UNKNOWN: ['doubt'],
  ABORTED: ['doubt'],
  CANCELLED: ['doubt'],
  '400': ['invalid'],
  '401': ['auth', CONNECT],
  '403': ['forbidden'],
  '404': ['gone'],
  '429': ['limit'],
};

export interface Failed {
  status: number;
  headers: Readonly<Record<string, string>>;
  /** The body as read, or anything else where it was no JSON. */
  body: unknown;
}

export interface Asked {
  /** Begins the message, in Indonesian: `Membalas ulasan`. */
  what: string;
  now: Date;
  table?: ErrorTable;
}

/** The error of an answer of Google; `null` for a 2xx without one. Pure. */
export function googleError({ status, headers, body }: Failed, { what, now, table = GOOGLE_ERRORS }: Asked) {
  const names = namesOf(body);
  if (status >= 200 && status < 300 && names.length === 0) return null;
  const code = names.find((name) => table[name]) ?? String(status);
  const [meaning, advice] = table[code] ?? [status >= 400 && status < 500 ? 'invalid' : 'doubt'];
  const say = (words: string, cure = advice) => `${what}: ${words} (${code}).${cure ? ` ${cure}.` : ''}`;
  switch (meaning) {
    case 'limit':
      if (isUnapproved(body))
        return new ChannelError('auth', say('kuota 0', UNAPPROVED), { code: QUOTA_ZERO, awaitsAccess: true });
      return new ChannelError('throttled', say('terlalu cepat bagi Google'), {
        retryAfterMs: waitOf(headers, body, now),
        code,
      });
    case 'auth':
      return new ChannelError('auth', say('ditolak Google'), { code });
    case 'doubt':
      return new ChannelError('retry', say('Google sedang terganggu'), { code });
    default:
      return new ChannelError('refused', say('tidak diterima Google'), { reason: meaning, code });
  }
}

export const QUOTA_ZERO = 'quota-zero';

const detailsOf = (body: unknown) => listOf(fieldsOf(fieldsOf(body).error).details).map(fieldsOf);

/** Everything that names the trouble, the closest word first. */
function namesOf(body: unknown): string[] {
  const { error } = fieldsOf(body);
  if (typeof error === 'string') return [error];
  const { errors, status } = fieldsOf(error);
  const reasons = [...detailsOf(body), ...listOf(errors).map(fieldsOf)].map(({ reason }) => reason);
  return [...reasons, status].flatMap((name) => textOf(name) ?? []);
}

/** A project that Google has not approved has a quota of nothing. */
function isUnapproved(body: unknown): boolean {
  const limits = detailsOf(body).map(({ metadata }) => fieldsOf(metadata).quota_limit_value);
  const message = textOf(fieldsOf(fieldsOf(body).error).message) ?? '';
  return limits.includes('0') || /\b0 (requests )?per minute|limit(_value)?['": ]+0\b/i.test(message);
}

const MINUTE_MS = 60_000;

/** As long as Google says: the header, or `retryDelay` ("7s") of google.rpc.RetryInfo; else a minute, as quotas are counted. */
function waitOf(headers: Failed['headers'], body: unknown, now: Date): number {
  const delays = detailsOf(body).map(({ retryDelay }) => Number.parseFloat(String(retryDelay)) * 1_000);
  return retryAfter(headers['retry-after'], now) ?? delays.find((ms) => ms > 0) ?? MINUTE_MS;
}
