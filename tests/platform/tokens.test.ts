import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createKeyring } from '../../src/platform/keyring.ts';
import { base32, createTokens } from '../../src/platform/tokens.ts';

const OLD = `old:${Buffer.alloc(32, 1).toString('base64')}`;
const NEW = `new:${Buffer.alloc(32, 2).toString('base64')}`;
const tokensOf = (masterKeys: string, channel = 'surel') => createTokens(createKeyring(masterKeys).tokenKeys(channel));
const subject = fc.stringMatching(/^[a-z2-7]{1,26}$/);

describe('tokens', () => {
  it('give their subject back, in whatever case a mail server left them, and fit into an address', () => {
    const { issue, verify } = tokensOf(NEW);
    fc.assert(
      fc.property(subject, (text) => {
        const token = issue(text);
        expect(token).toMatch(/^[a-z2-7]{1,26}\.[a-z2-7]{12}$/);
        expect(verify(token)).toBe(text);
        expect(verify(token.toUpperCase())).toBe(text);
      }),
    );
    expect(`aduan+${issue('a'.repeat(26))}`.length).toBeLessThanOrEqual(64);
  });

  it('are not accepted with any character changed, cut or added', () => {
    const { issue, verify } = tokensOf(NEW);
    const token = issue('k7m4qdx2p');
    for (let at = 0; at < token.length; at++) {
      expect(verify(token.slice(0, at) + (token[at] === 'a' ? 'b' : 'a') + token.slice(at + 1)), `${at}`).toBeNull();
      expect(verify(token.slice(0, at)), `cut at ${at}`).toBeNull();
    }
    for (const odd of [`${token}a`, `a${token}`, ` ${token}`, '', '.', 'k7m4qdx2p.', `${token}\n`])
      expect(verify(odd), JSON.stringify(odd)).toBeNull();
  });

  it('belong to one channel', () => {
    expect(tokensOf(NEW, 'lain').verify(tokensOf(NEW).issue('abc'))).toBeNull();
  });

  it('rotate: the newest key issues, the older ones verify, a key that is gone does not', () => {
    const [before, both, after] = [tokensOf(OLD), tokensOf(`${NEW},${OLD}`), tokensOf(NEW)];
    expect(both.verify(before.issue('abc'))).toBe('abc');
    expect(both.issue('abc')).toBe(after.issue('abc'));
    expect(after.verify(before.issue('abc'))).toBeNull();
  });

  it('try every key of an id that two keys share', () => {
    const [one, two] = [1, 2].map((byte) => ({ id: 'aa', key: Buffer.alloc(32, byte) })) as [never, never];
    expect(createTokens([one, two]).verify(createTokens([two]).issue('abc'))).toBe('abc');
  });

  it('are truncated HMAC-SHA256, the bits in base32', () => {
    const key = Buffer.alloc(32, 9);
    const bits = [...createHmac('sha256', key).update('abc').digest().subarray(0, 7)]
      .map((byte) => byte.toString(2).padStart(8, '0'))
      .join('');
    const mac = (bits.slice(0, 50).match(/.{5}/g) ?? [])
      .map((five) => 'abcdefghijklmnopqrstuvwxyz234567'[Number.parseInt(five, 2)])
      .join('');
    expect(createTokens([{ id: 'zz', key }]).issue('abc')).toBe(`abc.zz${mac}`);
    expect(base32(Buffer.from('foobar'))).toBe('mzxw6ytbo');
  });

  it('refuse a subject that would not survive an address', () => {
    for (const odd of ['', 'A', 'a.b', 'a b', 'a'.repeat(27), 'a1'])
      expect(() => tokensOf(NEW).issue(odd)).toThrow(/1 to 26/);
    expect(() => createTokens([]).issue('a')).toThrow(/no key/);
  });
});
