import { describe, expect, it } from 'vitest';
import { accessCodeOf, isAccessCode } from '../../../src/flows/door/code.ts';
import { createKeyring, newMasterKey } from '../../../src/platform/keyring.ts';

const ONE = '019abc00-0000-7000-8000-000000000001';
const OTHER = '019abc00-0000-7000-8000-000000000002';

describe('the access code of a complaint', () => {
  const old = newMasterKey();
  const keyring = createKeyring(old);

  it('belongs to one complaint and one hub', () => {
    const code = accessCodeOf(keyring, ONE);
    expect(accessCodeOf(keyring, ONE)).toBe(code);
    expect(accessCodeOf(keyring, OTHER)).not.toBe(code);
    expect(accessCodeOf(createKeyring(newMasterKey()), ONE)).not.toBe(code);
  });

  it('survives a rotation of the master key', () => {
    expect(accessCodeOf(createKeyring(`${newMasterKey()},${old}`), ONE)).toBe(accessCodeOf(keyring, ONE));
  });

  it('is recognised as people type it, and nothing else is', () => {
    const code = accessCodeOf(keyring, ONE);
    expect(isAccessCode(keyring, ONE, ` ${code.toLowerCase().replace('-', ' ')} `)).toBe(true);
    for (const typed of [accessCodeOf(keyring, OTHER), '', code.slice(1), `${code}A`])
      expect(isAccessCode(keyring, ONE, typed)).toBe(false);
  });
});
