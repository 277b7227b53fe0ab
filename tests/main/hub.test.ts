import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

let data: string;
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'kanal-port-'));
});
afterEach(() => rm(data, { recursive: true, force: true }));

it('ends when its port is in use, and takes its work and its database along', async () => {
  const taken = createServer();
  await once(taken.listen(0, '127.0.0.1'), 'listening');
  const { port } = taken.address() as { port: number };
  const env = { PATH: process.env.PATH, PORT: String(port), KANAL_DATA: data, KANAL_LOG_LEVEL: 'error' };
  const cwd = new URL('../..', import.meta.url).pathname;
  const hub = spawn(process.execPath, ['bin/kanal.js', 'serve'], { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  hub.stderr.setEncoding('utf8').on('data', (text) => {
    said += text;
  });
  expect(await once(hub, 'close')).toEqual([1, null]);
  expect(said).toContain('EADDRINUSE');
  await expect(access(join(data, 'pg', 'postmaster.pid'))).rejects.toThrow('ENOENT');
  taken.close();
});
