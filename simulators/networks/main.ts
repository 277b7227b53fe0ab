import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { feed as feedGoogle } from '../google/feed.ts';
import { startGoogle } from '../google/index.ts';
import { googleOptions } from '../google/options.ts';
import { feed as feedSms } from '../sms/feed.ts';
import { startSms } from '../sms/index.ts';
import { smsOptions } from '../sms/options.ts';
import { feed as feedTiktok } from '../tiktok/feed.ts';
import { startTiktok } from '../tiktok/index.ts';
import { tiktokOptions } from '../tiktok/options.ts';
import { feed as feedX } from '../x/feed.ts';
import { startX } from '../x/index.ts';
import { xOptions } from '../x/options.ts';
import { feed as feedYoutube } from '../youtube/feed.ts';
import { startYoutube } from '../youtube/index.ts';
import { youtubeOptions } from '../youtube/options.ts';

/**
 * Google, YouTube, X, TikTok and an SMS gateway as one process: `node simulators/networks/main.ts options.json`. The file holds the options
 * of each that is wanted, and `feed` when citizens should write. Prints one JSON line with their addresses when they are
 * ready; SIGINT, SIGTERM and the end of a parent that keeps an IPC channel end them.
 */
const ms = z.int().min(100);
const file = z.strictObject({
  ...{ google: googleOptions.optional(), youtube: youtubeOptions.optional() },
  ...{ x: xOptions.optional(), tiktok: tiktokOptions.optional(), sms: smsOptions.optional() },
  feed: z.strictObject({ everyMs: ms.optional(), editAfterMs: ms.optional() }).optional(),
});

const [, , path] = process.argv;
if (path === undefined) {
  process.stderr.write('node simulators/networks/main.ts <options.json>; see simulators/networks/README.md\n');
  process.exit(1);
}
const wanted = file.parse(JSON.parse(await readFile(path, 'utf8')));
const [google, youtube, x, tiktok, sms] = await Promise.all([
  wanted.google && startGoogle(wanted.google),
  wanted.youtube && startYoutube(wanted.youtube),
  wanted.x && startX(wanted.x),
  wanted.tiktok && startTiktok(wanted.tiktok),
  wanted.sms && startSms(wanted.sms),
]);
const urls = { google: google?.url, youtube: youtube?.url, x: x?.url, tiktok: tiktok?.url, sms: sms?.url };
process.stdout.write(`${JSON.stringify(urls)}\n`);

const stop = new AbortController();
function end(): void {
  stop.abort();
  for (const one of [google, youtube, x, tiktok, sms]) void one?.close();
}
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, end);
if (process.channel) {
  // Whoever started it with a channel takes it along, even when killed.
  process.once('disconnect', end);
  process.channel.unref();
}
if (wanted.feed) {
  const feed = { ...wanted.feed, signal: stop.signal };
  void Promise.all([
    google && feedGoogle(google, feed),
    youtube && feedYoutube(youtube.world, feed),
    x && feedX(x.world, feed),
    tiktok && feedTiktok(tiktok, feed),
    sms && feedSms(sms.world, feed),
  ]);
}
