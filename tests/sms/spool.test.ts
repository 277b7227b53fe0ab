import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AnyAdapter } from '#contract';
import sms from '../../adapters/sms/index.ts';
import { poll } from '../../src/flows/poll.ts';
import { queueAnswers } from '../helpers/answers.ts';
import { eventually } from '../helpers/eventually.ts';
import { type TestHub, testHub } from '../helpers/hub.ts';
import { complaintsOf, publicationsOf, settled, smsChannel } from './world.ts';

let root: string;
let hub: TestHub;
const at = (...names: string[]): string => join(root, ...names);
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'kanal-spool-hub-'));
  for (const name of ['inbox', 'outbox', 'sent', 'error']) await mkdir(at(name));
});
afterEach(async () => {
  await hub.close();
  await rm(root, { recursive: true });
});

/** As if the process had ended between the file and the commit, every other time; and every third time before the file. */
function dying(): AnyAdapter {
  let count = 0;
  const publish = { ...sms.publish!, settleAfter: () => '100ms' };
  publish.send = async (reply, ctx) => {
    const n = count++;
    if (n % 3 === 0 && reply.attempt === 1) throw new Error('gone before it was written');
    const done = await sms.publish!.send(reply, ctx);
    if (n % 2 === 0) throw new Error('gone after it was written');
    return done;
  };
  return { ...sms, publish } as AnyAdapter;
}

test('40 answers to a modem, each in doubt in one way or another: one file each, wherever it lies by then', async () => {
  const folders = { inbox: at('inbox'), outbox: at('outbox'), sent: at('sent'), error: at('error') };
  const settings = sms.settings.parse({ via: 'gammu', ...folders, settle: '1ms' });
  hub = await testHub({ channels: [smsChannel(settings)], adapters: { sms: dying() } });
  await hub.work();
  const phones = Array.from({ length: 40 }, (_, n) => `+62812000${1_000 + n}`);
  for (const [n, phone] of phones.entries())
    await writeFile(at('inbox', `IN20261124_0815${String(n).padStart(2, '0')}_00_${phone}_00.txt`), `Jalan rusak ${n}`);
  const ids = await eventually(async () => {
    await poll(hub.deps, 'sms');
    const rows = await complaintsOf(hub);
    expect(rows.map((row) => row.thread_id).sort()).toEqual(phones);
    return rows.map((row) => row.id);
  }, 20_000);
  const queued = await queueAnswers(hub, ids, 'Sudah kami tambal.');
  // The modem goes on meanwhile; one in ten fails.
  const modem = setInterval(async () => {
    for (const [n, name] of (await readdir(at('outbox')))
      .filter((one) => one.startsWith('OUT'))
      .slice(0, 5)
      .entries())
      await rename(at('outbox', name), at(n === 4 ? 'error' : 'sent', name)).catch(() => {});
  }, 20);
  await settled(hub).finally(() => clearInterval(modem));
  const files = (await Promise.all(['outbox', 'sent', 'error'].map((name) => readdir(at(name))))).flat();
  expect(files.map((name) => /_(\+\d+)_ka-/.exec(name)?.[1]).sort()).toEqual(phones);
  const rows = await publicationsOf(hub);
  expect(rows.every((row) => row.state === 'published')).toBe(true);
  expect(rows.map((row) => row.id).sort()).toEqual(queued.sort());
  expect(rows.map((row) => row.published_id).sort()).toEqual(files.sort());
  await poll(hub.deps, 'sms');
  const moved = files.length - (await readdir(at('outbox'))).length;
  await eventually(async () => {
    await poll(hub.deps, 'sms');
    const told = (await publicationsOf(hub)).map((row) => (row.receipt as { state: string } | null)?.state);
    expect(told.filter((state) => state === 'sent' || state === 'failed').length).toBeGreaterThanOrEqual(moved);
  });
  expect(await readdir(at('inbox'))).toEqual(['done']);
  expect(await readdir(at('inbox', 'done'))).toHaveLength(40);
});
