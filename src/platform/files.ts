import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileTypeFromBuffer } from 'file-type';
import { syncFolder, writeSynced } from './createOnce.ts';
import type { Keyring } from './keyring.ts';

export { safeName } from './safeName.ts';

/** Files by the hash of their content, encrypted at rest. The same content is stored once. */
export interface FileStore {
  /** The folder that holds them. */
  readonly dir: string;
  /** On the disk when it resolves. `sha256` is lower-case hex, `size` bytes of the content. */
  put(bytes: Uint8Array): Promise<{ sha256: string; size: number }>;
  /** Throws when there is no such file, or when it is damaged. */
  get(sha256: string): Promise<Buffer>;
}

export function createFileStore(dir: string, keyring: Keyring): FileStore {
  return {
    dir,
    async put(bytes) {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const path = pathOf(dir, sha256);
      if (!(await isThere(path))) await write(path, keyring.encrypt(bytes, contextOf(sha256)));
      return { sha256, size: bytes.byteLength };
    },
    async get(sha256) {
      const blob = await readFile(pathOf(dir, sha256)).catch((cause: NodeJS.ErrnoException) => {
        throw new Error(`the file ${sha256} could not be read (${cause.code}); restore it from a backup`, { cause });
      });
      return keyring.decrypt(blob, contextOf(sha256));
    },
  };
}

const contextOf = (sha256: string): string => `file:${sha256}`;

function pathOf(dir: string, sha256: string): string {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new TypeError('a file is named by its SHA-256 in lower-case hex');
  return join(dir, sha256.slice(0, 2), sha256.slice(2, 4), sha256);
}

/** Under its own name only when it is whole. Two at once write the same content: whichever is last changes nothing. */
async function write(path: string, blob: Buffer): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await writeSynced(draft, blob);
    await rename(draft, path);
    await syncFolder(folder);
  } finally {
    await rm(draft, { force: true });
  }
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** What a file really is, by its first bytes; `undefined` for plain text and what is not known. */
export async function sniff(bytes: Uint8Array): Promise<string | undefined> {
  return (await fileTypeFromBuffer(bytes))?.mime;
}
