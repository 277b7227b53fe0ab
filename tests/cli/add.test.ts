import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { adapters } from '../../adapters/index.ts';
import type { Commands } from '../../src/cli/index.ts';
import { loadConfig } from '../../src/config/load.ts';
import {
  connects,
  draftChannel,
  idFor,
  isTaken,
  offersOf,
  secretFor,
  writeChannel,
} from '../../src/config/newChannel.ts';
import { folder } from '../config/folder.ts';
import { kanal } from './recorder.ts';

const HUB = `site: { name: Kabupaten Uji }
agencies: [{ id: dinkes, name: Dinas Kesehatan }, { id: dukcapil, name: Dukcapil }]
endpoints:
  meta: { adapter: facebook, settings: { secrets: ["\${META_SECRET}"], verifyToken: "\${META_VERIFY}" } }
`;

/** The real thing, but for the database. */
async function world(files: Record<string, string> = {}) {
  const dir = await folder({ 'hub.yaml': HUB, ...files });
  const stored: Record<string, string> = {};
  const tried: string[] = [];
  const commands: Partial<Commands> = {
    channelOffers: async () => ({
      ...{ offers: offersOf(adapters), agencies: (await loadConfig(dir, adapters)).hub.agencies },
    }),
    isChannelTaken: (id) => isTaken(dir, id),
    draftChannel: async (order) => {
      const draft = await draftChannel(dir, adapters, order);
      const { adapter = '' } = offersOf(adapters).find(({ kind }) => kind === order.kind) ?? {};
      return { ...draft, connects: connects(adapters[adapter], draft.text) };
    },
    saveChannel: async (draft, secrets) => {
      Object.assign(stored, secrets);
      await writeChannel(dir, draft);
    },
    probeChannel: async (id) => {
      tried.push(id);
      return { detail: 'Akun menjawab.', warnings: [] };
    },
  };
  const add = (args: string[], typed: string[] = ['']) => kanal(['channel', 'add', ...args], commands, typed);
  const written = async () => readdir(join(dir, 'channels')).catch(() => []);
  const textOf = (id: string) => readFile(join(dir, `channels/${id}.yaml`), 'utf8');
  return { dir, stored, tried, add, written, textOf };
}

const TYPED = [
  'youtube',
  'YouTube Kabupaten',
  'UCcontohkab0000000000001',
  '1234.apps.example',
  'rahasia-sekali',
  'dinkes',
];

describe('kanal channel add', () => {
  it('asks at most six questions, writes a file that is right, and keeps the secret out of it', async () => {
    const { dir, stored, add, textOf } = await world();
    const { code, prompts, out } = await add([], TYPED);
    expect(code).toBe(0);
    expect(prompts).toHaveLength(6);
    const text = await textOf('youtube-kabupaten');
    expect(parse(text)).toEqual({
      ...{ id: 'youtube-kabupaten', label: 'YouTube Kabupaten', adapter: 'youtube', agency: 'dinkes' },
      account: 'UCcontohkab0000000000001',
      settings: { clientId: '1234.apps.example', clientSecret: '${YOUTUBE_KABUPATEN_CLIENT_SECRET}' },
    });
    expect(stored).toEqual({ YOUTUBE_KABUPATEN_CLIENT_SECRET: 'rahasia-sekali' });
    expect(text + out).not.toContain('rahasia-sekali');
    expect(out).toContain('kanal channel connect youtube-kabupaten');
    expect((await loadConfig(dir, adapters)).channels).toMatchObject([{ id: 'youtube-kabupaten' }]);
  });

  it('every kind asks at most six questions, and what its examples make loads', async () => {
    for (const [number, { kind, account, questions }] of offersOf(adapters).entries()) {
      const { dir, add } = await world();
      const answers = questions.map(({ example, secret }) => (secret ? 'nilai-rahasia' : example));
      const { code, prompts, err } = await add([], [String(number + 1), 'Kanal Uji', account.example, ...answers, '']);
      expect([kind, code, err]).toEqual([kind, 0, '']);
      expect(prompts.length).toBeLessThanOrEqual(6);
      const { channels, broken } = await loadConfig(dir, adapters);
      expect([broken, channels.map(({ id }) => id)]).toEqual([[], ['kanal-uji']]);
    }
  });

  it('takes everything from flags, a stored secret by its name, and then asks nothing', async () => {
    const { stored, add, textOf } = await world();
    const flags = [
      '--kind',
      'facebook',
      '--label',
      'Halaman Kabupaten',
      '--account',
      '112233445566778',
      '--agency',
      'dinkes',
    ];
    const { code, prompts } = await add([
      ...flags,
      '--answer',
      'appId=900000000000001',
      '--secret',
      'appSecret=META_SECRET',
    ]);
    expect([code, prompts, stored]).toEqual([0, [], {}]);
    expect(parse(await textOf('halaman-kabupaten'))).toMatchObject({
      ...{ endpoint: 'meta', account: '112233445566778' },
      settings: { appId: '900000000000001', appSecret: '${META_SECRET}' },
    });
  });

  it('a channel without a consent screen is tried at once', async () => {
    const { tried, add } = await world();
    const typed = ['webhook', 'Lapor', 'laporan', 'https://lapor.x.example/api', 'token-lapor', 'whsec_xyz'];
    const { out } = await add([], typed);
    expect(tried).toEqual(['lapor']);
    expect(out).toContain('Diperiksa: baik.');
    expect((await add(['--no-try', '--id', 'lapor-2', '--account', 'lain'], typed.toSpliced(2, 1))).code).toBe(0);
    expect(tried).toEqual(['lapor']);
  });

  it('never writes over a file, and says so before it asks for anything secret', async () => {
    const { add, textOf, stored } = await world({ 'channels/youtube-kabupaten.yaml': 'id: x\n' });
    const { code, err, prompts } = await add([], TYPED);
    expect([code, prompts.length]).toEqual([1, 2]);
    expect(err).toContain('tidak ditimpa');
    expect(await textOf('youtube-kabupaten')).toBe('id: x\n');
    expect(stored).toEqual({});
  });

  it.each([
    ['jenis kanal "radio"', ['radio']],
    ['belum diisi', ['youtube', '']],
    ['tidak ada instansi bernama "dinsos"', TYPED.with(5, 'dinsos')],
  ])('what is wrong is named, and nothing is written or stored: %s', async (words, typed) => {
    const { add, written, stored } = await world();
    const { code, err } = await add([], typed);
    expect(code).toBe(1);
    expect(err).toContain(words);
    expect([await written(), stored]).toEqual([[], {}]);
  });

  it('an account that is a channel already is not added twice', async () => {
    const { add } = await world();
    await add([], TYPED);
    expect((await add([], TYPED.with(1, 'YouTube Dua'))).err).toContain('satu akun hanya satu kanal');
  });
});

it('names follow from what people call things', () => {
  expect(idFor('  Ulasan Google: RSUD Kabupatén! ')).toBe('ulasan-google-rsud-kabupaten');
  expect(idFor('!!!')).toBe('');
  expect(secretFor('tiktok-pemkab', 'clientSecret')).toBe('TIKTOK_PEMKAB_CLIENT_SECRET');
  expect(secretFor('1-kanal', 'token')).toBe('K_1_KANAL_TOKEN');
});
