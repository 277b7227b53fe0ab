import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { z } from 'zod';
import { headerOf, headOf, splitMail } from './parse/headers.ts';

/**
 * Where a mail lay and when it came, which the mail itself does not say. It travels as one more header line in front of
 * the mail (`X-Kanal-Aduan-Source: {...}`), so that what is stored stays a mail that every mail program opens. Only the
 * very first line counts: a sender may have written the same header further down.
 */
const source = z.strictObject({
  folder: z.string(),
  role: z.enum(['inbox', 'junk']),
  uidValidity: z.string(),
  uid: z.int(),
  /** When the server took it in (INTERNALDATE). */
  at: z.iso.datetime().optional(),
  /** Bytes, as the server says. */
  size: z.int().optional(),
  /** Of the body, so that it is made only once. */
  fingerprint: z.string().optional(),
  /** Only the head of the mail is here; the reason why not all, for operators. */
  left: z.string().optional(),
});
export type Source = z.infer<typeof source>;

const PREFIX = 'X-Kanal-Aduan-Source: ';
const asciiOnly = (text: string): string =>
  text.replace(/[^\x20-\x7e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);

export function packMail(about: Source, mail: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`${PREFIX}${asciiOnly(JSON.stringify(about))}\r\n`), mail]);
}

/** A mail without our line (brought in by hand) is read as one from the inbox. Throws when the line is not ours. */
export function unpackMail(raw: string | Uint8Array): { about: Source | null; mail: Buffer } {
  const bytes = typeof raw === 'string' ? Buffer.from(raw) : Buffer.from(raw.buffer, raw.byteOffset, raw.length);
  if (!bytes.subarray(0, PREFIX.length).equals(Buffer.from(PREFIX))) return { about: null, mail: bytes };
  const end = bytes.indexOf('\r\n');
  return { about: source.parse(jsonOf(bytes.toString('latin1', PREFIX.length, end))), mail: bytes.subarray(end + 2) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('The line of the hub in front of this mail is broken');
  }
}

export interface Identity {
  /** Message-ID without its angle brackets; where there is none, a hash of what makes the mail. */
  id: string;
  /** Of the body alone: what a server on the way adds to the head does not change it. */
  fingerprint: string;
}

/**
 * One mail that came twice (two folders, two aliases, a mailbox that was rebuilt) has the same identity. Two mails that
 * claim the same Message-ID differ in the fingerprint: both are kept, and none takes the other's place.
 */
export async function identify(mail: Uint8Array): Promise<Identity> {
  const { head, body } = splitMail(mail);
  return identityOf(head, await fingerprintInTurns(withoutEnd(body)));
}

const SLICE = 2 * 1024 * 1024;

/** The same as `fingerprintOf`, without keeping the loop for long: a large mail takes its time. */
async function fingerprintInTurns(body: Buffer): Promise<string> {
  const hash = createHash('sha256');
  for (let at = 0; at < body.length; at += SLICE) {
    hash.update(body.subarray(at, at + SLICE));
    if (body.length > SLICE) await turn();
  }
  return hash.digest('hex').slice(0, 16);
}

export const fingerprintOf = (body: Buffer): string =>
  createHash('sha256').update(withoutEnd(body)).digest('hex').slice(0, 16);

/** Deeper in the head nothing names a mail: a head of many thousand lines is made to keep us busy. */
const NAMING_HEAD = 64 * 1024;

export function identityOf(top: Buffer, fingerprint: string): Identity {
  const head = headOf(top.subarray(0, NAMING_HEAD));
  const id = messageId(headerOf(head, 'message-id'));
  if (id) return { id, fingerprint };
  const about = ['from', 'date', 'subject'].map((name) => headerOf(head, name) ?? '');
  const hash = createHash('sha256')
    .update(JSON.stringify([...about, fingerprint]))
    .digest('hex');
  return { id: `tanpa-id.${hash.slice(0, 32)}`, fingerprint };
}

/** `  <A@b>\r\n ` to `A@b`; the case is kept. `undefined` when there is none. */
export function messageId(header: string | undefined): string | undefined {
  const id = header?.replace(/\s+/g, '').replace(/^<|>$/g, '');
  return id && id.length <= 900 ? id : undefined;
}

/** The name of the event: a mail never changes, so it is the mail's own. At most about 1,000 characters. */
export const keyOf = ({ id, fingerprint }: Identity): string => `mail ${id} ${fingerprint}`;

/** Empty lines at the end come and go on the way (RFC 6376 section 3.4.3). */
function withoutEnd(body: Buffer): Buffer {
  let end = body.length;
  while (end > 0 && (body[end - 1] === 10 || body[end - 1] === 13)) end -= 1;
  return body.subarray(0, end);
}
