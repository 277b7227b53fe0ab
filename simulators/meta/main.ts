import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { feed } from './feed.ts';
import { startMeta } from './index.ts';
import { metaOptions } from './options.ts';

/**
 * Meta as a process: `node simulators/meta/main.ts options.json`. The file holds the options of `startMeta`, and `feed`
 * when citizens should write. Prints one JSON line with its address when it is ready; SIGINT, SIGTERM and the end of a
 * parent that keeps an IPC channel end it.
 */
const places = z.strictObject({ page: z.string(), instagram: z.string(), phone: z.string() });
const file = metaOptions.extend({
  feed: z.strictObject({ places, everyMs: z.int().min(100).optional() }).optional(),
});

const [, , path] = process.argv;
if (path === undefined) {
  process.stderr.write('node simulators/meta/main.ts <options.json>; see simulators/meta/README.md\n');
  process.exit(1);
}
const { feed: wanted, ...options } = file.parse(JSON.parse(await readFile(path, 'utf8')));
const stop = new AbortController();
const meta = await startMeta(options);
process.stdout.write(`${JSON.stringify({ url: meta.url })}\n`);

function end(): void {
  stop.abort();
  void meta.close();
}
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, end);
if (process.channel) {
  // Whoever started it with a channel takes it along, even when killed.
  process.once('disconnect', end);
  process.channel.unref();
}
if (wanted) await feed(meta, wanted.places, { everyMs: wanted.everyMs, signal: stop.signal });
