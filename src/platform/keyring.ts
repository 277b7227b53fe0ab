import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import type { Json } from '#contract';
import { base32, type TokenKey } from './tokens.ts';

const VERSION = 1;
const ID_BYTES = 4;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = 1 + ID_BYTES;
const OVERHEAD = HEADER_BYTES + IV_BYTES + TAG_BYTES;

/** A value that could not be decrypted. The message says why and never holds any of it. */
export class DecryptionError extends Error {
  override readonly name = 'DecryptionError';
}

/**
 * Encryption at rest: AES-256-GCM. A value is one blob: version (1 byte), key tag (4), iv (12), GCM tag (16), ciphertext.
 *
 * `context` names the place of the value, such as `envelope:0198…`; a blob moved elsewhere does not decrypt. The part
 * before the first `:` is the purpose; each purpose has a key of its own, derived from the master key.
 */
export interface Keyring {
  encrypt(plain: Uint8Array, context: string): Buffer;
  /** The same blob in pieces, for what is large: whoever writes many of them joins all pieces once. */
  encryptPieces(plain: readonly Uint8Array[], context: string): Buffer[];
  /** Throws a DecryptionError for an unknown key, another context or damage. */
  decrypt(blob: Uint8Array, context: string): Buffer;
  encryptJson(value: Json, context: string): Buffer;
  decryptJson(blob: Uint8Array, context: string): Json;
  /**
   * The same 32 bytes for the same value and purpose, to look up what is stored encrypted. HMAC-SHA256 under the
   * OLDEST key (the last of the list), so that look-ups survive a rotation: a new key is put in front, and the last one
   * must stay in the list as long as its indexes are used.
   */
  blindIndex(value: string, purpose: string): Buffer;
  /** What signs and verifies the tokens of a channel: one key for each master key, the newest first. */
  tokenKeys(channelId: string): TokenKey[];
}

interface MasterKey {
  id: string;
  tag: Buffer;
  /** The derived key of a purpose; derived once. A KeyObject: from bytes, Node makes one at each use (three times the cost). */
  derive(purpose: string): KeyObject;
}

/** One or more `keyId:base64(32 bytes)`, separated by commas or whitespace; the first encrypts, all decrypt. */
export function createKeyring(masterKeys: string): Keyring {
  const keys = masterKeys
    .split(/[\s,]+/)
    .filter(Boolean)
    .map(parseKey);
  const newest = keys[0];
  const oldest = keys.at(-1);
  if (!newest || !oldest) throw new TypeError('the master key is empty; give keyId:base64 of 32 random bytes');
  const byTag = new Map(keys.map((key) => [key.tag.readUInt32BE(), key]));
  if (byTag.size !== keys.length) throw new TypeError('the master key names the same key id twice');

  const encryptPieces = (plain: readonly Uint8Array[], context: string) => seal(newest, plain, context);
  const encrypt = (plain: Uint8Array, context: string) => Buffer.concat(encryptPieces([plain], context));
  const decrypt = (blob: Uint8Array, context: string) => {
    const bytes = Buffer.from(blob.buffer, blob.byteOffset, blob.byteLength);
    return open(keyOf(bytes, byTag, context), bytes, context);
  };
  return {
    encrypt,
    encryptPieces,
    decrypt,
    encryptJson: (value, context) => encrypt(Buffer.from(JSON.stringify(value)), context),
    decryptJson: (blob, context) => JSON.parse(decrypt(blob, context).toString('utf8')),
    blindIndex: (value, purpose) =>
      createHmac('sha256', oldest.derive(`blind-index/${purpose}`))
        .update(value, 'utf8')
        .digest(),
    tokenKeys: (channelId) =>
      keys.map(({ tag, derive }) => ({ id: base32(tag).slice(0, 2), key: derive(`token/${channelId}`).export() })),
  };
}

/** A fresh master key, in the form that `createKeyring` reads. */
export function newMasterKey(): string {
  const key = randomBytes(32);
  return `${idOf(key)}:${key.toString('base64')}`;
}

function parseKey(text: string): MasterKey {
  const colon = text.indexOf(':');
  const key = Buffer.from(text.slice(colon + 1), 'base64');
  if (key.length !== 32)
    throw new TypeError('a master key is not 32 bytes in base64; make one with "openssl rand -base64 32"');
  const id = colon === -1 ? idOf(key) : text.slice(0, colon);
  if (!/^[A-Za-z0-9_-]{1,32}$/.test(id))
    throw new TypeError('the id of a master key may hold 1 to 32 letters, digits, - and _');
  return { id, tag: createHash('sha256').update(id).digest().subarray(0, ID_BYTES), derive: deriver(key) };
}

const idOf = (key: Buffer): string => createHash('sha256').update(key).digest('hex').slice(0, 8);

function deriver(master: Buffer): (purpose: string) => KeyObject {
  const known = new Map<string, KeyObject>();
  return (purpose) => {
    const found = known.get(purpose);
    if (found) return found;
    const key = createSecretKey(Buffer.from(hkdfSync('sha256', master, 'kanal-aduan', purpose, 32)));
    // Purposes are few. Should a caller invent them without end, memory stays bounded.
    if (known.size >= 256) known.clear();
    known.set(purpose, key);
    return key;
  };
}

const purposeOf = (context: string): string => `encrypt/${context.split(':', 1)[0]}`;

function seal(key: MasterKey, plain: readonly Uint8Array[], context: string): Buffer[] {
  const head = Buffer.allocUnsafe(OVERHEAD);
  head[0] = VERSION;
  key.tag.copy(head, 1);
  const iv = freshIv();
  iv.copy(head, HEADER_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key.derive(purposeOf(context)), iv);
  cipher.setAAD(aad(head, context));
  const pieces = plain.map((piece) => cipher.update(piece));
  cipher.final();
  cipher.getAuthTag().copy(head, HEADER_BYTES + IV_BYTES);
  return [head, ...pieces];
}

let drawn = Buffer.alloc(0);

/** Random bytes for one use. Drawn for some hundred values at once: each draw costs as much as the encryption itself. */
function freshIv(): Buffer {
  if (drawn.length < IV_BYTES) drawn = randomBytes(IV_BYTES * 512);
  const iv = drawn.subarray(0, IV_BYTES);
  drawn = drawn.subarray(IV_BYTES);
  return iv;
}

function open(key: MasterKey, blob: Buffer, context: string): Buffer {
  const iv = blob.subarray(HEADER_BYTES, HEADER_BYTES + IV_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key.derive(purposeOf(context)), iv, { authTagLength: TAG_BYTES });
  decipher.setAAD(aad(blob, context));
  decipher.setAuthTag(blob.subarray(HEADER_BYTES + IV_BYTES, OVERHEAD));
  const plain = decipher.update(blob.subarray(OVERHEAD));
  try {
    decipher.final();
  } catch {
    throw new DecryptionError(
      `an encrypted value (${context}) is damaged, belongs to another place, or was made with another key of the id "${key.id}"`,
    );
  }
  return plain;
}

/** The header is authenticated, too. */
const aad = (blob: Buffer, context: string): Buffer =>
  Buffer.concat([blob.subarray(0, HEADER_BYTES), Buffer.from(context)]);

function keyOf(blob: Buffer, byTag: Map<number, MasterKey>, context: string): MasterKey {
  if (blob.length < OVERHEAD) throw new DecryptionError(`an encrypted value (${context}) is damaged: it is too short`);
  if (blob[0] !== VERSION)
    throw new DecryptionError(
      `an encrypted value (${context}) has the unknown version ${blob[0]}; was it made by a newer release?`,
    );
  const key = byTag.get(blob.readUInt32BE(1));
  if (key) return key;
  const tag = blob.subarray(1, HEADER_BYTES).toString('hex');
  const known = [...byTag.values()].map(({ id, tag }) => `"${id}" (tag ${tag.toString('hex')})`).join(', ');
  throw new DecryptionError(
    `an encrypted value (${context}) was made with a key of tag ${tag}, which KANAL_MASTER_KEY does not hold; it holds ${known}. Add the old key at the end of the list`,
  );
}
