import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, expect, test } from 'vitest';

let child: ChildProcess | undefined;
let folder: string | undefined;

afterEach(async () => {
  child?.kill('SIGKILL');
  if (folder) await rm(folder, { recursive: true });
});

test('runs as a process of its own: prints its address, shows its page, ends on SIGTERM', async () => {
  folder = await mkdtemp(join(tmpdir(), 'kanal-app-'));
  const options = join(folder, 'options.json');
  await writeFile(options, JSON.stringify({ port: 0, token: 'process-test', feed: { everyMs: 100 } }));
  child = spawn(process.execPath, ['simulators/app/main.ts', options], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string];
  const { url } = JSON.parse(line) as { url: string };
  const page = await (await fetch(url)).text();
  expect(page).toContain('Lapor Daerah');
  expect(page).toContain('Jalan berlubang');
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});
