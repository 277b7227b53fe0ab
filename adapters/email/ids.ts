import { createHash } from 'node:crypto';
import type { Tokens } from '#contract';

/** RFC 5321 4.5.3.1.1: octets of a local part. */
const MAX_LOCAL = 64;
/** A key that can stand in a Message-ID as it is; the hub's keys are UUIDs. */
const KEY = /^[A-Za-z0-9-]{1,64}$/;
const TOKEN_CHARS = 'a-z2-7';
const OURS = new RegExp(
  `^<?([A-Za-z0-9-]{1,64})\\.([${TOKEN_CHARS}]{1,26}\\.[${TOKEN_CHARS}]{12})(?:@[^<>\\s@]+)?>?$`,
  'i',
);

type Verify = Tokens['verify'];

/** `aduan@kabupaten.go.id` to its two halves. */
export function splitAddress(address: string): { local: string; domain: string } {
  const at = address.lastIndexOf('@');
  return { local: address.slice(0, at), domain: address.slice(at + 1) };
}

/** A thread that a token can name. Those of mail always are; any other is answered without a token. */
const isSubject = (threadId: string): boolean => /^[a-z2-7]{1,26}$/.test(threadId);

/**
 * The left half of our Message-ID, and the value of `X-Hub-Outbox`: the publication's key and the signed thread. The same
 * over all attempts, and recognisable without a look-up when it comes back in References or in a bounce.
 */
export function outboxId(key: string, threadId: string, tokens: Pick<Tokens, 'issue'>): string {
  if (!KEY.test(key)) throw new RangeError('the key of a reply has characters that a Message-ID cannot hold');
  return isSubject(threadId) ? `${key}.${tokens.issue(threadId)}` : key;
}

/** Our Message-ID without `<>`. */
export const ourMessageId = (outbox: string, account: string): string => `${outbox}@${splitAddress(account).domain}`;

/**
 * Reads a Message-ID (with or without `<>`) or `X-Hub-Outbox` of ours; `null` when it is none, or forged. A mail server
 * may have changed its case.
 */
export function readOurId(id: string, verify: Verify): { key: string; threadId: string } | null {
  const [, key, token] = OURS.exec(id.trim()) ?? [];
  const threadId = token ? verify(token) : null;
  return key && threadId ? { key: key.toLowerCase(), threadId } : null;
}

/** `aduan+<token>@kabupaten.go.id`; the plain address when that would be too long, or the thread has no token. */
export function replyAddress(account: string, threadId: string, tokens: Pick<Tokens, 'issue'>): string {
  if (!isSubject(threadId)) return account;
  const { local, domain } = splitAddress(account);
  const extended = `${local}+${tokens.issue(threadId)}`;
  return Buffer.byteLength(extended) <= MAX_LOCAL ? `${extended}@${domain}` : account;
}

/** The thread that an address names: the token may follow `+` or, on servers set up so, `-`. */
export function threadOfAddress(address: string, verify: Verify): string | null {
  const { local } = splitAddress(address.trim());
  const [, token] = /[+-]([a-z2-7]{1,26}\.[a-z2-7]{12})$/i.exec(local) ?? [];
  return token ? verify(token) : null;
}

const INSTANCE = 'instance';

/** The value of `X-Hub-Instance`: who sends it back to us has answered us by a robot, or is ourselves. */
export const instanceMark = (tokens: Pick<Tokens, 'issue'>): string => tokens.issue(INSTANCE);

export const isOurInstance = (header: string, verify: Verify): boolean => verify(header.trim()) === INSTANCE;

/** 26 characters that a token can carry. */
export function threadOf(rootId: string, person: string): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
  const digest = createHash('sha256').update(`${rootId}\0${person}`).digest();
  return [...digest.subarray(0, 26)].map((byte) => alphabet[byte & 31]).join('');
}
