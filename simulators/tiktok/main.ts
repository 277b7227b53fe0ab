import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { feed } from './feed.ts';
import { startTiktok } from './index.ts';
import { tiktokOptions } from './options.ts';

/**
 * TikTok as a process: `node simulators/tiktok/main.ts options.json`. The file holds the options of `startTiktok`, and
 * `feed` when citizens should write. Prints one JSON line with its address when it is ready; SIGINT, SIGTERM and the end
 * of a parent that keeps an IPC channel end it.
 */
const file = tiktokOptions.extend({ feed: z.strictObject({ everyMs: z.int().min(100).optional() }).optional() });

const [, , path] = process.argv;
if (path === undefined) {
  process.stderr.write('node simulators/tiktok/main.ts <options.json>; see simulators/tiktok/README.md\n');
  process.exit(1);
}
const { feed: wanted, ...options } = file.parse(JSON.parse(await readFile(path, 'utf8')));
const stop = new AbortController();
const tiktok = await startTiktok(options);
process.stdout.write(`${JSON.stringify({ url: tiktok.url })}\n`);

function end(): void {
  stop.abort();
  void tiktok.close();
}
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, end);
if (process.channel) {
  // Whoever started it with a channel takes it along, even when killed.
  process.once('disconnect', end);
  process.channel.unref();
}
if (wanted) await feed(tiktok, { everyMs: wanted.everyMs, signal: stop.signal });
