import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { feed } from './feed.ts';
import { startPortal } from './index.ts';
import { portalOptions } from './options.ts';

/**
 * Portals as a process: `node simulators/portal/main.ts options.json`. The file holds `portals`, the options of
 * `startPortal` for each, with `feedEveryMs` when citizens should write. Prints one JSON line with their addresses when
 * they are ready; SIGINT, SIGTERM and the end of a parent that keeps an IPC channel end them.
 */
const file = z.strictObject({
  portals: z.array(portalOptions.extend({ feedEveryMs: z.int().min(100).optional() })).min(1),
});

const [, , path] = process.argv;
if (path === undefined) {
  process.stderr.write('node simulators/portal/main.ts <options.json>; see simulators/portal/README.md\n');
  process.exit(1);
}
const { portals: wanted } = file.parse(JSON.parse(await readFile(path, 'utf8')));
const stop = new AbortController();
const portals = await Promise.all(
  wanted.map(async ({ feedEveryMs, ...options }) => ({ portal: await startPortal(options), feedEveryMs })),
);
process.stdout.write(`${JSON.stringify({ urls: portals.map(({ portal }) => portal.url) })}\n`);

function end(): void {
  stop.abort();
  for (const { portal } of portals) void portal.close();
}
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, end);
if (process.channel) {
  // Whoever started it with a channel takes it along, even when killed.
  process.once('disconnect', end);
  process.channel.unref();
}
for (const { portal, feedEveryMs } of portals)
  if (feedEveryMs !== undefined) void feed(portal, { everyMs: feedEveryMs, signal: stop.signal });
