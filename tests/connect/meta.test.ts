import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { CONNECTION_KEY } from '#contract';
import { channelStore } from '../../src/store/channelValues.ts';
import { publicationOf, queueAnswers } from '../helpers/answers.ts';
import { eventually } from '../helpers/eventually.ts';
import { serveHook } from '../meta/hook.ts';
import {
  facebookChannel,
  INSTAGRAM,
  instagramChannel,
  LINA,
  type MetaHub,
  metaHub,
  PAGE,
  whatsappChannel,
} from '../meta/world.ts';
import { connectAsPerson } from './world.ts';

let world: MetaHub;
let hook: Awaited<ReturnType<typeof serveHook>>;
const OTHER = { id: '104000000000002', name: 'Dinas Kesehatan', token: 'EAAGsimOtherPage01' };
beforeAll(async () => {
  world = await metaHub({
    channels: (url) => [facebookChannel(url), instagramChannel(url), whatsappChannel(url)],
    meta: {
      pages: [
        {
          id: PAGE,
          name: 'Kabupaten Contoh',
          token: 'EAAGsimPageToken01',
          instagram: { id: INSTAGRAM, username: 'pemkab' },
        },
        OTHER,
      ],
    },
  });
  hook = await serveHook(world.hub);
  await world.hub.work();
});
afterAll(async () => {
  await world.close();
  await hook.close();
});
beforeEach(() => {
  const { login } = world.meta;
  login.ticked = undefined;
  login.consent.withheld.clear();
  Object.assign(login.consent, { testing: false, refusal: undefined });
});

const PUBLIC = { publicUrl: 'https://aduan.contohkab.go.id' };
const connect = (id: string, walk = {}) => connectAsPerson(world.hub, id, { ...PUBLIC, ...walk });
const stored = (id: string) => channelStore(world.hub.deps.db, world.hub.deps.keyring, id).get(CONNECTION_KEY);

it('a page whose token died is connected again, and what waited goes out with the new one', async () => {
  const { meta, hub } = world;
  meta.deliverTo(hook.url);
  const post = meta.citizens.ownPost(PAGE, 'Pasar baru dibuka');
  const comment = meta.citizens.comment(post, LINA, 'Kapan jalan B7 selesai?');
  const { complaint_id } = await eventually(() =>
    hub.deps.db
      .selectFrom('message')
      .select('complaint_id')
      .where('object_id', '=', comment.id)
      .executeTakeFirstOrThrow(),
  );
  meta.access.kill(PAGE);
  const [id = ''] = await queueAnswers(hub, [complaint_id], 'Akhir bulan ini.');
  await eventually(async () => expect((await publicationOf(hub, id)).reason).toBe('auth'));
  const { connection, said } = await connect('fb');
  expect(said).toContain('https://aduan.contohkab.go.id/\n');
  expect(connection).toMatchObject({ account: 'Kabupaten Contoh', missing: [] });
  await eventually(async () => expect((await publicationOf(hub, id)).state).toBe('published'));
  expect(meta.published().landed.map(({ text }) => text)).toEqual(['Akhir bulan ini.']);
});

it('another page than the one in the file: says which ones were ticked', async () => {
  const before = await stored('fb');
  world.meta.login.ticked = [OTHER.id];
  await expect(connect('fb')).rejects.toThrow(/Halaman 104000000000001 tidak ada.*Dinas Kesehatan \(104000000000002\)/);
  expect(await stored('fb')).toEqual(before);
});

it('a permission that was not ticked is named, with what will not work', async () => {
  world.meta.login.consent.withheld.add('pages_messaging');
  const { connection } = await connect('fb');
  expect(connection.missing).toEqual([{ name: 'pages_messaging', without: expect.stringContaining('Messenger') }]);
});

it.each([
  ['Izinnya ditolak', {}, { decide: 'deny' }],
  ['mode uji', { testing: true }, {}],
  ['mode pengembangan', {}, { paste_: () => 'App not active: This app is not accessible right now' }],
  ['ulangi dari awal', {}, { paste_: (text: string) => text.replace(/code=[^&]+/, 'code=sim-lama') }],
])('a refusal is said plainly: %s', async (words, consent, walk) => {
  Object.assign(world.meta.login.consent, consent);
  await expect(connect('fb', walk)).rejects.toThrow(words);
});

it('an Instagram account is connected through its page', async () => {
  const { connection } = await connect('ig');
  expect(connection).toMatchObject({ account: 'pemkab', missing: [] });
  expect(await stored('ig')).toMatchObject({ access: expect.stringContaining('EAAsimPage') });
});

it('WhatsApp has no consent screen: says where its token comes from', async () => {
  await expect(connect('wa')).rejects.toThrow(/tidak dihubungkan lewat layar persetujuan.*Meta Business Suite/);
});

it('without an https address to come back to, says so before anything is opened', async () => {
  await expect(connectAsPerson(world.hub, 'fb')).rejects.toThrow('--redirect https');
});
