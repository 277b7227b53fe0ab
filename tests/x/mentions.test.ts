import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildApi } from '../../src/api/app.ts';
import { createKey } from '../../src/flows/desk/users.ts';
import { publicationOf, queueAnswers } from '../helpers/answers.ts';
import { eventually } from '../helpers/eventually.ts';
import { pollSurely } from '../helpers/poll.ts';
import { seedUser } from '../helpers/register.ts';
import { ACCOUNT, type XHub, xHub } from './world.ts';

let world: XHub;
beforeAll(async () => {
  const settings = { directMessages: true, search: [`url:"x.com/${ACCOUNT.username}"`, 'lampu'], recheckEvery: '1ms' };
  world = await xHub({ settings });
  await world.hub.work();
});
afterAll(() => world.close());

const US = `@${ACCOUNT.username}`;
const messageOf = (objectId: string) =>
  eventually(() =>
    world.hub.deps.db.selectFrom('message').selectAll().where('object_id', '=', objectId).executeTakeFirstOrThrow(),
  );
const look = () => pollSurely(world.hub.deps, 'x');

async function answer(complaintId: string, text: string) {
  const [id = ''] = await queueAnswers(world.hub, [complaintId], text);
  return eventually(async () => {
    const row = await publicationOf(world.hub, id);
    expect(row.state, row.explanation ?? '').toBe('published');
    return row;
  }, 20_000);
}

const oursIn = async (complaintId: string) => {
  const rows = world.hub.deps.db.selectFrom('message').selectAll().where('complaint_id', '=', complaintId);
  return rows.where('direction', '=', 'out').orderBy('id').execute();
};

it('a mention gets its answer below itself, and what comes back is no second one', async () => {
  const post = world.x.world.write('lina77', `${US} jalan B7 berlubang & gelap <sekali>`);
  await look();
  const message = await messageOf(post.id);
  expect(message).toMatchObject({ surface: 'mention', text: `${US} jalan B7 berlubang & gelap <sekali>` });
  expect(message.permalink).toBe(`https://x.example/lina77/status/${post.id}`);
  const published = await answer(message.complaint_id, 'Terima kasih, dikerjakan besok.');
  const [landed] = world.x.world.landed.filter(({ target }) => target === post.id);
  expect(published).toMatchObject({ published_id: landed!.id, attempt: 1 });
  expect(landed!.text).toMatch(/^Terima kasih, dikerjakan besok\. \[[a-z2-7]{6}\]$/);
  await look();
  expect(await oursIn(message.complaint_id)).toHaveLength(1);
});

it('a long answer is a thread, each part below the one before', async () => {
  const post = world.x.world.write('budi_s', `${US} kapan loket buka?`);
  await look();
  const { complaint_id } = await messageOf(post.id);
  const text = Array.from({ length: 40 }, (_, n) => `Kalimat nomor ${n} tentang jam buka loket.`).join(' ');
  const row = await answer(complaint_id, text);
  const chain = world.x.world.landed.slice(-row.parts!.texts.length);
  expect(chain.length).toBeGreaterThan(4);
  expect(chain.map(({ target }) => target)).toEqual([post.id, ...chain.slice(0, -1).map(({ id }) => id)]);
  expect(chain.map((one) => one.text.replace(/ \[\d+\/\d+ [a-z2-7]{6}\]$/, '')).join(' ')).toBe(text);
  expect(chain[1]!.text).toContain(`[2/${chain.length} `);
  await look();
  expect((await oursIn(complaint_id)).map(({ object_id }) => object_id)).toEqual(chain.map(({ id }) => id));
});

it('below one post of ours, each citizen has a complaint of their own, and comes back to it', async () => {
  const { world: x } = world.x;
  const ours = x.write(ACCOUNT.username, 'Kerja bakti Minggu pagi');
  const [a, b] = ['rina_w', 'agusp'].map((who) => x.write(who, 'Jadwalnya bentrok, min', { replyTo: ours }));
  await look();
  const [one, two] = [await messageOf(a!.id), await messageOf(b!.id)];
  expect(one.complaint_id).not.toBe(two.complaint_id);
  expect(one).toMatchObject({ surface: 'mention', parent_id: ours.id });
  await answer(one.complaint_id, 'Terima kasih masukannya.');
  const reply = x.posts.get(x.landed.at(-1)!.id)!;
  const again = x.write('rina_w', 'Jadi dipindah ke kapan?', { replyTo: reply });
  await look();
  expect((await messageOf(again.id)).complaint_id).toBe(one.complaint_id);
});

it('who quotes us is found by a search and can be answered; who only names the matter cannot', async () => {
  const { world: x } = world.x;
  const ours = x.write(ACCOUNT.username, 'Pasar murah Sabtu');
  const quote = x.write('dewi_kbm', 'Semoga berasnya cukup', { quotes: ours });
  const hit = x.write('jokosusilo', 'lampu jalan kabupaten mati semua');
  await look();
  expect(await messageOf(quote.id)).toMatchObject({ surface: 'mention', parent_id: ours.id });
  // `post` is no surface of this adapter: an answer is refused when it is drafted.
  expect(await messageOf(hit.id)).toMatchObject({ surface: 'post', ref: { replyable: false } });
});

it('edits are versions of the first post, and deletions are noticed', async () => {
  const { world: x } = world.x;
  const post = x.write('lina77', `${US} parkir sempit`);
  await look();
  await messageOf(post.id);
  const edited = x.edit(post, `${US} parkir sempit dan gelap`);
  await look();
  await eventually(async () =>
    expect(await messageOf(post.id)).toMatchObject({ edited: true, text: `${US} parkir sempit dan gelap` }),
  );
  await answer((await messageOf(post.id)).complaint_id, 'Segera diatur.');
  x.remove(edited);
  await look();
  await eventually(async () => expect((await messageOf(post.id)).deleted_at).not.toBeNull());
});

it('a direct message is answered by one, found again by its mark, and its echo is no second one', async () => {
  const { world: x } = world.x;
  const direct = x.direct('sitiaminah', 'KTP saya rusak, syaratnya apa?');
  await look();
  const message = await messageOf(direct.id);
  expect(message).toMatchObject({ surface: 'message', text: 'KTP saya rusak, syaratnya apa?' });
  world.x.setFaults([{ do: 'noId', on: '/messages$', times: 1 }]);
  const row = await answer(message.complaint_id, 'Bawa KTP lama dan kartu keluarga.');
  expect(row.attempt).toBe(1);
  expect(x.directs.filter(({ sender }) => sender === ACCOUNT.id).map(({ id }) => id)).toEqual([row.published_id]);
  await look();
  expect(await oursIn(message.complaint_id)).toHaveLength(1);
});

it('an id beyond 2^53 survives from the wire to the API, and back to the wire, as text', async () => {
  const id = '7301234567890123456';
  world.x.world.write('budi_s', `${US} trotoar rusak`, { id });
  await look();
  const { complaint_id, ref } = await messageOf(id);
  expect(ref).toMatchObject({ post: id });
  const { published_id } = await answer(complaint_id, 'Diperbaiki pekan ini.');
  expect(world.x.world.landed.at(-1)!.target).toBe(id);
  const { deps, foundation, hooks } = world.hub;
  const ready = async () => ({ ready: true, checks: {} });
  const api = buildApi({ ...deps, pool: foundation.pool, hooks, publicUrl: 'http://127.0.0.1', readiness: ready });
  try {
    const { userId } = await seedUser(deps.db, { role: 'central_admin' });
    const { key } = await createKey(deps, { userId, label: 'uji', agencyId: null, unitId: null });
    const headers = { authorization: `Bearer ${key}` };
    const complaint = await api.inject({ url: `/api/v1/complaints/${complaint_id}`, headers });
    expect(complaint.body).toContain(`"https://x.example/budi_s/status/${id}"`);
    const sent = await api.inject({ url: `/api/v1/publications?complaint=${complaint_id}`, headers });
    expect(BigInt(published_id!)).toBeGreaterThan(BigInt(Number.MAX_SAFE_INTEGER));
    expect(sent.body).toContain(`"publishedId":"${published_id}"`);
  } finally {
    await api.close();
  }
});
