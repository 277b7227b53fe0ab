import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { feed } from '../../simulators/app/feed.ts';
import { type App, startApp } from '../../simulators/app/index.ts';

let folder: string;
let app: App;
const token = 'journal-test';
const start = () => startApp({ token, journal: join(folder, 'app.jsonl') });
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kanal-journal-'));
  app = await start();
});
afterEach(async () => {
  await app.close();
  await rm(folder, { recursive: true });
});

async function restart(): Promise<void> {
  await app.close();
  app = await start();
}

const about = ({ store }: App) => ({
  entries: [...store.entries],
  landed: store.landed,
  photos: [...store.entries.values()]
    .flatMap(({ message }) => message.attachments ?? [])
    .map(({ name }) => [name, Buffer.from(store.media.get(name ?? '')?.bytes ?? []).toString('base64')]),
  comments: store.changes('komentar', 0, 1_000),
});

async function reply(objectId: string): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ key: 'kunci-1', objectId, text: 'Sudah kami tambal.' });
  expect((await fetch(`${app.url}/replies`, { method: 'POST', headers, body })).status).toBe(201);
}

test('everything is there after a restart, and citizens do not tell it all again', async () => {
  await feed(app);
  await reply('lap-1');
  const before = about(app);
  expect(before.photos.every(([, bytes]) => bytes)).toBe(true);
  expect(before.photos.length).toBeGreaterThan(3);
  await restart();
  expect(about(app)).toEqual(before);
  await feed(app);
  expect(about(app)).toEqual(before);
  expect(app.replies().doubled).toEqual([]);
});

test('a key that landed before the restart publishes nothing new', async () => {
  await feed(app, { first: 1 });
  await reply('lap-1');
  await restart();
  await reply('lap-1');
  expect(app.store.landed).toHaveLength(1);
});

test('what is written later does not take the name of what was there', async () => {
  await feed(app);
  const known = app.store.entries.size;
  await restart();
  const stop = new AbortController();
  app.store.once('filed', () => stop.abort());
  await feed(app, { everyMs: 1, signal: stop.signal });
  expect(app.store.entries.size).toBe(known + 1);
});

test('half a line at the end, of a process that was killed, is forgotten', async () => {
  await feed(app, { first: 2 });
  const before = about(app);
  const whole = await readFile(join(folder, 'app.jsonl'), 'utf8');
  await appendFile(join(folder, 'app.jsonl'), '{"account":"laporan","item":{"ty');
  await restart();
  expect(about(app)).toEqual(before);
  expect(await readFile(join(folder, 'app.jsonl'), 'utf8')).toBe(whole);
});
