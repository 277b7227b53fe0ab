import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { requireProgram } from '../helpers/programs.ts';
import { type CrashResult, crash } from './crash.ts';
import { isSound, platformCrash } from './platform.ts';
import { WORLDS } from './worlds/index.ts';

const HELP = `npm run crash -- [--backend postgres|redis|both] [--events 10000] [--replies 2000] [--kills 30] [--seed N]
npm run crash -- --meta|--google|--youtube|--x|--tiktok [--replies 500] [--backend postgres|redis|both] [--seed N]
npm run crash -- --portal [--events 1000] [--replies 200] [--seed N]
Kills the workers of a hub on this machine while it works, crashes PostgreSQL, wipes Redis, and counts what was lost or
doubled. With the name of a platform: the same with its channels, and the platform fails as it does. --meta has a page, an
Instagram account and a WhatsApp number. --portal: a hub in this process and a portal of each profile, whose
every fault is met alone and in pairs. The same seed repeats the same moments of killing.`;

const { values } = parseArgs({
  options: {
    backend: { type: 'string', default: 'both' },
    events: { type: 'string' },
    replies: { type: 'string' },
    kills: { type: 'string', default: '30' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e9)) },
    meta: { type: 'boolean', default: false },
    google: { type: 'boolean', default: false },
    youtube: { type: 'boolean', default: false },
    x: { type: 'boolean', default: false },
    tiktok: { type: 'boolean', default: false },
    portal: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) process.stdout.write(`${HELP}\n`);
else if (platforms().length > 0) await failing();
else if (values.portal) await portal();
else await main();

function platforms(): (keyof typeof WORLDS)[] {
  return (Object.keys(WORLDS) as (keyof typeof WORLDS)[]).filter((name) => values[name]);
}

function backendsOf(): ('postgres' | 'redis')[] {
  requireProgram('redis-server', 'redis-server');
  return values.backend === 'both' ? ['postgres', 'redis'] : [values.backend as 'postgres' | 'redis'];
}

async function failing(): Promise<void> {
  const replies = Number(values.replies ?? 500);
  let sound = true;
  for (const backend of backendsOf()) {
    for (const name of platforms()) {
      const say = (line: string) => process.stdout.write(`  ${name}: ${line}\n`);
      const result = await platformCrash({ backend, build: WORLDS[name], replies, seed: Number(values.seed), say });
      process.stdout.write(`${name} ${JSON.stringify(result)}\n`);
      sound &&= isSound(result);
    }
  }
  conclude(sound);
}

/** Its hub runs in the test suite's own ground, so this is that test in its long form. */
async function portal(): Promise<void> {
  const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));
  const { events = '1000', replies = '200', seed } = values;
  const env = { ...process.env, PORTAL_REPORTS: events, PORTAL_ANSWERS: replies, CRASH_SEED: seed };
  const child = spawn(process.execPath, [vitest, 'run', 'tests/portal/trouble.test.ts'], { env, stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  conclude(code === 0);
}

function conclude(sound: boolean): void {
  process.stdout.write(sound ? 'nothing lost, nothing doubled\n' : 'NOT SOUND\n');
  process.exitCode = sound ? 0 : 1;
}

async function main(): Promise<void> {
  const results: CrashResult[] = [];
  for (const backend of backendsOf()) {
    process.stdout.write(`${backend}: seed ${values.seed}\n`);
    const result = await crash({
      backend,
      events: Number(values.events ?? 10_000),
      replies: Number(values.replies ?? 2_000),
      kills: Number(values.kills),
      seed: Number(values.seed),
      receiverMs: 300,
      say: (line) => process.stdout.write(`  ${line}\n`),
    });
    process.stdout.write(`${JSON.stringify(result)}\n`);
    results.push(result);
  }
  const sound = results.every(
    (one) =>
      one.lost +
        Math.abs(one.doubledComplaints) +
        one.doubledReplies +
        one.unsettled +
        one.falselyPublished +
        one.auditBreaks ===
      0,
  );
  conclude(sound);
}
