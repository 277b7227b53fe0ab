import type { AddressInfo } from 'node:net';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { addNote } from '../../src/flows/desk/notes.ts';
import { step } from '../../src/flows/desk/steps.ts';
import { revokeKey } from '../../src/flows/desk/users.ts';
import { seedComplaint } from '../helpers/register.ts';
import { type Login, type TestApi, testApi } from './helper.ts';

interface Heard {
  event: string;
  data: { id?: string; state?: string };
}

interface Listener {
  headers: Headers;
  text: string;
  heard: Heard[];
  /** Waits until an event fits. */
  until(fits: (heard: Heard) => boolean): Promise<Heard>;
  ended: Promise<void>;
  close(): void;
}

let api: TestApi;
let origin: string;
let admin: Login;
const open: Listener[] = [];
beforeAll(async () => {
  api = await testApi({ limits: { heartbeat: 100 } });
  await api.app.listen({ host: '127.0.0.1', port: 0 });
  origin = `http://127.0.0.1:${(api.app.server.address() as AddressInfo).port}`;
  admin = await api.login([{ role: 'central_admin' }]);
});
afterEach(() => {
  for (const listener of open.splice(0)) listener.close();
});
afterAll(() => api.close());

async function listen(who: Login, at = origin): Promise<Listener> {
  const stop = new AbortController();
  const headers = { authorization: `Bearer ${who.key}`, accept: 'text/event-stream' };
  const response = await fetch(`${at}/api/v1/stream`, { headers, signal: stop.signal });
  expect(response.status).toBe(200);
  const waiting = new Set<() => void>();
  const listener: Listener = {
    ...{ headers: response.headers, text: '', heard: [], close: () => stop.abort(), ended: Promise.resolve() },
    until: (fits) =>
      new Promise((resolve) => {
        const look = () => {
          const found = listener.heard.find(fits);
          if (!found) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
  };
  listener.ended = read(response, listener, waiting).catch(() => {});
  open.push(listener);
  await listener.until((heard) => heard.event === 'reset');
  return listener;
}

async function read(response: Response, listener: Listener, waiting: Set<() => void>): Promise<void> {
  const decoder = new TextDecoder();
  for await (const chunk of response.body!) {
    listener.text += decoder.decode(chunk, { stream: true });
    listener.heard = [...listener.text.matchAll(/event: (\w+)\ndata: (.*)\n/g)].map(([, event, data]) => ({
      event: event!,
      data: JSON.parse(data!),
    }));
    for (const look of [...waiting]) look();
  }
}

const about = (id: string) => (heard: Heard) => heard.event === 'complaint' && heard.data.id === id;

it('tells at once what changed, and how it stands now', async () => {
  const { id, ticketNo } = await seedComplaint(api.db, { agency_id: 'dpupr' });
  const listener = await listen(admin);
  expect(listener.headers.get('content-type')).toContain('text/event-stream');
  expect(listener.text).toContain('retry: 3000');
  await step(api.desk, admin.actor, id, 'start');
  const { data } = await listener.until(about(id));
  expect(data).toEqual({
    ...{ id, ticketNo, state: 'in_progress', stateLabel: 'Diproses', agency: 'dpupr', unit: null, assignee: null },
  });
});

it('tells each one only of what they may see', async () => {
  const mine = await api.login([{ role: 'agency_admin', agencyId: 'dpupr' }]);
  const listener = await listen(mine);
  const other = await seedComplaint(api.db, { agency_id: 'dukcapil' });
  const held = await seedComplaint(api.db, { agency_id: 'dpupr' });
  await step(api.desk, admin.actor, held.id, 'hold');
  await addNote(api.desk, admin.actor, other.id, 'x');
  const seen = await seedComplaint(api.db, { agency_id: 'dpupr' });
  await addNote(api.desk, admin.actor, seen.id, 'x');
  await listener.until(about(seen.id));
  expect(listener.text).not.toContain(other.id);
  expect(listener.text).not.toContain(held.id);
});

it('tells everything of a burst', async () => {
  const listener = await listen(admin);
  const made = await Promise.all(Array.from({ length: 40 }, () => seedComplaint(api.db)));
  await Promise.all(made.map(({ id }) => addNote(api.desk, admin.actor, id, 'x')));
  for (const { id } of made) await listener.until(about(id));
});

it('lives, and ends once the key is revoked', async () => {
  const leaving = await api.login([{ role: 'central_admin' }]);
  const [listener, other] = [await listen(leaving), await listen(admin)];
  await listener.until((heard) => heard.event === 'heartbeat');
  await revokeKey(api.desk, leaving.keyId);
  await listener.ended;
  const before = other.heard.length;
  await expect.poll(() => other.heard.length).toBeGreaterThan(before);
});

it('hears one connection for all, and says so when it was lost', async () => {
  const [a, b] = [await listen(admin), await listen(admin)];
  const { rows } = await sql<{ pid: number }>`select pid from pg_stat_activity
    where datname = current_database() and query ilike 'listen %'`.execute(api.db);
  expect(rows).toHaveLength(1);
  await sql`select pg_terminate_backend(${rows[0]!.pid})`.execute(api.db);
  const resets = (listener: Listener) => listener.heard.filter((heard) => heard.event === 'reset').length;
  await expect.poll(() => [resets(a), resets(b)], { timeout: 20_000 }).toEqual([2, 2]);
  const { id } = await seedComplaint(api.db);
  await addNote(api.desk, admin.actor, id, 'x');
  await Promise.all([a.until(about(id)), b.until(about(id))]);
});

it('refuses who wants something else', async () => {
  const headers = { authorization: `Bearer ${admin.key}`, accept: 'application/json' };
  const response = await fetch(`${origin}/api/v1/stream`, { headers });
  expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([406, 'not_acceptable']);
});

it('ends when the server closes, with nothing left behind', async () => {
  const other = await testApi();
  await other.app.listen({ host: '127.0.0.1', port: 0 });
  const who = await other.login([{ role: 'central_admin' }]);
  const listener = await listen(who, `http://127.0.0.1:${(other.app.server.address() as AddressInfo).port}`);
  await other.app.close();
  await listener.ended;
  expect(other.pool.totalCount - other.pool.idleCount).toBe(0);
  await other.close();
});
