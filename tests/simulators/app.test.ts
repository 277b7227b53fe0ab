import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { afterEach, expect, test } from 'vitest';
import { item, type MessageItem } from '#contract';
import { feed } from '../../simulators/app/feed.ts';
import { type App, type AppOptions, startApp } from '../../simulators/app/index.ts';

const TOKEN = 'app-test-token';
const SECRET = `whsec_${Buffer.from('app-test-secret-0123456789abcdef').toString('base64')}`;
const open: { close(): unknown }[] = [];

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function started(options: Partial<AppOptions> = {}): Promise<App> {
  const app = await startApp({ token: TOKEN, ...options });
  open.push(app);
  return app;
}

/** A hub that fails its first `failures` deliveries and verifies the others with the specification's library. */
async function hub(failures = 0) {
  const items: Record<string, unknown>[] = [];
  let asked = 0;
  const server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    asked += 1;
    if (asked > failures) {
      const headers = request.headers as Record<string, string>;
      const verified = new Webhook(SECRET).verify(body, headers) as { items: Record<string, unknown>[] };
      items.push(...verified.items);
    }
    response.writeHead(asked > failures ? 200 : 503).end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  open.push({ close: () => server.closeAllConnections() ?? server.close() });
  return { items, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked: () => asked };
}

const message = (objectId: string, about: Partial<MessageItem> = {}): MessageItem => ({
  type: 'message',
  objectId,
  at: new Date().toISOString(),
  threadId: objectId,
  surface: 'report',
  text: `Aduan ${objectId}`,
  ...about,
});

const get = (app: App, path: string) => fetch(app.url + path, { headers: { authorization: `Bearer ${TOKEN}` } });
const post = (app: App, path: string, body: unknown) =>
  fetch(app.url + path, { method: 'POST', headers: { authorization: `Bearer ${TOKEN}` }, body: JSON.stringify(body) });
/** The JSON of an answer; the tests say what should stand in it. */
type Answered = {
  id: string;
  items: Record<string, unknown>[];
  landed: { key: string }[];
  next: string;
  more: boolean;
};
const jsonOf = async (response: Promise<Response>) => (await (await response).json()) as Answered;
const reply = (key: string, objectId = 'a-1') => ({
  key,
  objectId,
  threadId: objectId,
  text: 'Sudah diperbaiki',
  files: [],
});

test('delivers by signed webhook, in order, until it is acknowledged', async () => {
  const { items, url, asked } = await hub(1);
  const app = await started({ hub: { url, endpoint: 'lapor', secret: SECRET } });
  for (let number = 0; number < 120; number++) app.file('laporan', message(`a-${number}`));
  app.file('komentar', message('k-1', { surface: 'comment' }));
  await app.delivered();
  expect(asked()).toBeGreaterThan(1);
  expect(items.map((one) => one.objectId)).toEqual(Array.from({ length: 120 }, (_, number) => `a-${number}`));
  expect(items.every((one) => one.account === 'laporan')).toBe(true);
});

test('is polled page by page', async () => {
  const app = await started();
  for (let number = 0; number < 25; number++) app.file('komentar', message(`k-${number}`));
  const first = await jsonOf(get(app, '/items?account=komentar&limit=20'));
  expect(first).toMatchObject({ next: '20', more: true });
  const second = await jsonOf(get(app, '/items?account=komentar&limit=20&after=20'));
  expect(second).toMatchObject({ next: '25', more: false });
  expect(first.items.length + second.items.length).toBe(25);
});

test('answers a long poll when something comes', async () => {
  const app = await started();
  const waiting = get(app, '/changes?account=komentar&after=0');
  app.file('laporan', message('a-1'));
  app.file('komentar', message('k-1'));
  expect(await (await waiting).json()).toEqual({ next: '1' });
});

test('refuses a wrong token and a wrong signature', async () => {
  const app = await started({ signingSecret: SECRET });
  expect((await fetch(`${app.url}/items?account=x`)).status).toBe(401);
  expect((await post(app, '/replies', reply('k'))).status).toBe(401);
  expect(app.replies().landed).toEqual([]);
});

test.each([
  ['native', 1, 200],
  ['lookup', 2, 200],
  ['none', 2, 501],
] as const)(
  'idempotency %s: the same key twice lands %i times, a look-up answers %i',
  async (idempotency, times, status) => {
    const app = await started({ idempotency });
    const ids = [];
    for (let number = 0; number < 2; number++) ids.push((await jsonOf(post(app, '/replies', reply('k-1')))).id);
    expect(new Set(ids).size).toBe(times);
    expect(app.replies().landed).toHaveLength(times);
    expect(app.replies().doubled).toEqual(times > 1 ? [{ key: 'k-1', count: 2 }] : []);
    expect((await get(app, '/replies?key=k-1')).status).toBe(status);
  },
);

test.each([
  [{ do: 'error' }, 500, 1],
  [{ do: 'noId' }, 200, 1],
  [{ do: 'throttle', retryAfter: 3 }, 429, 0],
  [{ do: 'refuse' }, 422, 0],
  [{ do: 'error', landed: false }, 500, 0],
  [{ do: 'delay', ms: 20 }, 201, 1],
] as const)('fault %o answers %i and lands %i', async (fault, status, landed) => {
  const app = await started({ faults: [fault] });
  const response = await post(app, '/replies', reply('k-1'));
  expect(response.status).toBe(status);
  if (status === 429) expect(response.headers.get('retry-after')).toBe('3');
  if (fault.do === 'noId') expect(await response.json()).not.toHaveProperty('id');
  expect(app.replies().landed).toHaveLength(landed);
});

test('hangs up after accepting, and stays silent', async () => {
  const app = await started({ faults: [{ do: 'hangup' }] });
  await expect(post(app, '/replies', reply('k-1'))).rejects.toThrow();
  await fetch(`${app.url}/_faults`, { method: 'POST', body: JSON.stringify([{ do: 'silent' }]) });
  const silent = fetch(`${app.url}/replies`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}` },
    body: JSON.stringify(reply('k-2')),
    signal: AbortSignal.timeout(200),
  });
  await expect(silent).rejects.toThrow();
  const seen = await jsonOf(fetch(`${app.url}/_replies`));
  expect(seen.landed.map((one) => one.key)).toEqual(['k-1', 'k-2']);
});

test('a fault with a ratio meets that part of the requests, one with times ends', async () => {
  const app = await started({ faults: [{ do: 'error', ratio: 0.25, times: 2 }] });
  const statuses = [];
  for (let number = 0; number < 12; number++) statuses.push((await post(app, '/replies', reply(`k-${number}`))).status);
  expect(statuses.filter((status) => status === 500)).toHaveLength(2);
  expect(statuses.slice(0, 4)).toEqual([201, 201, 201, 500]);
});

test('what the hub publishes comes back as an echo where the application has one', async () => {
  const app = await started({ echo: true });
  app.file('laporan', message('a-1'));
  await post(app, '/replies', reply('k-1'));
  const { items } = await jsonOf(get(app, '/items?account=laporan'));
  expect(items[1]).toMatchObject({ fromUs: true, publicationKey: 'k-1', parentId: 'a-1' });
});

test('citizens see complaints, answers and statuses, and no text becomes HTML', async () => {
  const app = await started();
  app.file('laporan', message('a-1', { text: '<script>alert("x")</script>', author: { name: '<b>Budi</b>' } }));
  app.file('laporan', message('a-2'));
  app.file('laporan', { type: 'deletion', objectId: 'a-2', at: new Date().toISOString() });
  await post(app, '/replies', reply('k-1'));
  await post(app, '/statuses', { key: 's-1', objectId: 'a-1', state: 'in_progress', label: 'Diproses <i>' });
  const html = await (await fetch(app.url)).text();
  expect(html).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;');
  expect(html).not.toMatch(/<script|<b>Budi|Diproses <i>/);
  expect(html).toContain('Sudah diperbaiki');
  expect(html).toContain('Dihapus oleh penulisnya');
  expect(html).not.toContain('Aduan a-2');
});

test('the feed writes valid items of every kind, with photos that can be fetched', async () => {
  const app = await started();
  await feed(app);
  const reports = app.store.changes('laporan', 0, 1_000);
  const comments = app.store.changes('komentar', 0, 1_000);
  for (const one of [...reports, ...comments]) item.parse(one);
  const all = [...reports, ...comments];
  expect(new Set(all.map((one) => one.type))).toEqual(new Set(['message', 'deletion', 'status']));
  expect(all.filter((one) => one.type === 'message' && one.edited)).toHaveLength(1);
  expect(comments.every((one) => one.type !== 'message' || one.surface === 'comment')).toBe(true);
  const chat = all.filter((one) => one.type === 'message' && one.surface === 'message');
  expect(new Set(chat.map((one) => one.type === 'message' && one.threadId)).size).toBe(1);
  const attached = all.flatMap((one) => (one.type === 'message' ? (one.attachments ?? []) : []));
  expect(attached.length).toBeGreaterThan(2);
  for (const { ref, size } of attached) {
    const response = await get(app, String(ref));
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(response.headers.get('content-type')).toBe('image/png');
    expect(bytes.subarray(1, 4).toString()).toBe('PNG');
    expect(bytes.length).toBe(size);
  }
});

test('the feed goes on until it is stopped', async () => {
  const app = await started();
  const stop = new AbortController();
  const feeding = feed(app, { first: 2, everyMs: 5, signal: stop.signal });
  await new Promise<void>((done) => app.store.on('filed', () => app.store.entries.size > 12 && done()));
  stop.abort();
  await feeding;
  expect(app.store.position('laporan')).toBeGreaterThan(5);
});
