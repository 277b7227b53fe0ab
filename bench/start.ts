import { readdir, readFile } from 'node:fs/promises';
import { get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureData } from './data.ts';
import { startKanal } from './lib/child.ts';
import { writeConfig } from './lib/config.ts';
import { ceilingFigure, type Figure } from './lib/figure.ts';
import type { Ground } from './lib/ground.ts';

/** (e) `kanal serve` with existing data: from the start of the process to /readyz, and its memory at rest. */
export async function start(ground: Ground): Promise<Figure[]> {
  await writeConfig(ground);
  const count = await ensureData(ground, ground.quick ? 2_000 : 1_000_000);
  // PostgreSQL's own start belongs to the figure.
  await ground.stop();
  const ready: number[] = [];
  const memory: number[] = [];
  const postgres: number[] = [];
  for (let round = 1; round <= ground.rounds; round += 1) {
    const began = performance.now();
    const hub = await startKanal(ground, 'serve');
    try {
      while ((await statusOf(`${hub.url}/readyz`)) !== 200) await sleep(5);
      ready.push(performance.now() - began);
      await sleep(ground.quick ? 1_000 : 10_000);
      memory.push(await residentMb(hub.pid));
      postgres.push(await postgresMb(ground));
    } finally {
      await hub.stop();
    }
    const [ms, mb, pg] = [ready, memory, postgres].map((values) => Math.round(values.at(-1)!));
    ground.say(`  round ${round}: ready after ${ms} ms; ${mb} MB at rest, PostgreSQL ${pg} MB`);
  }
  const note = `PostgreSQL beside it: ${Math.round(Math.max(...postgres))} MB (sum of PSS, shared pages counted once)`;
  const start = { bench: 'e-start', what: `kanal serve to /readyz with ${count} complaints`, unit: 'ms' };
  const rest = { bench: 'e-memory', what: 'resident memory of the Node process at rest', unit: 'MB' };
  return [
    ceilingFigure({ ...start, floor: 3_000, goal: 3_000 }, ready, ground),
    ceilingFigure({ ...rest, floor: 250, goal: 250, note }, memory, ground),
  ];
}

function statusOf(url: string): Promise<number> {
  return new Promise((resolve) => {
    get(url, (answer) => {
      answer.resume();
      answer.once('end', () => resolve(answer.statusCode ?? 0));
    }).on('error', () => resolve(0));
  });
}

async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1_024;
}

/** All processes of the embedded server; their shared buffers are counted once. */
async function postgresMb(ground: Ground): Promise<number> {
  const pidFile = await readFile(`${ground.dir}/pg/postmaster.pid`, 'utf8');
  const postmaster = pidFile.split('\n')[0]!;
  let kb = 0;
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    const parent = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
    if (pid !== postmaster && parent !== postmaster) continue;
    const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
    kb += Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0);
  }
  return kb / 1_024;
}
