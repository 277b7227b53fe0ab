import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { adapters } from '../../adapters/index.ts';
import { loadConfig } from '../../src/config/load.ts';
import { verifyAudit } from '../../src/flows/audit.ts';
import { applyConfiguration } from '../../src/flows/configured.ts';
import { type TestHub, testHub } from '../helpers/hub.ts';

const EXAMPLE = new URL('../../config', import.meta.url).pathname;
let dir: string;
let hub: TestHub;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'kanal-config-'));
  await cp(EXAMPLE, dir, { recursive: true });
  hub = await testHub();
});
afterAll(async () => {
  await hub.close();
  await rm(dir, { recursive: true, force: true });
});

const apply = async () => applyConfiguration({ ...hub.deps, config: await loadConfig(dir, adapters) });
const edit = async (file: string, change: (text: string) => string) => {
  const path = join(dir, file);
  await writeFile(path, change(await readFile(path, 'utf8')));
};
const loads = () =>
  hub.deps.db
    .selectFrom('event')
    .leftJoin('event_reason', 'event_reason.event_id', 'event.id')
    .select(['seq', 'data', 'text'])
    .where('type', '=', 'config.loaded')
    .orderBy('seq')
    .execute();
const health = async (id: string) =>
  hub.deps.db
    .selectFrom('channel_state')
    .select(['health', 'health_reason'])
    .where('channel_id', '=', id)
    .executeTakeFirst();

it('records what was loaded with its difference, and nothing when nothing changed', async () => {
  await apply();
  await apply();
  expect(await loads()).toHaveLength(1);
  await edit('hub.yaml', (text) => text.replace('settle: 2m', 'settle: 5m'));
  await apply();
  const [, second] = await loads();
  expect(second?.text).toBe('hub.policies.settle: 2m -> 5m');
  expect(second?.data).toMatchObject({ changes: 1 });
});

it('marks a channel whose file is broken, alone, and lets it run when the file is mended', async () => {
  await edit('channels/lapor-contoh.yaml', (text) => text.replace('label:', 'lable:'));
  await apply();
  expect(await health('lapor-contoh')).toMatchObject({ health: 'misconfigured' });
  expect((await health('lapor-contoh'))?.health_reason).toMatch(/channels\/lapor-contoh\.yaml:\d+/);
  expect(await health('aspirasi-contoh')).toMatchObject({ health: 'ok' });
  await edit('channels/lapor-contoh.yaml', (text) => text.replace('lable:', 'label:'));
  await apply();
  expect(await health('lapor-contoh')).toEqual({ health: 'ok', health_reason: null });
});

it('keeps a chain in which a change and a removal show', async () => {
  expect((await verifyAudit(hub.deps.db)).breaks).toEqual([]);
  const { db } = hub.deps;
  await db
    .updateTable('event')
    .set({ actor: 'user:somebody' })
    .where('seq', '=', 2)
    .where('complaint_id', 'is', null)
    .execute();
  expect((await verifyAudit(db)).breaks).toEqual(['rantai hub nomor 2: isinya telah berubah']);
  await db.deleteFrom('event_reason').execute();
  await db.deleteFrom('event').where('seq', '=', 2).where('complaint_id', 'is', null).execute();
  expect((await verifyAudit(db)).breaks[0]).toContain('hilang');
});
