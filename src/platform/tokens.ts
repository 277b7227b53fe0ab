import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Tokens } from '#contract';

/** A key of one channel for its tokens, derived from a master key; `id` is the mark that tokens made with it bear. */
export interface TokenKey {
  /** Two characters of the alphabet. */
  id: string;
  /** 32 bytes. */
  key: Uint8Array;
}

/** RFC 4648 base32 in lower case: survives a mail server that folds the case of an address. */
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const SUBJECT = /^[a-z2-7]{1,26}$/;
const TOKEN = /^([a-z2-7]{1,26})\.([a-z2-7]{2})([a-z2-7]{10})$/;
const MAC_CHARS = 10;

/**
 * `subject.` + key id (2) + MAC (10 characters, 50 bits of HMAC-SHA256): at most 39 characters. The first key issues,
 * all verify. Two keys may share an id; then both are tried.
 */
export function createTokens(keys: readonly TokenKey[]): Tokens {
  const newest = keys[0];
  return {
    issue(subject) {
      if (!SUBJECT.test(subject)) throw new RangeError('the subject of a token is 1 to 26 characters of a-z and 2-7');
      if (!newest) throw new TypeError('there is no key to issue tokens with');
      return `${subject}.${newest.id}${mac(newest, subject)}`;
    },
    verify(token) {
      const [, subject, id, given] = TOKEN.exec(token.toLowerCase()) ?? [];
      if (!subject || !given) return null;
      const genuine = keys.some((key) => key.id === id && equal(mac(key, subject), given));
      return genuine ? subject : null;
    },
  };
}

const mac = ({ key }: TokenKey, subject: string): string =>
  base32(createHmac('sha256', key).update(subject).digest()).slice(0, MAC_CHARS);

const equal = (one: string, other: string): boolean => timingSafeEqual(Buffer.from(one), Buffer.from(other));

/** The first characters of bytes in base32, whole groups of five bits only. */
export function base32(bytes: Uint8Array): string {
  let bits = 0;
  let held = 0;
  let text = '';
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xfff;
    bits += 8;
    for (; bits >= 5; bits -= 5) text += ALPHABET[(held >> (bits - 5)) & 31];
  }
  return text;
}
