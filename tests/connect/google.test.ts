import { afterAll, beforeAll, expect, it } from 'vitest';
import { CONNECTION_KEY } from '#contract';
import { poll } from '../../src/flows/poll.ts';
import { channelStore } from '../../src/store/channelValues.ts';
import { publicationOf, queueAnswers } from '../helpers/answers.ts';
import { eventually } from '../helpers/eventually.ts';
import { type YoutubeHub, youtubeHub } from '../youtube/world.ts';
import { connectAsPerson } from './world.ts';

let world: YoutubeHub;
beforeAll(async () => {
  world = await youtubeHub();
  await world.hub.work();
});
afterAll(() => world.close());

const stateOf = () =>
  world.hub.deps.db.selectFrom('channel_state').selectAll().where('channel_id', '=', 'yt').executeTakeFirstOrThrow();
/** What the cursor knows. */
const threadsOf = async () => Object.keys(((await stateOf()).cursor as { threads: object }).threads);
const stored = () => channelStore(world.hub.deps.db, world.hub.deps.keyring, 'yt').get(CONNECTION_KEY);

it('a cut-off account is connected again: cursor and history stay, and what waited goes on', async () => {
  const { hub, youtube } = world;
  const comment = youtube.world.comment('@lina77', 'Kapan jalan B7 selesai?');
  await poll(hub.deps, 'yt');
  const { complaint_id } = await eventually(() =>
    hub.deps.db
      .selectFrom('message')
      .select('complaint_id')
      .where('object_id', '=', comment.id)
      .executeTakeFirstOrThrow(),
  );
  const known = await threadsOf();
  expect(known).toEqual([comment.id]);
  Object.assign(youtube.tokens, { revoked: true });
  youtube.tokens.forget();
  const [id = ''] = await queueAnswers(hub, [complaint_id], 'Akhir bulan ini.');
  await eventually(async () => expect(await stateOf()).toMatchObject({ health: 'authNeeded' }));
  const { connection, said } = await connectAsPerson(hub, 'yt');
  expect(said).toContain('/kembali');
  expect(connection).toMatchObject({ account: 'Kabupaten Contoh', missing: [] });
  await eventually(async () => expect((await publicationOf(hub, id)).state).toBe('published'));
  expect(youtube.world.below(comment.id).map(({ text }) => text)).toEqual(['Akhir bulan ini.']);
  expect(await stateOf()).toMatchObject({ health: 'ok' });
  expect(await threadsOf()).toEqual(known);
  const messages = await hub.deps.db.selectFrom('message').select('object_id').execute();
  expect(messages.filter(({ object_id }) => object_id === comment.id)).toHaveLength(1);
  const events = await hub.deps.db.selectFrom('event').select('type').execute();
  expect(events.map(({ type }) => type)).toContain('channel.connected');
});

it('tokens stand encrypted, and neither they nor the code in what is printed', async () => {
  const { said } = await connectAsPerson(world.hub, 'yt', { paste: true });
  const pair = (await stored()) as { access: string; refresh: string };
  expect(pair.refresh).toMatch(/^1\/\/sim-/);
  const { rows } = await world.hub.foundation.pool.query('select * from channel_value');
  const raw = JSON.stringify(rows.map((row) => ({ ...row, sealed: Buffer.from(row.sealed).toString('latin1') })));
  for (const secret of [pair.access, pair.refresh]) {
    expect(said).not.toContain(secret);
    expect(raw).not.toContain(secret);
  }
});

it('permissions that were not ticked are named, with what will not work', async () => {
  world.youtube.tokens.consent.withheld.add('https://www.googleapis.com/auth/youtube.force-ssl');
  const { connection } = await connectAsPerson(world.hub, 'yt', { paste: true });
  world.youtube.tokens.consent.withheld.clear();
  expect(connection.missing).toMatchObject([{ without: expect.stringContaining('tidak dapat dibalas') }]);
});

it.each([
  ['Izinnya ditolak', { decide: 'deny' as const }],
  ['mode uji', { testing: true }],
  ['belum dimiliki aplikasi', { refusal: 'invalid_scope' }],
  ['Alamat kembali belum terdaftar', { paste_: () => 'Error 400: redirect_uri_mismatch' }],
  ['sudah dipakai atau kedaluwarsa', { paste_: (text: string) => text.replace(/code=[^&]+/, 'code=sim-lama') }],
  ['bukan jawaban untuk permintaan', { paste_: (text: string) => text.replace(/state=[^&]+/, 'state=lain') }],
  ['bukan alamat atau kode', { paste_: () => 'oke' }],
])('a refusal is said plainly: %s', async (words, { testing = false, refusal, ...walk }: Record<string, unknown>) => {
  const { consent } = world.youtube.tokens;
  const before = await stored();
  Object.assign(consent, { testing, refusal });
  await expect(connectAsPerson(world.hub, 'yt', { paste: true, ...walk })).rejects.toThrow(words as string);
  Object.assign(consent, { testing: false, refusal: undefined });
  expect(await stored()).toEqual(before);
});

it('a client that Google does not know is told so', async () => {
  const [channel] = world.hub.deps.config.channels;
  const settings = channel?.settings as Record<string, unknown>;
  const { clientId } = settings;
  settings.clientId = 'lain.apps.googleusercontent.com';
  await expect(connectAsPerson(world.hub, 'yt', { paste: true })).rejects.toThrow('Aplikasi tidak dikenal');
  settings.clientId = clientId;
});

it('a bare code is taken where the verifier ties it to us, and only once', async () => {
  let code = '';
  const paste_ = (text: string) => {
    code = new URL(text).searchParams.get('code') ?? '';
    return code;
  };
  await connectAsPerson(world.hub, 'yt', { paste: true, paste_ });
  await expect(connectAsPerson(world.hub, 'yt', { paste: true, paste_: () => code })).rejects.toThrow('kedaluwarsa');
});

it('another channel than the one in the file is not taken', async () => {
  const { deps } = world.hub;
  const before = await stored();
  const [channel] = deps.config.channels;
  Object.assign(channel!, { account: 'UClain00000000000000000009' });
  await expect(connectAsPerson(world.hub, 'yt', { paste: true })).rejects.toThrow(
    /akun UCcontohkab.*account: "UCcontoh/,
  );
  Object.assign(channel!, { account: 'UCcontohkab0000000000001' });
  expect(await stored()).toEqual(before);
});

it('gives up when nobody comes back in time', async () => {
  const talk = { say: () => {}, ask: async () => '' };
  const { connectChannel } = await import('../../src/main/connect.ts');
  const { OPERATOR } = await import('./world.ts');
  const order = { paste: false, port: 0, timeout: 50, publicUrl: undefined, talk };
  await expect(connectChannel(world.hub.deps, OPERATOR, 'yt', order)).rejects.toThrow('tidak ada jawaban');
});
