import { describe, expect, it } from 'vitest';
import { adapters as realAdapters } from '../../adapters/index.ts';
import { ConfigError, describeFault, loadConfig } from '../../src/config/load.ts';
import { adapters } from './adapters.ts';
import { channel, folder, HUB } from './folder.ts';

const load = async (files: Record<string, string>) => loadConfig(await folder(files), adapters);
const faultsOf = async (more: string, base = channel('lapor')): Promise<string[]> =>
  (await load({ 'hub.yaml': HUB, 'channels/lapor.yaml': `${base}${more}` })).faults.map(describeFault);

async function hubFaults(hub: string, files: Record<string, string> = {}): Promise<string[]> {
  const error = await load({ 'hub.yaml': hub, ...files }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ConfigError);
  return (error as ConfigError).faults.map(describeFault);
}

describe('a good configuration', () => {
  it('is complete: defaults filled in, durations in milliseconds', async () => {
    const { hub, channels, broken, faults } = await load({
      'hub.yaml': HUB,
      'channels/lapor.yaml': channel('lapor', 'settle: 90s\n'),
    });
    expect([broken, faults]).toEqual([[], []]);
    expect(hub.policies).toMatchObject({
      settle: 120_000,
      reopenWithin: 30 * 86_400_000,
      attachments: { maxBytes: 26_214_400, allowHosts: [] },
      publish: { sendTimeout: 20_000, lease: 60_000, maxAttempts: 8, giveUpAfter: 86_400_000 },
    });
    expect(hub.agencies[0]?.approval).toEqual({
      required: false,
      by: ['agency_head', 'unit_head', 'liaison_officer', 'central_admin'],
    });
    expect(channels).toEqual([
      {
        id: 'lapor',
        mode: 'automatic',
        label: 'Kanal lapor',
        adapter: 'contoh',
        account: 'akun-lapor',
        endpoint: 'aplikasi',
        enabled: true,
        poll: { every: 600_000 },
        publish: { concurrency: 4, receipts: true, statuses: true },
        settle: 90_000,
        settings: { token: '${TOKEN}', tempo: 5_000 },
        file: 'channels/lapor.yaml',
      },
    ]);
  });

  it('lets a channel use the endpoint of another adapter that serves its own', async () => {
    const contoh = adapters.contoh!;
    const family = { ...adapters, contoh: { ...contoh, receive: { ...contoh.receive!, serves: ['hanya-masuk'] } } };
    const files = {
      'hub.yaml': HUB,
      'channels/a.yaml': 'id: a\nlabel: A\nadapter: hanya-masuk\naccount: a\nendpoint: aplikasi\nsettings: {}\n',
    };
    expect((await loadConfig(await folder(files), family)).faults).toEqual([]);
    expect((await load(files)).faults).toHaveLength(1);
  });

  it('has a schedule as the file says: none, another, the adapter’s own', async () => {
    const { channels } = await load({
      'hub.yaml': HUB,
      'channels/a.yaml': channel('a', 'poll: false\n'),
      'channels/b.yaml': channel('b', 'poll: { every: 30s }\n'),
      'channels/c.yaml': 'id: c\nlabel: C\nadapter: hanya-jemput\naccount: c\nsettings: {}\n',
    });
    expect(channels.map(({ poll }) => poll)).toEqual([null, { every: 30_000 }, { every: 3_600_000 }]);
  });

  it('runs by hand where its file says so: no settings, no way in, no polling unless it is asked for', async () => {
    const byHand = (id: string, more: string) => `id: ${id}\nlabel: X\nadapter: contoh\naccount: ${id}\n${more}`;
    const { channels, faults } = await load({
      'hub.yaml': HUB,
      'channels/a.yaml': byHand('a', 'mode: assisted\n'),
      'channels/b.yaml': byHand('b', 'mode: assisted\npoll: { every: 5m }\nsettings: { token: "${TOKEN}" }\n'),
      'channels/c.yaml': 'id: c\nlabel: C\nadapter: dicatat\naccount: c\n',
    });
    expect(faults).toEqual([]);
    expect(channels.map(({ mode, poll, publish, settings }) => [mode, poll, publish.receipts, settings])).toEqual([
      ['assisted', null, false, undefined],
      ['assisted', { every: 300_000 }, false, { token: '${TOKEN}', tempo: 5_000 }],
      ['assisted', null, false, {}],
    ]);
  });

  it('has the same hash whatever the order and the comments, and another for another content', async () => {
    const hash = async (text: string) => (await load({ 'hub.yaml': HUB, 'channels/lapor.yaml': text })).hash;
    const lines = channel('lapor').split('\n');
    const turned = [...lines.slice(1, 5), lines[0], '# komentar', ...lines.slice(5)].join('\n');
    expect(await hash(turned)).toBe(await hash(channel('lapor')));
    expect(await hash(channel('lapor', 'settle: 1s\n'))).not.toBe(await hash(channel('lapor')));
  });

  it('is what stands in the project’s own config folder', async () => {
    const { channels, faults } = await loadConfig(new URL('../../config', import.meta.url).pathname, realAdapters);
    expect(faults).toEqual([]);
    expect(channels.map(({ id }) => id)).toEqual(['aspirasi-contoh', 'lapor-contoh']);
  });
});

describe('a broken channel', () => {
  it('breaks only itself, with every fault at once: file, line, path, what is allowed', async () => {
    const bad =
      'id: rusak\nlabel: Rusak\nadapter: contoh\naccount: x\nendpoint: aplikasi\nagncy: dinkes\nsettings:\n  tokn: a\n  tempo: soon\n  mode: bca\n';
    const { channels, broken, faults } = await load({
      'hub.yaml': HUB,
      'channels/lapor.yaml': channel('lapor'),
      'channels/rusak.yaml': bad,
    });
    expect(channels.map(({ id }) => id)).toEqual(['lapor']);
    expect(broken).toEqual([{ id: 'rusak', file: 'channels/rusak.yaml', faults }]);
    expect(faults.map(({ line, path }) => `${line} ${path}`).sort()).toEqual([
      '10 settings.mode',
      '6 agncy',
      '7 settings.token',
      '8 settings.tokn',
      '9 settings.tempo',
    ]);
    expect(faults.map(({ line }) => line)).toEqual([6, 7, 8, 9, 10]);
    const allowed = Object.fromEntries(faults.map(({ path, allowed }) => [path, allowed]));
    expect(allowed.agncy).toMatch(/^agency\? /);
    expect(allowed['settings.tokn']).toMatch(/^token\? /);
    expect(allowed['settings.mode']).toMatch(/^baca\? atau tulis/);
  });

  it('never shows the literal secret that somebody wrote into it', async () => {
    const literal = channel('lapor').replace('${TOKEN}', 'rahasia-asli');
    const loaded = await load({ 'hub.yaml': HUB, 'channels/lapor.yaml': literal });
    expect(loaded.faults.map(describeFault)).toEqual([expect.stringContaining('kanal secret set')]);
    expect(JSON.stringify(loaded)).not.toContain('rahasia-asli');
  });

  it.each([
    ['id: lain\n', channel('x').replace('id: x\n', ''), /:7 id: harus sama dengan nama berkas \(boleh: lapor\)/],
    ['agency: dinks\n', undefined, /:8 agency: tidak ada instansi bernama "dinks" \(boleh: dinkes\? atau dukcapil\)/],
    [
      'agency: dinkes\nunit: pelayanann\n',
      undefined,
      /:9 unit: tidak ada unit di dinkes bernama "pelayanann" \(boleh: pelayanan\?\)/,
    ],
    ['unit: pelayanan\n', undefined, /:8 unit: unit butuh agency/],
    [
      '',
      channel('lapor').replace('endpoint: aplikasi', 'endpoint: aplikas'),
      /:5 endpoint: tidak ada endpoint bernama "aplikas" \(boleh: aplikasi\?\)/,
    ],
    [
      '',
      channel('lapor').replace('adapter: contoh', 'adapter: conto'),
      /:3 adapter: tidak ada adapter bernama "conto" \(boleh: contoh\?/,
    ],
    ['mode: manual\n', undefined, /:8 mode: bukan pilihan.*automatic.*assisted/],
    [
      '',
      'id: lapor\nlabel: X\nadapter: dicatat\naccount: x\nmode: automatic\n',
      /:5 mode: adapter dicatat hanya dapat dijalankan petugas.*\(boleh: assisted\)/,
    ],
    ['', 'id: lapor\nlabel: X\nadapter: isian\naccount: x\nmode: assisted\n', /settings\.surface: belum diisi/],
    ['', 'id: lapor\nlabel: X\nadapter: contoh\naccount: x\nmode: assisted\npoll: { every: 5m }\n', /butuh settings/],
    ['label: dua\n', undefined, /:8 YAML tidak dapat dibaca: Map keys must be unique/],
    ['x: [\n', undefined, /YAML tidak dapat dibaca/],
    ['poll: { every: 10 }\n', undefined, /:8 poll/],
    ['poll: { every: 10menit }\n', undefined, /:8 poll/],
    ['', 'id: lapor\nlabel: L\nadapter: hanya-masuk\naccount: a\nsettings: {}\n', /tidak punya jalan masuk/],
    [
      '',
      'id: lapor\nlabel: L\nadapter: hanya-masuk\naccount: a\nendpoint: aplikasi\nsettings: {}\n',
      /:5 endpoint: endpoint ini untuk adapter contoh/,
    ],
    [
      'poll: { every: 5m }\n',
      'id: lapor\nlabel: L\nadapter: hanya-masuk\naccount: a\nsettings: {}\n',
      /:6 poll: adapter hanya-masuk tidak dapat menjemput/,
    ],
    ['', '', /:1 id: belum diisi/],
    ['', '- a\n', /:1 /],
  ])('%j is told', async (more, base, expected) => {
    expect((await faultsOf(more, base)).join('\n')).toMatch(expected);
  });

  it('is the second of two for one account, and a file with another ending', async () => {
    const { channels, faults } = await load({
      'hub.yaml': HUB,
      'channels/a.yaml': channel('a'),
      'channels/b.yaml': channel('b').replace('akun-b', 'akun-a'),
      'channels/c.yml': channel('c'),
    });
    expect(channels.map(({ id }) => id)).toEqual(['a']);
    expect(faults.map(describeFault)).toEqual([
      expect.stringMatching(/^channels\/b\.yaml:4 account: akun ini sudah menjadi kanal di channels\/a\.yaml/),
      expect.stringMatching(/^channels\/c\.yml:1 nama berkas harus berakhiran \.yaml/),
    ]);
  });
});

describe('a broken hub.yaml stops the start', () => {
  it.each([
    ['', /hub\.yaml:1 site: belum diisi/],
    [
      HUB.replace('contoh', 'contho'),
      /:11 endpoints\.aplikasi\.adapter: tidak ada adapter penerima bernama "contho" \(boleh: contoh\?/,
    ],
    [HUB.replace('"${HOOK_TOKEN}"', 'abc'), /:12 endpoints\.aplikasi\.settings\.token: /],
    [
      `${HUB}policies: { publish: { sendTimeout: 40s, lease: 60s } }\n`,
      /:13 policies\.publish\.sendTimeout: .*setengah dari lease/,
    ],
    [
      `${HUB}policies: { receipt: { text: "Halo {nama}" } }\n`,
      /policies\.receipt\.text: isian yang dikenal hanya \{ticketNo\}/,
    ],
    [HUB.replace('id: dukcapil', 'id: dinkes'), /:7 agencies\.1\.id: id "dinkes" sudah dipakai/],
    [
      HUB.replace('name: Dukcapil', 'name: Dukcapil\n    approval: { by: [kepala] }'),
      /:9 agencies\.1\.approval\.by\.0: .*agency_head/,
    ],
    [
      `${HUB}routing:\n  - when: { words: [a] }\n    then: { agency: dinke }\n`,
      /:15 routing\.0\.then\.agency: tidak ada instansi bernama "dinke" \(boleh: dinkes\?/,
    ],
    [
      `${HUB}routing:\n  - when: { adapter: [conto] }\n    then: { accept: true }\n`,
      /:14 routing\.0\.when\.adapter\.0: tidak ada adapter/,
    ],
    [`${HUB}routing: [ { then: {} } ]\n`, /aturan ini tidak berbuat apa-apa/],
    [
      `${HUB}routing:\n  - when: { words: [a] }\n    then: { dismiss: prais }\n`,
      /:15 routing\.0\.then\.dismiss: .*praise\?/,
    ],
    [`${HUB}routing:\n  - then: { dismiss: spam }\n`, /:14 routing\.0\.then\.dismiss: dismiss tanpa syarat/],
    [
      `${HUB}routing:\n  - when: { rating: [1, 5] }\n    then: { dismiss: praise }\n`,
      /:14 routing\.0\.when\.rating: bintang 1 dan 2 tidak pernah pujian; yang boleh: 3, 4, 5/,
    ],
    [
      `${HUB}routing:\n  - when: { words: [a] }\n    then: { dismiss: spam, sensitive: true }\n`,
      /:15 routing\.0\.then: sensitive dan dismiss/,
    ],
    [
      `${HUB}routing:\n  - when: { only: [emot] }\n    then: { dismiss: praise }\n`,
      /:14 routing\.0\.when\.only\.0: .*emoji/,
    ],
    [
      `${HUB}routing:\n  - when: { repeated: { times: 1 } }\n    then: { dismiss: spam }\n`,
      /:14 routing\.0\.when\.repeated\.times: /,
    ],
    [
      `${HUB}routing:\n  - when: { ownAccount: true }\n    then: { dismiss: own }\n`,
      /:14 routing\.0\.when\.ownAccount: ownAccounts di hub\.yaml masih kosong/,
    ],
    [
      `${HUB}ownAccounts: { conto: ["@a1"] }\n`,
      /:13 ownAccounts\.conto: tidak ada adapter bernama "conto" \(boleh: contoh\?/,
    ],
    [
      `${HUB}routing:\n  - { id: a, then: { accept: true } }\n  - { id: a, then: { accept: true } }\n`,
      /:15 routing\.1\.id: id "a" sudah dipakai/,
    ],
    [HUB.replace('Uji }', 'Uji, timezone: WIB2 }'), /:1 site\.timezone: .*Asia\/Makassar/],
  ])('%#', async (hub, expected) => {
    expect((await hubFaults(hub)).join('\n')).toMatch(expected);
  });

  it('when it is missing; and the faults of the channels are told in the same go', async () => {
    const dir = await folder({ 'channels/lapor.yaml': channel('lapor', 'salah: 1\n') });
    const error = await loadConfig(dir, adapters).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as ConfigError).message).toMatch(
      /hub\.yaml:1 berkas tidak dapat dibaca \(ENOENT\)[\s\S]*channels\/lapor\.yaml:8 salah/,
    );
  });
});
