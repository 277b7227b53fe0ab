import { describe, expect, it, vi } from 'vitest';
import { secret } from '#contract';
import { createKeyring, newMasterKey } from '../../src/platform/keyring.ts';
import { createSecrets, secretContext } from '../../src/platform/secrets.ts';

const TOKEN = secret().parse('${LAPOR_TOKEN}');

function setUp() {
  const keyring = createKeyring(newMasterKey());
  const stored = new Map<string, Buffer>();
  const environment: Record<string, string> = {};
  const scrubbed: string[] = [];
  const secrets = createSecrets({
    read: async (name) => stored.get(name),
    keyring,
    env: (name) => environment[name],
    scrub: (value) => void scrubbed.push(value),
  });
  const store = (name: string, value: string) =>
    stored.set(name, keyring.encrypt(Buffer.from(value), secretContext(name)));
  return { secrets, store, stored, environment, scrubbed };
}

describe('secrets', () => {
  it('come from the store first, then from the environment, and are scrubbed', async () => {
    const { secrets, store, environment, scrubbed } = setUp();
    environment.LAPOR_TOKEN = 'dari-lingkungan';
    store('LAPOR_TOKEN', 'dari-toko');
    expect(await secrets.get(TOKEN)).toBe('dari-toko');
    environment.LAIN = 'lain-lagi';
    expect(await secrets.get(secret().parse('${LAIN}'))).toBe('lain-lagi');
    expect(scrubbed).toEqual(['dari-toko', 'lain-lagi']);
  });

  it('that are replaced work a second later', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    try {
      const { secrets, store } = setUp();
      store('LAPOR_TOKEN', 'lama');
      expect(await secrets.get(TOKEN)).toBe('lama');
      store('LAPOR_TOKEN', 'baru');
      expect(await secrets.get(TOKEN)).toBe('lama');
      vi.advanceTimersByTime(1_001);
      expect(await secrets.get(TOKEN)).toBe('baru');
    } finally {
      vi.useRealTimers();
    }
  });

  it('that are missing say their name and the command, and work once they are set', async () => {
    const { secrets, store } = setUp();
    await expect(secrets.get(TOKEN)).rejects.toMatchObject({
      kind: 'auth',
      message: 'the secret LAPOR_TOKEN is not set; store it with "kanal secret set LAPOR_TOKEN"',
    });
    store('LAPOR_TOKEN', 'ada');
    expect(await secrets.get(TOKEN)).toBe('ada');
  });

  it('do not open under another name', async () => {
    const { secrets, store, stored } = setUp();
    store('LAIN', 'x1234');
    stored.set('LAPOR_TOKEN', stored.get('LAIN') as Buffer);
    await expect(secrets.get(TOKEN)).rejects.toThrow(/belongs to another place/);
  });
});
