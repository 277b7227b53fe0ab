import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readEnvironment } from '../../src/config/environment.ts';
import { openFoundation } from '../../src/main/foundation.ts';
import { eventually } from '../helpers/eventually.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'kanal-foundation-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const postmaster = async () => Number((await readFile(join(dir, 'pg', 'postmaster.pid'), 'utf8')).split('\n')[0]);
it('starts its own database, brings it back when it is killed, and ends it when the last process leaves', async () => {
  const env = readEnvironment({ KANAL_DATA: dir, KANAL_LOG_LEVEL: 'silent' });
  const first = await openFoundation(env);
  const second = await openFoundation(env);
  const killed = await postmaster();
  process.kill(killed, 'SIGKILL');
  await eventually(async () => {
    await first.pool.query('select 1');
    expect(await postmaster()).not.toBe(killed);
  }, 40_000);
  await eventually(() => second.pool.query('select 1'));
  await first.close();
  await second.pool.query('select 1');
  await second.close();
  await expect(postmaster()).rejects.toThrow('ENOENT');
});
