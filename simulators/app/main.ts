import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { feed } from './feed.ts';
import { startApp } from './index.ts';
import { appOptions } from './options.ts';

/**
 * The reference application as a process: `node simulators/app/main.ts [options.json]`.
 * The file holds the options of `startApp`, and `feed` when citizens should write. Prints one JSON line with its
 * address when it is ready; SIGINT, SIGTERM and the end of a parent that keeps an IPC channel end it.
 */
const file = appOptions.extend({
  port: z.int().min(0).max(65_535).default(4_000),
  token: z.string().min(8).default('token-aplikasi-contoh'),
  feed: z.strictObject({ first: z.int().optional(), everyMs: z.int().min(100).optional() }).optional(),
});

const [, , path] = process.argv;
const { feed: wanted, ...options } = file.parse(
  path === undefined ? { feed: {} } : JSON.parse(await readFile(path, 'utf8')),
);
const stop = new AbortController();
const app = await startApp(options);
process.stdout.write(`${JSON.stringify({ url: app.url })}\n`);

function end(): void {
  stop.abort();
  void app.close();
}
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, end);
if (process.channel) {
  // Whoever started it with a channel takes it along, even when killed.
  process.once('disconnect', end);
  process.channel.unref();
}
if (wanted) await feed(app, { ...wanted, signal: stop.signal });
