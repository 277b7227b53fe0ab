import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildApi } from '../../src/api/app.ts';
import { erasureRequest } from '../adapters/meta/signing.ts';
import { complaintOf, messageOf, messageWith } from './helper.ts';
import { serveHook } from './hook.ts';
import { APP_SECRET, BUDI, LINA, type MetaHub, metaHub, PAGE } from './world.ts';

let world: MetaHub;
let hook: Awaited<ReturnType<typeof serveHook>>;
let app: FastifyInstance;
beforeAll(async () => {
  world = await metaHub();
  hook = await serveHook(world.hub);
  world.meta.deliverTo(hook.url);
  await world.hub.work();
  const { deps, hooks, foundation } = world.hub;
  const readiness = async () => ({ ready: true, checks: {} });
  app = buildApi({ ...deps, hooks, pool: foundation.pool, publicUrl: 'https://aduan.contoh.go.id/', readiness });
});
afterAll(async () => {
  await app.close();
  await world.close();
  await hook.close();
});

const ask = (payload: string | Buffer) =>
  app.inject({
    method: 'POST',
    url: '/hooks/meta/deletion',
    payload,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });

it('seals what the person wrote, of nobody else, and says where the result stands', async () => {
  const { citizens } = world.meta;
  const post = citizens.ownPost(PAGE, 'Kiriman');
  const theirs = citizens.comment(post, LINA, 'Alamat saya di gang kelinci');
  const other = citizens.comment(post, BUDI, 'Lampu mati');
  await messageWith(world, theirs.text);
  await messageWith(world, other.text);
  const answer = await ask(Buffer.from(erasureRequest(LINA.id, APP_SECRET).body));
  expect(answer.statusCode).toBe(200);
  const { url, confirmation_code: code } = answer.json<{ url: string; confirmation_code: string }>();
  expect(url).toBe(`https://aduan.contoh.go.id/privasi/penghapusan/${code}`);
  const message = await messageOf(world, theirs.id);
  expect(message).toMatchObject({ text: theirs.text, deleted_at: expect.any(Date) });
  expect(await complaintOf(world, message.complaint_id)).toMatchObject({ body: '', title: 'Dihapus oleh penulisnya' });
  expect((await messageOf(world, other.id)).deleted_at).toBeNull();
  const page = await app.inject({ url: `/privasi/penghapusan/${code}` });
  expect(page.headers['content-type']).toContain('text/html');
  expect(page.body).toContain(code);
  expect(page.body).toContain('tidak ditampilkan lagi');
});

it('refuses a request that Meta did not sign, and one for an endpoint without them', async () => {
  expect((await ask(Buffer.from(erasureRequest(LINA.id, 'another-secret').body))).statusCode).toBe(401);
  expect((await ask('signed_request=a.b')).statusCode).toBe(401);
  const nowhere = await app.inject({ method: 'POST', url: '/hooks/lain/deletion', payload: 'x' });
  expect(nowhere.statusCode).toBe(401);
  expect((await app.inject({ url: '/privasi/penghapusan/tidak-ada' })).statusCode).toBe(404);
});

it('has a privacy page that runs nothing', async () => {
  const page = await app.inject({ url: '/privasi' });
  expect(page.statusCode).toBe(200);
  expect(page.body).toContain('Kabupaten Contoh');
  expect(page.headers['content-security-policy']).toContain("default-src 'none'");
});
