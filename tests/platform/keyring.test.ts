import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createKeyring, DecryptionError, newMasterKey } from '../../src/platform/keyring.ts';

const OLD = `old:${Buffer.alloc(32, 1).toString('base64')}`;
const NEW = `new:${Buffer.alloc(32, 2).toString('base64')}`;

describe('keyring', () => {
  it('gives back what it was given, bytes and JSON', () => {
    const keyring = createKeyring(newMasterKey());
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3_000 }), fc.string(), (plain, context) => {
        expect(keyring.decrypt(keyring.encrypt(plain, context), context).equals(plain)).toBe(true);
      }),
    );
    const value = { nama: 'Siti', angka: [1, null, true] };
    expect(keyring.decryptJson(keyring.encryptJson(value, 'reporter:1'), 'reporter:1')).toEqual(value);
  });

  it('never gives the same blob twice, and hides the plain text', () => {
    const keyring = createKeyring(NEW);
    const [one, two] = [
      keyring.encrypt(Buffer.from('3304-rahasia'), 'c'),
      keyring.encrypt(Buffer.from('3304-rahasia'), 'c'),
    ];
    expect(one.equals(two)).toBe(false);
    expect(one.includes('3304-rahasia')).toBe(false);
  });

  it('refuses another context, even of the same purpose', () => {
    const keyring = createKeyring(NEW);
    const blob = keyring.encrypt(Buffer.from('x'), 'envelope:1');
    expect(() => keyring.decrypt(blob, 'envelope:2')).toThrow(DecryptionError);
    expect(() => keyring.decrypt(blob, 'message:1')).toThrow(/envelope|message:1/);
  });

  it('refuses every changed bit', () => {
    const keyring = createKeyring(NEW);
    const blob = keyring.encrypt(Buffer.from('isi'), 'c');
    for (let bit = 0; bit < blob.length * 8; bit++) {
      const damaged = Buffer.from(blob);
      damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => keyring.decrypt(damaged, 'c'), `bit ${bit}`).toThrow(DecryptionError);
    }
    expect(() => keyring.decrypt(blob.subarray(0, 20), 'c')).toThrow(/too short/);
  });

  it('rotates: the first key encrypts, all decrypt, the oldest makes the indexes', () => {
    const before = createKeyring(OLD);
    const after = createKeyring(`${NEW}, ${OLD}`);
    expect(after.decrypt(before.encrypt(Buffer.from('lama'), 'c'), 'c').toString()).toBe('lama');
    expect(() => before.decrypt(after.encrypt(Buffer.from('baru'), 'c'), 'c')).toThrow(/Add the old key/);
    expect(after.blindIndex('0812', 'phone').equals(before.blindIndex('0812', 'phone'))).toBe(true);
    expect(after.blindIndex('0812', 'phone').equals(after.blindIndex('0812', 'email'))).toBe(false);
  });

  it('accepts a bare key and says what is wrong with others', () => {
    const bare = Buffer.alloc(32, 7).toString('base64');
    const blob = createKeyring(bare).encrypt(Buffer.from('x'), 'c');
    expect(createKeyring(`\n${NEW}\n${bare}\n`).decrypt(blob, 'c').toString()).toBe('x');
    expect(() => createKeyring('')).toThrow(/empty/);
    expect(() => createKeyring('a:c2hvcnQ=')).toThrow(/32 bytes/);
    expect(() => createKeyring(`${NEW},${NEW}`)).toThrow(/twice/);
    expect(() => createKeyring(`k!:${bare}`)).toThrow(/id of a master key/);
  });

  it('never shows key material in its errors', () => {
    const secret = Buffer.alloc(31, 9).toString('base64');
    expect(() => createKeyring(`k:${secret}`)).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining(secret) }),
    );
  });
});
