import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { feed } from './feed.ts';
import { startX } from './index.ts';
import { xOptions } from './options.ts';

/**
 * X as a process: `node simulators/x/main.ts options.json`. The file holds the options of `startX`, and `feed` when citizens
 * should write. Prints one JSON line with its address when it is ready; SIGINT, SIGTERM and the end of a parent that keeps an
 * IPC channel end it.
 */
const file = xOptions.extend({ feed: z.strictObject({ everyMs: z.int().min(100).optional() }).optional() });

const [, , path] = process.argv;
if (path === undefined) {
  process.stderr.write('node simulators/x/main.ts <options.json>; see simulators/x/README.md\n');
  process.exit(1);
}
const { feed: wanted, ...options } = file.parse(JSON.parse(await readFile(path, 'utf8')));
const stop = new AbortController();
const x = await startX(options);
process.stdout.write(`${JSON.stringify({ url: x.url })}\n`);

function end(): void {
  stop.abort();
  void x.close();
}
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, end);
if (process.channel) {
  // Whoever started it with a channel takes it along, even when killed.
  process.once('disconnect', end);
  process.channel.unref();
}
if (wanted) await feed(x.world, { everyMs: wanted.everyMs, signal: stop.signal });
