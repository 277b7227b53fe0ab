import { ChannelError, type RefusalReason, retryAfter } from '#contract';
import { type Fields, idOf, textOf } from '../_meta/json.ts';

/**
 * `limit` too fast · `token` the access token is over · `auth` nothing works until a person acts · `doubt` it may have
 * been done · `words` the message says what it is · a reason: it will never work.
 */
export type Meaning = 'limit' | 'token' | 'auth' | 'doubt' | 'words' | RefusalReason;

const CONNECT = 'Hubungkan akun TikTok lagi';
const SCOPE = `Izin aplikasi atau akun kurang. Periksa izin di portal TikTok, lalu hubungkan akun lagi`;

/** `code` of the answer's envelope (TikTok API for Business v1.3, "Return codes"). */
export const TIKTOK_ERRORS: Readonly<Record<string, readonly [Meaning, string?]>> = {
  '40100': ['limit'],
  '40016': ['limit'],
  '40133': ['limit'],
  '50002': ['limit'],
  '51021': ['limit'],
  '40102': ['token', CONNECT],
  '40104': ['token', CONNECT],
  '40105': ['token', `${CONNECT}, dan periksa account di berkas kanal`],
  '40001': ['auth', SCOPE],
  '40003': ['auth', SCOPE],
  '40002': ['words'],
  '40007': ['words'],
  '40006': ['invalid', 'Alamat API tidak dikenal TikTok: periksa apiBase di berkas kanal'],
  '50000': ['doubt'],
};

/** What a refusal for a parameter is about. Only these words tell; the code is the same. */
const WORDS: readonly (readonly [RegExp, RefusalReason, string?])[] = [
  [/not (be )?(found|exist)|does not exist|deleted|not visible|invalid (comment|video)_id/i, 'gone'],
  [/(comment|reply).*(disabled|turned off|not allowed)|cannot (be )?(comment|repl)/i, 'forbidden', 'Komentar di sini dimatikan'],
  [/too long|length|exceed|banned|sensitive|prohibit|violat|spam|community guidelines/i, 'content', 'Ubah kalimatnya'],
  [/48.?h|window|conversation.*(closed|expired)/i, 'window'],
]; // biome-ignore format: one row each

export interface Failed {
  status: number;
  headers: Readonly<Record<string, string>>;
  /** The envelope; empty where the body was none. */
  body: Fields;
}

const MINUTES_5 = 300_000;

/** The error of an answer; `null` when it is none. HTTP 200 alone says nothing: only `code` 0 is a success. Pure. */
export function tiktokError({ status, headers, body }: Failed, what: string, now: Date): ChannelError | null {
  const code = idOf(body.code);
  if (code === '0' && status >= 200 && status < 300) return null;
  const [meaning, cure] =
    code === undefined || code === '0' ? [byStatus(status)] : (TIKTOK_ERRORS[code] ?? [byRange(code)]);
  const named = code === undefined ? `HTTP ${status}` : code;
  const message = textOf(body.message) ?? '';
  const say = (words: string, then = cure) => `${what}: ${words} (${named}).${then ? ` ${then}.` : ''}`;
  switch (meaning) {
    case 'limit':
      return new ChannelError('throttled', say('terlalu cepat bagi TikTok'), {
        retryAfterMs: retryAfter(headers['retry-after'], now) ?? (isDaily(message) ? untilMidnight(now) : MINUTES_5),
        code: named,
      });
    case 'token':
    case 'auth':
      return new ChannelError('auth', say('ditolak TikTok'), { code: named });
    case 'doubt':
      return new ChannelError('retry', say('TikTok sedang terganggu'), { code: named });
    case 'words':
      return byWords(message, say, named);
    default:
      return new ChannelError('refused', say('tidak diterima TikTok'), { reason: meaning, code: named });
  }
}

/** TikTok's own words are not shown: they may repeat what we sent. */
function byWords(message: string, say: (words: string, then?: string) => string, code: string): ChannelError {
  const [, reason = 'invalid' as const, cure] = WORDS.find(([words]) => words.test(message)) ?? [];
  return new ChannelError('refused', say('tidak diterima TikTok', cure), { reason, code });
}

/** The access token itself is over, and another one may be asked for. */
export const isTokenCode = (code: string | undefined): boolean => TIKTOK_ERRORS[code ?? '']?.[0] === 'token';

function byStatus(status: number): Meaning {
  if (status === 429) return 'limit';
  if (status === 401) return 'token';
  return status >= 400 && status < 500 && status !== 408 ? 'invalid' : 'doubt';
}

/** What is not in the table: 4xxxx is ours to mend, 5xxxx theirs. */
const byRange = (code: string): Meaning => (/^4\d{4}$/.test(code) ? 'invalid' : 'doubt');

const isDaily = (message: string): boolean => /\b(day|daily|QPD)\b/i.test(message);

/** A quota of a day is full again at 00:00 UTC. */
function untilMidnight(now: Date): number {
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1) - now.getTime();
}
