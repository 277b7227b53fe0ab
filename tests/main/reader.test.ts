import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ChannelError } from '#contract';
import { unpackRaw } from '../../src/core/sealed.ts';
import { createReaderThread } from '../../src/main/reader/index.ts';
import { createFileStore } from '../../src/platform/files.ts';
import { createKeyring, newMasterKey } from '../../src/platform/keyring.ts';
import { createLog } from '../../src/platform/log.ts';
import { ensureChannels, leasePoll } from '../../src/store/channelState.ts';
import { newId } from '../../src/store/database.ts';
import { sealedItems } from '../../src/store/items.ts';
import { type TestDatabase, testDatabase } from '../helpers/database.ts';
import { testConfig, webhookChannel } from '../helpers/hub.ts';

const registry = new URL('./reader.adapters.ts', import.meta.url).href;
const masterKeys = newMasterKey();
const config = testConfig({ channels: [webhookChannel({ id: 'odd', adapter: 'odd', account: 'odd' })] });
const never = new AbortController().signal;

let database: TestDatabase;
let filesDir: string;
let reader: ReturnType<typeof createReaderThread>;
const lines: string[] = [];
beforeAll(async () => {
  database = await testDatabase(4);
  filesDir = await mkdtemp(join(tmpdir(), 'kanal-reader-'));
  await ensureChannels(database.db, ['odd']);
  await leasePoll(database.db, 'odd', 'kita', 600_000);
});
afterAll(async () => {
  await database.close();
  await rm(filesDir, { recursive: true, force: true });
});
beforeEach(() => {
  reader = createReaderThread(
    { registry, databaseUrl: database.url, masterKeys, filesDir, config },
    {
      secrets: { get: async (ref) => `nilai ${ref}` },
      log: createLog({ level: 'info', destination: { write: (line) => lines.push(line) } }),
      stuckMs: 300,
    },
  );
});
afterEach(() => reader.close());

const take = (cursor: string | null, { owner = 'kita', signal = never, now = Date.now() } = {}) =>
  reader.take({ channelId: 'odd', owner, cursor, now }, signal);

describe('a thread that reads', () => {
  it('stores a page with its cursor, and hands over what it stored', async () => {
    const taken = await take(null);
    expect(taken).toMatchObject({ saved: true, next: 'after', more: true, channels: ['odd'] });
    expect(taken.fresh.map(({ raw }) => Buffer.from(raw as Uint8Array).equals(Buffer.alloc(100_000, 7)))).toEqual([
      true,
      true,
    ]);
    const sealed = await sealedItems(
      database.db,
      taken.fresh.map(({ id }) => id),
    );
    const raws = [...sealed.values()].map((one) => unpackRaw(createKeyring(masterKeys).decrypt(one, 'item')));
    expect(raws.map((raw) => raw.length)).toEqual([100_000, 100_000]);
    const { cursor } = await database.db.selectFrom('channel_state').select('cursor').executeTakeFirstOrThrow();
    expect(cursor).toBe('after');
    expect(lines.join()).toContain('a page');
  });

  it('opens what was stored, and says of each what is wrong with it', async () => {
    await database.db.deleteFrom('source_item').execute();
    const { fresh } = await take(null);
    const [a, b] = fresh.map(({ id }) => id);
    await database.db
      .updateTable('source_item')
      .set({ sealed: Buffer.alloc(40) })
      .where('id', '=', b!)
      .execute();
    const opened = await reader.open([a!, b!, newId()]);
    expect(opened.get(a!)).toEqual({ raw: new Uint8Array(100_000).fill(7) });
    expect(opened.get(b!)).toEqual({ reason: expect.stringContaining('version') });
    expect(opened.size).toBe(2);
    expect((await reader.open([])).size).toBe(0);
  });

  it('keeps a file, and takes its bytes without a copy', async () => {
    const bytes = new Uint8Array(200_000).fill(3);
    const { sha256, size } = await reader.keepFile(bytes);
    expect([size, bytes.length]).toEqual([200_000, 0]);
    const stored = await createFileStore(filesDir, createKeyring(masterKeys)).get(sha256);
    expect(stored.equals(Buffer.alloc(200_000, 3))).toBe(true);
  });

  it('saves no cursor for whoever has lost the lease', async () => {
    expect(await take(null, { owner: 'lain' })).toMatchObject({ saved: false });
  });

  it('fails as the adapter does: kind, code, time to wait', async () => {
    const dead: unknown = await take('auth').catch((error) => error);
    expect(dead).toBeInstanceOf(ChannelError);
    expect(dead).toMatchObject({ kind: 'auth', message: 'sudah mati', code: '190' });
    await expect(take('throttled')).rejects.toMatchObject({ kind: 'throttled', retryAfterMs: 7_000 });
  });

  it('has secrets from the hub, and goes by its clock', async () => {
    await expect(take('secret')).rejects.toThrow('nilai ${ODD}');
    await expect(take('clock', { now: Date.parse('2030-01-01T00:00:00Z') })).rejects.toThrow(/^2030-01-01T00:00:0/);
  });

  it('that dies fails what it was doing, and the next task has another one', async () => {
    const [listening, reading] = await Promise.allSettled([reader.watch('odd', () => {}, never), take('die')]);
    expect([listening.status, reading.status]).toEqual(['rejected', 'rejected']);
    expect(await take(null)).toMatchObject({ saved: true });
  });

  it('stops when it is told to; one that is stuck is ended', async () => {
    const stop = new AbortController();
    const waiting = take('wait', { signal: stop.signal });
    stop.abort();
    await expect(waiting).rejects.toThrow();
    await expect(take('stuck', { signal: AbortSignal.timeout(100) })).rejects.toThrow('ended');
  });

  it('listens until it is told to stop', async () => {
    const stop = new AbortController();
    let woken = 0;
    await reader.watch(
      'odd',
      () => {
        woken += 1;
        stop.abort();
      },
      stop.signal,
    );
    expect(woken).toBe(1);
  });
});
