import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { acknowledge } from './acknowledge.ts';
import { inbox } from './inbox.ts';
import { type Figure, VoidFigure } from './lib/figure.ts';
import { type Ground, openGround } from './lib/ground.ts';
import { mail } from './mail.ts';
import { meta } from './meta.ts';
import { publish } from './publish.ts';
import { start } from './start.ts';
import { visible } from './visible.ts';

const BENCHES: Record<string, (ground: Ground) => Promise<Figure[]>> = {
  a: acknowledge,
  b: publish,
  c: visible,
  d: inbox,
  e: start,
  f: mail,
  g: meta,
};

const USAGE = `npm run bench -- [a b c d e f g] [--quick] [--rounds n] [--data folder] [--cpu-prof folder]
  a  webhook deliveries acknowledged per second     b  replies published per second
  c  deliveries from acknowledged to visible        d  inbox and search at 1,000,000 complaints
  e  start to ready, and memory at rest           f  mails from an IMAP server, read and stored
  g  deliveries of Meta, acknowledged to visible; events of every kind, normalised
  --quick     tiny sizes in a temporary folder: shows that everything works, says nothing about speed
  --rounds    of each comparison (5)
  --data      where databases stay between runs (data/bench)
  --cpu-prof  writes a CPU profile of each measured Node process into this folder
`;

process.exitCode = await main();

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      data: { type: 'string' },
      'cpu-prof': { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const names = positionals.length ? positionals : Object.keys(BENCHES);
  if (values.help || names.some((name) => !BENCHES[name])) {
    process.stderr.write(USAGE);
    return values.help ? 0 : 1;
  }
  const dir = values.data ?? (values.quick ? await mkdtemp(join(tmpdir(), 'kanal-bench-')) : 'data/bench');
  const profile = values['cpu-prof'];
  const nodeFlags = profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}`] : [];
  try {
    return await runAll(names, {
      dir,
      quick: values.quick,
      rounds: Number(values.rounds ?? (values.quick ? 2 : 5)),
      nodeFlags,
    });
  } finally {
    if (values.quick && !values.data) await rm(dir, { recursive: true, force: true });
  }
}

/** Each bench has PostgreSQL for itself, freshly started. 1: a figure is void or below its floor. */
async function runAll(names: readonly string[], options: Parameters<typeof openGround>[0]): Promise<number> {
  let code = 0;
  for (const name of names) {
    const ground = await openGround(options);
    ground.say(`bench ${name}`);
    try {
      for (const figure of await BENCHES[name]!(ground)) {
        process.stdout.write(`${JSON.stringify(figure)}\n`);
        if (figure.verdict === 'void' || figure.verdict === 'missed') code = 1;
      }
    } catch (error) {
      if (!(error instanceof VoidFigure)) throw error;
      process.stdout.write(`${JSON.stringify({ bench: name, verdict: 'void', note: error.message })}\n`);
      code = 1;
    } finally {
      await ground.stop();
    }
  }
  return code;
}
