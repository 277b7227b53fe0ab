import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKeyring } from '../../src/platform/keyring.ts';
import { loadMasterKey, recoverySheet } from '../../src/platform/masterKey.ts';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'kanal-key-'));
});
afterEach(() => rm(dataDir, { recursive: true }));

describe('master key', () => {
  it('is made once, mode 0600, and found again', async () => {
    const first = await loadMasterKey({ dataDir, mayCreate: true });
    expect(first.created).toBe(true);
    expect((await stat(join(dataDir, 'master.key'))).mode & 0o777).toBe(0o600);
    createKeyring(first.keys);
    expect(await loadMasterKey({ dataDir, mayCreate: true })).toEqual({ keys: first.keys, created: false });
    expect(recoverySheet(first.keys)).toContain(first.keys);
  });

  it('is the same for hubs that start at the same moment, and shown by one of them', async () => {
    const all = await Promise.all(Array.from({ length: 8 }, () => loadMasterKey({ dataDir, mayCreate: true })));
    expect(new Set(all.map(({ keys }) => keys)).size).toBe(1);
    expect(all.filter(({ created }) => created)).toHaveLength(1);
  });

  it('refuses a file that others can read, with the command that mends it', async () => {
    await loadMasterKey({ dataDir, mayCreate: true });
    const path = join(dataDir, 'master.key');
    await chmod(path, 0o640);
    await expect(loadMasterKey({ dataDir, mayCreate: true })).rejects.toThrow(`chmod 600 ${path}`);
  });

  it('is not made anew when a database is there, nor when the database is elsewhere', async () => {
    await expect(loadMasterKey({ dataDir, mayCreate: false })).rejects.toThrow(/KANAL_MASTER_KEY is not set/);
    await mkdir(join(dataDir, 'pg'));
    await expect(loadMasterKey({ dataDir, mayCreate: true })).rejects.toThrow(/recovery sheet/);
  });

  it('comes from the environment first; an empty file is a fault', async () => {
    await writeFile(join(dataDir, 'master.key'), '', { mode: 0o600 });
    expect((await loadMasterKey({ dataDir, given: 'k:abc', mayCreate: true })).keys).toBe('k:abc');
    await expect(loadMasterKey({ dataDir, mayCreate: true })).rejects.toThrow(/empty/);
    expect(await readFile(join(dataDir, 'master.key'), 'utf8')).toBe('');
  });
});
