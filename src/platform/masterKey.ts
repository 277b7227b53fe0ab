import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createOnce } from './createOnce.ts';
import { newMasterKey } from './keyring.ts';

export interface MasterKeyOptions {
  dataDir: string;
  /** KANAL_MASTER_KEY, when it is set. */
  given?: string | undefined;
  /** May a key be created on the first start? Only in the embedded mode: there, this machine holds everything. */
  mayCreate: boolean;
}

/**
 * The master keys, in the form that `createKeyring` reads. With `created`, show the recovery sheet once.
 * Call it before the embedded PostgreSQL is started: a database without its key means that the key was lost, and then a
 * new one must not be made silently.
 */
export async function loadMasterKey(options: MasterKeyOptions): Promise<{ keys: string; created: boolean }> {
  if (options.given) return { keys: options.given, created: false };
  const path = join(options.dataDir, 'master.key');
  // In this order: a hub that starts at the same moment makes the key before the database.
  const hasDatabase = await exists(join(options.dataDir, 'pg'));
  if (await exists(path)) return { keys: await readKey(path), created: false };
  if (!options.mayCreate)
    throw new Error(
      `KANAL_MASTER_KEY is not set and ${path} does not exist; set it to keyId:base64 of 32 random bytes`,
    );
  if (hasDatabase)
    throw new Error(
      `${path} is missing although a database is there. Write the key from the recovery sheet into it (mode 0600), or set KANAL_MASTER_KEY`,
    );
  await mkdir(options.dataDir, { recursive: true, mode: 0o700 });
  const created = await createOnce(path, `${newMasterKey()}\n`);
  return { keys: await readKey(path), created };
}

async function readKey(path: string): Promise<string> {
  const { mode } = await stat(path);
  if (mode & 0o077) throw new Error(`${path} can be read by other users; run: chmod 600 ${path}`);
  const keys = (await readFile(path, 'utf8')).trim();
  if (!keys) throw new Error(`${path} is empty; write the key from the recovery sheet into it`);
  return keys;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
}

/** What is printed once, when the key was created. */
export function recoverySheet(keys: string): string {
  return `
==================== LEMBAR PEMULIHAN KANAL ADUAN ====================

Kunci di bawah ini membuka data aduan yang tersimpan terenkripsi.

    ${keys}

1. Cetak lembar ini, lalu simpan di brankas. Jangan difoto dan jangan
   dikirim lewat surel atau WhatsApp.
2. Tanpa kunci ini data tidak dapat dibaca lagi, juga dari cadangan.
3. Untuk memulihkan: tulis kunci ini ke berkas master.key di folder data
   (chmod 600), atau isikan ke KANAL_MASTER_KEY.

Lembar ini hanya ditampilkan satu kali.
=======================================================================
`;
}
