import { parseArgs } from 'node:util';
import { requireProgram } from '../helpers/programs.ts';
import { type CrashResult, crash } from './crash.ts';

const HELP = `npm run crash -- [--backend postgres|redis|both] [--events 10000] [--replies 2000] [--kills 30] [--seed N]
Kills the workers of a hub on this machine while it works, crashes PostgreSQL, wipes Redis, and counts what was lost or
doubled. The same seed repeats the same moments of killing.`;

const { values } = parseArgs({
  options: {
    backend: { type: 'string', default: 'both' },
    events: { type: 'string', default: '10000' },
    replies: { type: 'string', default: '2000' },
    kills: { type: 'string', default: '30' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e9)) },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) process.stdout.write(`${HELP}\n`);
else await main();

async function main(): Promise<void> {
  requireProgram('redis-server', 'redis-server');
  const backends =
    values.backend === 'both' ? (['postgres', 'redis'] as const) : [values.backend as 'postgres' | 'redis'];
  const results: CrashResult[] = [];
  for (const backend of backends) {
    process.stdout.write(`${backend}: seed ${values.seed}\n`);
    const result = await crash({
      backend,
      events: Number(values.events),
      replies: Number(values.replies),
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
  process.stdout.write(sound ? 'nothing lost, nothing doubled\n' : 'NOT SOUND\n');
  process.exitCode = sound ? 0 : 1;
}
