import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildApi } from '../../src/api/app.ts';
import { createKey } from '../../src/flows/desk/users.ts';
import { poll } from '../../src/flows/poll.ts';
import { queueAnswers } from '../helpers/answers.ts';
import { eventually } from '../helpers/eventually.ts';
import { seedUser } from '../helpers/register.ts';
import { type TiktokHub, tiktokHub } from './world.ts';

let world: TiktokHub;
beforeAll(async () => {
  world = await tiktokHub({ manners: { bareIds: true } });
  await world.hub.work();
});
afterAll(() => world.close());

/** The hub's API, and somebody who may see everything. */
async function asCentralAdmin() {
  const { deps, foundation, hooks } = world.hub;
  const app = buildApi({
    ...{ ...deps, hooks, pool: foundation.pool, files: foundation.files, publicUrl: 'http://127.0.0.1:3000' },
    readiness: async () => ({ ready: true, checks: { database: 'ok' } }),
  });
  await app.ready();
  const { userId } = await seedUser(deps.db, { role: 'central_admin' });
  const { key } = await createKey(deps, { userId, label: 'test', agencyId: null, unitId: null });
  const headers = { authorization: `Bearer ${key}` };
  return { get: async (url: string) => (await app.inject({ url, headers })).body, close: () => app.close() };
}

it('an id beyond 2^53, a bare JSON number on the wire, reaches the API as text, figure by figure', async () => {
  const { world: tok } = world.tiktok;
  const video = tok.video('Peresmian pasar');
  expect(video.id).toBe('7301234567890123456');
  const comment = tok.comment(video, 'lina.77', 'Kapan jalan B7 selesai?');
  await poll(world.hub.deps, 'tt');
  const { complaint_id } = await eventually(() =>
    world.hub.deps.db
      .selectFrom('message')
      .select('complaint_id')
      .where('object_id', '=', comment.id)
      .executeTakeFirstOrThrow(),
  );
  await queueAnswers(world.hub, [complaint_id], 'Akhir bulan ini.');
  const api = await asCentralAdmin();
  try {
    await eventually(async () => {
      const publications = await api.get('/api/v1/publications');
      expect(publications).toContain(`"publishedId":"${tok.below(comment.id)[0]?.id}"`);
    });
    expect(tok.below(comment.id)[0]?.id).toBe('7301234567890123458');
    expect(await api.get(`/api/v1/complaints/${complaint_id}`)).toContain('/video/7301234567890123456"');
  } finally {
    await api.close();
  }
});
