import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFileStore, sniff } from '../../src/platform/files.ts';
import { createKeyring, newMasterKey } from '../../src/platform/keyring.ts';
import { safeName } from '../../src/platform/safeName.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'kanal-files-'));
});
afterEach(() => rm(dir, { recursive: true }));

const ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

describe('the file store', () => {
  it('keeps content under its hash, encrypted, once', async () => {
    const files = createFileStore(dir, createKeyring(newMasterKey()));
    const all = await Promise.all([files.put(Buffer.from('abc')), files.put(Buffer.from('abc'))]);
    for (const put of all) expect(put).toEqual({ sha256: ABC, size: 3 });
    expect((await files.get(ABC)).toString()).toBe('abc');
    expect(await readdir(join(dir, 'ba/78'))).toEqual([ABC]);
    expect((await readFile(join(dir, 'ba/78', ABC))).includes('abc')).toBe(false);
  });

  it('refuses a missing file, a damaged one, one under another name, and a name that is none', async () => {
    const files = createFileStore(dir, createKeyring(newMasterKey()));
    await expect(files.get(ABC)).rejects.toThrow(/could not be read/);
    await expect(files.get('../../etc/passwd')).rejects.toThrow(TypeError);
    const { sha256 } = await files.put(Buffer.from('abc'));
    const { sha256: other } = await files.put(Buffer.from('lain'));
    const path = (hash: string) => join(dir, hash.slice(0, 2), hash.slice(2, 4), hash);
    await writeFile(path(sha256), await readFile(path(other)));
    await expect(files.get(sha256)).rejects.toThrow(/damaged, belongs/);
  });
});

describe('sniff', () => {
  it('goes by the content, not by the name', async () => {
    expect(await sniff(Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'))).toBe('image/png');
    expect(await sniff(Buffer.from('%PDF-1.7\n'))).toBe('application/pdf');
    expect(await sniff(Buffer.from('halo'))).toBeUndefined();
    expect(await sniff(new Uint8Array())).toBeUndefined();
  });
});

describe('safeName', () => {
  it.each([
    ['../../etc/passwd', '', 'passwd'],
    ['C:\\Users\\siti\\foto jalan.JPG', 'image/jpeg', 'foto jalan.JPG'],
    ['foto', 'image/jpeg', 'foto.jpg'],
    [undefined, 'application/pdf', 'lampiran.pdf'],
    ['..', 'text/plain', 'lampiran.txt'],
    ['.htaccess', '', 'htaccess'],
    ['CON.txt', 'text/plain', '_CON.txt'],
    ['nul', '', '_nul'],
    ['invoice\u202egpj.exe', '', 'invoicegpj.exe'],
    ['a\u0000b\r\nc.png', 'image/png', 'abc.png'],
    ['a<b>"c|d?.txt', 'text/plain', 'a_b__c_d_.txt'],
    ['laporan v1.2 final', 'application/pdf', 'laporan v1.2 final.pdf'],
    ['nama. ', '', 'nama'],
  ])('%j (%s) becomes %j', (name, mime, expected) => {
    expect(safeName(name, mime)).toBe(expected);
  });

  it('cuts between characters and keeps the extension', () => {
    const name = safeName(`${'👍🏽'.repeat(50)}.jpeg`, 'image/jpeg');
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(120);
    expect(name).toMatch(/^(👍🏽)+\.jpeg$/u);
    expect(Buffer.byteLength(safeName(`a${'\u0301'.repeat(5_000)}`, 'image/png'))).toBeLessThanOrEqual(120);
  });

  it('is safe for any text, and safe again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom('image/jpeg', 'x/y', ''), (text, mime) => {
        const name = safeName(text, mime);
        expect(name).not.toMatch(/[/\\\p{C}<>:"|?*]|^\.|[. ]$|^$/u);
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(120);
        expect(safeName(name, mime)).toBe(name);
      }),
      { numRuns: 2_000 },
    );
  });
});
