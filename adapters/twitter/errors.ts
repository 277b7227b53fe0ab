import { ChannelError, type RefusalReason } from '#contract';
import { fieldsOf, idOf, listOf, textOf } from '../_meta/json.ts';

/**
 * `limit` too fast · `spent` the credits of the month are used up · `auth` nothing works until a person acts ·
 * `duplicate` this text stands already, perhaps by us · a reason: it will never work.
 */
export type Meaning = 'limit' | 'spent' | 'auth' | 'duplicate' | RefusalReason;

interface Rule {
  /** HTTP statuses it may come with; absent: any. */
  status?: readonly number[];
  /** The last part of the problem's `type`, the code of the older API, or words of `detail`, in small letters. */
  type?: string;
  code?: string;
  says?: string;
  means: Meaning;
  advice?: string;
}

const CONNECT = 'Hubungkan akun X lagi, atau simpan token yang baru';
const RIGHTS = 'Beri aplikasi izin "Read and write and Direct message" di developer.x.com, lalu hubungkan akun lagi';
const CREDITS = 'Isi saldo atau naikkan batas belanja di developer.x.com';
const SUMMONED =
  'X hanya mengizinkan balasan ke kiriman yang menyebut akun kita. Jawab lewat pesan langsung, atau manual';
const LOCKED = 'Masuk ke x.com dengan akun itu dan ikuti petunjuk di sana';

/**
 * The first that fits counts. Sources: X API, "Response codes and errors" (problem types and the older codes), and the
 * words that the API is seen to use.
 */
export const X_ERRORS: readonly Rule[] = [
  { type: 'usage-capped', means: 'spent', advice: CREDITS },
  { status: [402], means: 'spent', advice: CREDITS },
  { status: [429], means: 'limit' },
  { code: '88', means: 'limit' },
  { says: 'duplicate content', means: 'duplicate' },
  { code: '187', means: 'duplicate' },
  { says: 'only reply to or quote posts where you are mentioned', means: 'forbidden', advice: SUMMONED },
  { says: 'reply to this conversation is not allowed', means: 'forbidden', advice: SUMMONED },
  { code: '433', means: 'forbidden', advice: 'Penulisnya membatasi siapa yang boleh membalas' },
  { says: 'deleted or not visible', means: 'gone' },
  { type: 'resource-not-found', means: 'gone' },
  { code: '144', means: 'gone' },
  { code: '385', means: 'gone' },
  { code: '186', means: 'content', advice: 'Teksnya terlalu panjang' },
  { says: 'too long', status: [400, 403], means: 'content', advice: 'Teksnya terlalu panjang' },
  { code: '349', means: 'forbidden', advice: 'Warga ini tidak menerima pesan langsung dari kita' },
  { code: '150', means: 'forbidden', advice: 'Warga ini tidak menerima pesan langsung dari kita' },
  { says: 'blocked', status: [403], means: 'forbidden', advice: 'Akun kita diblokir oleh warga ini' },
  { code: '326', means: 'auth', advice: LOCKED },
  { code: '64', means: 'auth', advice: LOCKED },
  { says: 'suspended', status: [403], means: 'auth', advice: LOCKED },
  { says: 'locked', status: [403], means: 'auth', advice: LOCKED },
  { code: '89', means: 'auth', advice: CONNECT },
  { code: '32', means: 'auth', advice: CONNECT },
  { type: 'client-forbidden', means: 'auth', advice: RIGHTS },
  { type: 'unsupported-authentication', means: 'auth', advice: RIGHTS },
  { says: 'oauth1 app permissions', means: 'auth', advice: RIGHTS },
  { type: 'not-authorized-for-resource', means: 'forbidden' },
  { status: [401], means: 'auth', advice: CONNECT },
  // Without a type and without a reason: a right of the token is missing.
  { status: [403], type: 'about:blank', means: 'auth', advice: RIGHTS },
  { status: [404, 410], means: 'gone' },
  { type: 'invalid-request', means: 'invalid' },
];

export interface Failed {
  status: number;
  headers: Readonly<Record<string, string>>;
  /** The body as read, or anything else where it was no JSON. */
  body: unknown;
}

export interface Asked {
  /** Begins the message, in Indonesian: `Membalas kiriman`. */
  what: string;
  now: Date;
  /** When the month of the bill ends. */
  refill: Date;
}

/** The error of an answer of X; `null` for a 2xx. Pure. */
export function xError({ status, headers, body }: Failed, { what, now, refill }: Asked): ChannelError | null {
  if (status >= 200 && status < 300) return null;
  const { types, codes, words } = signsOf(body);
  const fits = (rule: Rule) =>
    (!rule.status || rule.status.includes(status)) &&
    (!rule.type || types.includes(rule.type)) &&
    (!rule.code || codes.includes(rule.code)) &&
    (!rule.says || words.includes(rule.says));
  const rule = X_ERRORS.find(fits);
  const code = [status, codes[0] ?? types.find((type) => type !== 'about:blank')].filter(Boolean).join(' ');
  const say = (saying: string) => `${what}: ${saying} (${code}).${rule?.advice ? ` ${rule.advice}.` : ''}`;
  if (!rule) return status >= 400 && status < 500 ? refused(say, 'invalid', code) : doubt(say, code);
  switch (rule.means) {
    case 'limit':
      return new ChannelError('throttled', say('terlalu cepat bagi X'), { retryAfterMs: waitOf(headers, now), code });
    case 'spent':
      return spent(say('kuota berbayar X habis'), refill, now, code);
    case 'auth':
      return new ChannelError('auth', say('ditolak X'), { code });
    case 'duplicate':
      // The same text again: perhaps our first try landed after all. That has to be looked up.
      return new ChannelError('retry', say('X berkata teks ini sudah ada'), { code });
    default:
      return refused(say, rule.means, code);
  }
}

type Say = (saying: string) => string;
const refused = (say: Say, reason: RefusalReason, code: string) =>
  new ChannelError('refused', say('tidak diterima X'), { reason, code });
const doubt = (say: Say, code: string) => new ChannelError('retry', say('X sedang terganggu'), { code });

const HOUR_MS = 3_600_000;

/** A cap that was raised is noticed within the hour. */
export const spent = (message: string, refill: Date, now: Date, code = 'quotaSpent'): ChannelError =>
  new ChannelError('throttled', message, {
    retryAfterMs: Math.max(1, Math.min(HOUR_MS, refill.getTime() - now.getTime())),
    quotaUntil: refill,
    code,
  });

/** Everything that names the trouble, of a problem document or of the older `errors` list. */
function signsOf(body: unknown) {
  const problem = fieldsOf(body);
  const all = [problem, ...listOf(problem.errors).map(fieldsOf)];
  const types = all.flatMap(({ type }) => textOf(type)?.split('/').at(-1) ?? []);
  const codes = all.flatMap(({ code }) => idOf(code) ?? []);
  const words = all.flatMap(({ title, detail, message }) => [title, detail, message]).map(textOf);
  return { types, codes, words: words.join('\n').toLowerCase() };
}

const MINUTE_MS = 60_000;
const RESETS = ['x-rate-limit', 'x-user-limit-24hour', 'x-app-limit-24hour'];

/** The latest reset (unix seconds) of the limits that are used up; where none says so, of the short one. */
function waitOf(headers: Failed['headers'], now: Date): number {
  const until = (name: string) => Number(headers[`${name}-reset`]) * 1_000 - now.getTime();
  const used = RESETS.filter((name) => headers[`${name}-remaining`] === '0').map(until);
  const waits = (used.length > 0 ? used : [until('x-rate-limit')]).filter((ms) => ms > 0);
  return waits.length > 0 ? Math.max(...waits) : MINUTE_MS;
}
