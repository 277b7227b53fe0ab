import { afterEach, describe, expect, it } from 'vitest';
import { createKeyring, newMasterKey } from '../../src/platform/keyring.ts';
import { createNormaliser, type NormaliseJob, type Normaliser } from '../../src/platform/threads.ts';
import { createTokens } from '../../src/platform/tokens.ts';

let normaliser: Normaliser | undefined;
afterEach(() => normaliser?.close());

const registry = new URL('./registry.ts', import.meta.url);
const start = (options = {}): Normaliser => {
  normaliser = createNormaliser({ registry, threads: 1, timeoutMs: 800, memoryMb: 32, ...options });
  return normaliser;
};

const tokenKeys = createKeyring(newMasterKey()).tokenKeys('kanal');

const job = (raw: string | Uint8Array, adapter = 'odd'): NormaliseJob => ({
  adapter,
  raw,
  channel: { id: 'kanal', account: 'a' },
  settings: {},
  receivedAt: new Date('2026-11-24T01:00:00Z'),
  tokenKeys,
});

describe('parser threads', () => {
  it('give one result for each job, in order: text, bytes, what is not for us', async () => {
    const results = await start().normalise([job('halo'), job(Buffer.from([0xff, 0x00])), job('ignore')]);
    expect(results[0]).toMatchObject({ ok: true, item: { text: 'halo', objectId: 'kanal/2026-11-24T01:00:00.000Z' } });
    expect(results[1]).toMatchObject({ ok: true, item: { text: 'ff00' } });
    expect(results[2]).toEqual({ ok: true, item: null });
  });

  it('name what was wrong with one job, and do the others', async () => {
    const results = await start().normalise([job('throw'), job('x', 'nosuch'), job('invalid'), job('baik')]);
    expect(results[0]).toEqual({ ok: false, reason: 'no opening tag' });
    expect(results[1]).toEqual({ ok: false, reason: 'there is no adapter "nosuch"' });
    expect(results[2]).toMatchObject({ ok: false, reason: expect.stringContaining('surface') });
    expect(results[3]).toMatchObject({ ok: true });
  });

  it.each([
    ['loop', /longer than 800 ms/],
    ['hang', /longer than 800 ms/],
    ['exit', /ended unexpectedly/],
    ['hog', /more than 32 MB/],
  ])('survive a job that does "%s": only that one fails', async (misdeed, reason) => {
    const parser = start();
    const results = await parser.normalise([job('satu'), job(misdeed), job('dua')]);
    expect(results.map(({ ok }) => ok)).toEqual([true, false, true]);
    expect(results[1]).toMatchObject({ reason: expect.stringMatching(reason) });
    expect(await parser.normalise([job('sesudah')])).toMatchObject([{ ok: true }]);
  });

  it('work on several batches at once and queue the rest', async () => {
    const parser = start({ threads: 2 });
    const batches = Array.from({ length: 20 }, (_, n) => parser.normalise([job(`a${n}`), job(`b${n}`)]));
    const texts = (await Promise.all(batches))
      .flat()
      .map((result) => result.ok && result.item?.type === 'message' && result.item.text);
    expect(texts).toEqual(Array.from({ length: 20 }, (_, n) => [`a${n}`, `b${n}`]).flat());
  });

  it('take an attachment out of a raw item, and say why not', async () => {
    const parser = start();
    const taken = await parser.extract({ ...job(Buffer.from('kepala dan badan')), inside: 'head' });
    expect(taken).toMatchObject({ ok: true, media: { name: 'kepala.txt' } });
    expect(taken.ok && Buffer.from(taken.media.bytes).toString()).toBe('kepa');
    expect(await parser.extract({ ...job('x'), inside: 'tail' })).toEqual({
      ok: false,
      reason: 'there is no such part',
    });
    expect(await parser.extract({ ...job('x'), inside: 'loop' })).toMatchObject({
      reason: expect.stringMatching(/800 ms/),
    });
    expect(await parser.extract({ ...job('x', 'nosuch'), inside: 'head' })).toMatchObject({ ok: false });
    expect(await parser.normalise([job('sesudah')])).toMatchObject([{ ok: true }]);
  });

  it("recognise the channel's tokens", async () => {
    const token = createTokens(tokenKeys).issue('k7m4qdx2p');
    const results = await start().normalise([job(`token ${token}`), job(`token ${token.slice(1)}`)]);
    expect(results).toMatchObject([{ item: { text: 'k7m4qdx2p' } }, { item: { text: 'null' } }]);
  });

  it('see nothing of the environment', async () => {
    const [result] = await start().normalise([job('environment')]);
    expect(result).toMatchObject({ ok: true, item: { text: '{}' } });
  });

  it('blame no item when they cannot start or were closed', async () => {
    const broken = start({ registry: new URL('./no-such-registry.ts', import.meta.url) });
    await expect(broken.normalise([job('x')])).rejects.toThrow(/could not start/);
    const closed = start();
    const pending = expect(closed.normalise([job('hang')])).rejects.toThrow(/closed/);
    await closed.close();
    await pending;
    await expect(closed.normalise([job('x')])).rejects.toThrow(/closed/);
    expect(await closed.normalise([])).toEqual([]);
  });
});
