import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '../helpers/eventually.ts';

const MAIN = new URL('../../simulators/x/main.ts', import.meta.url).pathname;

let dir: string;
let child: ChildProcess | undefined;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'kanal-x-'));
});
afterAll(async () => {
  child?.kill('SIGKILL');
  await rm(dir, { recursive: true, force: true });
});

/** Starts it and gives its page. `end`: as Ctrl-C does. */
async function start(feed: object | undefined) {
  const options = join(dir, 'options.json');
  const own = { account: { id: '1400000000000000001', username: 'PemkabContoh' }, consumerSecret: 'rahasia-x' };
  await writeFile(options, JSON.stringify({ ...own, journal: join(dir, 'x.json'), ...(feed && { feed }) }));
  const started = spawn(process.execPath, [MAIN, options], { stdio: ['ignore', 'pipe', 'inherit'] });
  child = started;
  let printed = '';
  started.stdout.setEncoding('utf8').on('data', (more) => (printed += more));
  const { url } = await eventually(() => JSON.parse(printed) as { url: string });
  const ended = new Promise<number | null>((done) => started.once('exit', done));
  return {
    page: async () => (await fetch(url)).text(),
    end() {
      started.kill('SIGTERM');
      return ended;
    },
  };
}

it('runs as a process, and what stands there survives a restart', async () => {
  const first = await start({});
  await eventually(async () => expect(await first.page()).toContain('jembatan di Kebulusan retak, motor'));
  expect(await first.end()).toBe(0);
  const again = await start(undefined);
  expect(await again.page()).toContain('jembatan di Kebulusan retak, motor');
  expect(await again.end()).toBe(0);
});
