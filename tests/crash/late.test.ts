import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '../helpers/eventually.ts';
import { type Filed, fileReports } from './citizens.ts';
import { answerReports } from './operators.ts';
import { buildWorld, MODES, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await buildWorld({ backend: 'postgres', concurrency: 4, faults: [{ do: 'delay', ms: 50 }] });
});
afterAll(() => world.close());

const states = async () =>
  (await world.pool.query<{ state: string; needs_person: boolean }>('select state, needs_person from publication'))
    .rows;

// A process is stopped (a laptop's lid, a paused virtual machine) with replies in its hands, another one takes over, and
// 20 s later the first one goes on as if nothing had been.
it('sends nothing from a worker that was stopped and comes back 20 s late', async () => {
  const filer = await world.startWorker();
  const filed: Filed[] = await fileReports(world, 120, Math.random);
  await eventually(async () => {
    const { rows } = await world.pool.query('select 1 from complaint');
    expect(rows).toHaveLength(120);
  });
  const answering = answerReports(world, filed);
  await eventually(async () => expect((await states()).some(({ state }) => state === 'sending')).toBe(true), 20_000, 5);
  filer.kill('SIGSTOP');
  const stoppedAt = Date.now();
  await answering;
  const held = await world.pool.query<{ n: number }>(
    `select count(*)::int as n from publication where state = 'sending'`,
  );
  expect(held.rows[0]?.n).toBeGreaterThan(0);
  await world.startWorker();
  await eventually(async () => {
    for (const row of await states()) expect(row.state === 'published' || row.needs_person, row.state).toBe(true);
  }, 40_000);
  await sleep(Math.max(0, 20_000 - (Date.now() - stoppedAt)));
  filer.kill('SIGCONT');
  await sleep(4_000);
  for (const mode of MODES) expect(world.apps[mode].replies().doubled, mode).toEqual([]);
  const rows = await states();
  expect(rows).toHaveLength(120);
  expect(rows.filter((row) => row.state === 'published').length).toBeGreaterThan(100);
}, 120_000);
