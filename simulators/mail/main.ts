import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { startPage } from './page.ts';
import { Post, type Seen } from './post.ts';

/**
 * The mail server of the demo as a process: `node simulators/mail/main.ts [options.json]`. Prints one JSON line with its
 * ports and the address of the citizens' mail when it is ready; SIGINT, SIGTERM and the end of a parent that keeps an IPC
 * channel end it. Nothing is kept.
 */
const port = z.int().min(0).max(65_535);
const file = z.strictObject({
  imapPort: port.default(4_143),
  smtpPort: port.default(4_025),
  pagePort: port.default(4_080),
  user: z.string().default('aduan@contohkab.example'),
  password: z.string().min(8).default('sandi-surel-contoh'),
  /** Mails at the start, and then one in so many milliseconds. */
  feed: z.strictObject({ first: z.int().min(0), everyMs: z.int().min(100) }).default({ first: 5, everyMs: 60_000 }),
  /** So long a citizen thinks before answering an answer. */
  answerAfterMs: z.int().min(0).default(10_000),
});

const [, , path] = process.argv;
const options = file.parse(path === undefined ? {} : JSON.parse(await readFile(path, 'utf8')));
const stop = new AbortController();
const { signal } = stop;
const post = await Post.start(options);
const page = await startPage(post.seen, options.pagePort);
process.stdout.write(`${JSON.stringify({ url: page.url, ...post.ports })}\n`);

post.onDelivery = (mail) => {
  if (!mail.automatic) void answerLater(mail);
};

async function answerLater(mail: Seen): Promise<void> {
  await sleep(options.answerAfterMs, undefined, { signal, ref: false }).then(
    () => post.answer(mail),
    () => undefined,
  );
}

function end(): void {
  stop.abort();
  void Promise.all([post.close(), page.close()]);
}
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, end);
if (process.channel) {
  process.once('disconnect', end);
  process.channel.unref();
}
for (let number = 0; number < options.feed.first; number++) await post.write();
while (!signal.aborted) {
  await sleep(options.feed.everyMs, undefined, { signal }).catch(() => {});
  if (!signal.aborted) await post.write();
}
