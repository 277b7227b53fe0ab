import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import httpJson from '../../adapters/http-json/index.ts';
import { adapters } from '../../adapters/index.ts';
import { tryChannel } from '../../src/cli/try.ts';
import { loadConfig } from '../../src/config/load.ts';
import { folder } from '../config/folder.ts';
import { eventually } from '../helpers/eventually.ts';
import { testHub, webhookChannel } from '../helpers/hub.ts';
import { pollSurely } from '../helpers/poll.ts';

/** What the guide tells people to write and to save: the guide itself is tried. */
const guide = await readFile(new URL('../../docs/portal-baru.md', import.meta.url), 'utf8');
const blocks = (language: string) =>
  [...guide.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, text]) => text ?? '');
const [YAML = ''] = blocks('yaml');
const [LIST = '', DETAIL = ''] = blocks('json');
const HUB = 'site: { name: Kabupaten Uji }\nagencies: [{ id: diskominfo, name: Dinas Kominfo }]\n';
const now = () => new Date('2026-11-24T05:00:00Z');

async function tried(yaml: string, samples = [LIST, DETAIL]) {
  const dir = await folder({ 'hub.yaml': HUB, 'channels/sambung-warga.yaml': yaml });
  const config = await loadConfig(dir, adapters);
  let text = '';
  const out = (more: string) => {
    text += more;
  };
  const files = samples.map((sample, n) => ({ name: `contoh-${n}.json`, bytes: Buffer.from(sample) }));
  const sound = await tryChannel({ config, adapters, out, now }, 'sambung-warga', files);
  return { sound, text };
}

async function faultsOf(yaml: string) {
  const dir = await folder({ 'hub.yaml': HUB, 'channels/sambung-warga.yaml': yaml });
  return (await loadConfig(dir, adapters)).faults;
}

it('shows what sample answers become, from the one file of the guide alone', async () => {
  const { sound, text } = await tried(YAML);
  expect(sound, text).toBe(true);
  for (const words of [
    'Jembatan di Kebulusan retak.',
    'waktu            24 Nov 2026, 09.15.00 WIB',
    'pelapor          Rina Wulandari',
    'lokasi           Desa Kebulusan (-7.6712, 109.6521)',
    'anonim           tidak',
    'kata portal      P2 (Sedang ditangani)',
    'bagi kita        Diproses',
    'tulisan lanjutan pelapor',
    'jawaban kita sendiri',
    'lampiran         jembatan.jpg',
    'tidak ada        surel, klasifikasi',
    '"at":"/api/daftar?hal=2"',
  ])
    expect(text).toContain(words);
});

it('says what is missing, what nobody knows, and which answer is still to be saved', async () => {
  const strange = YAML.replace('P2: in_progress, ', '').replace(
    'at: { from: masuk, format:',
    'at: { from: masuk, format: iso } #',
  );
  const { sound, text } = await tried(strange);
  expect(sound).toBe(false);
  expect(text).toContain('TIDAK DIKENAL: disimpan apa adanya, petugas dikabari');
  expect(text).toContain('map.at: waktunya tidak cocok dengan satu pun pola (iso)');
  const alone = await tried(YAML, [LIST]);
  expect(alone.text).toContain('belum ada contoh jawaban untuk GET /api/laporan/SW%2F2026%2F0007');
  await expect(tried(YAML.replace('perihal', '"$join([perihal"'))).rejects.toThrow('kanal sambung-warga salah setelan');
});

it('explains a wrong mapping with file, line, column and a sample', async () => {
  const line = (text: string, yaml = YAML) => yaml.split('\n').findIndex((one) => one.includes(text)) + 1;
  const [expression] = await faultsOf(YAML.replace('"\'Desa \' & tempat.desa"', '"\'Desa \' & & tempat.desa"'));
  const row = line('location:');
  const column = YAML.split('\n')[row - 1]!.indexOf("'Desa '") + "'Desa ' & ".length + 1;
  expect(expression).toMatchObject({ file: 'channels/sambung-warga.yaml', line: row, column });
  expect(expression?.message).toMatch(/ekspresi JSONata tidak dapat dibaca.*contoh: judul, pelapor\.nama/);
  const [name] = await faultsOf(YAML.replace('title: perihal', 'titel: perihal'));
  expect(name).toMatchObject({
    line: line('title: perihal'),
    path: 'settings.map.titel',
    allowed: expect.stringContaining('title?'),
  });
  const [date] = await faultsOf(
    YAML.replace('format: "dd MMMM yyyy \'pukul\' HH.mm z"\n    order', 'format: tanggal biasa\n    order'),
  );
  expect(date).toMatchObject({ line: line('format: "dd'), column: expect.any(Number) });
  expect(date?.message).toContain('"d-m-Y H:i:s" (24-11-2026 08:15:00)');
  const [place] = await faultsOf(YAML.replace('{{text}}', '{{teks}}'));
  expect(place?.message).toContain('{{teks}} tidak diisi di sini');
  const [word] = await faultsOf(YAML.replace('warga: citizen', 'warga: warga'));
  expect(word?.message).toContain('yang boleh: ours, citizen, ignore');
});

/** The portal of the guide, with three pages of reports. */
async function sambungWarga(count: number) {
  const detail = JSON.parse(DETAIL) as { laporan: Record<string, unknown> };
  const jawaban: unknown[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://portal');
    const page = Number(url.searchParams.get('hal') ?? 1);
    const row = (n: number) => ({
      no: `SW/2026/${n}`,
      posisi: { kode: 'P0', teks: 'Baru' },
      berubah: '24 November 2026 pukul 11.05 WIB',
    });
    const rows = Array.from({ length: count }, (_, n) => row(n)).slice((page - 1) * 4, page * 4);
    const no = decodeURIComponent(url.pathname.split('/')[3] ?? '');
    const berikut = page * 4 < count ? `/api/daftar?hal=${page + 1}` : null;
    const body =
      request.method === 'POST'
        ? { urut: jawaban.push(url.pathname) }
        : no
          ? { laporan: { ...detail.laporan, no, perihal: `Jembatan ${no}`, gambar: [] } }
          : { payload: { rows, halaman: { berikut } } };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((done) => server.close(done)),
  };
}

it('reads that portal to its last page', async () => {
  const portal = await sambungWarga(10);
  const file = parse(YAML) as { settings: Record<string, unknown> };
  const settings = httpJson.settings.parse({ ...file.settings, baseUrl: portal.url });
  const channel = webhookChannel({
    id: 'sambung-warga',
    label: 'Sambung Warga',
    adapter: 'http-json',
    account: 'sambung-warga',
    settings,
  });
  const hub = await testHub({ channels: [channel], secrets: { SAMBUNG_TOKEN: 'token-sambung' } });
  try {
    await hub.work();
    await pollSurely(hub.deps, 'sambung-warga');
    await eventually(async () => {
      const rows = await hub.deps.db.selectFrom('complaint').select(['title', 'state']).execute();
      expect(rows.map((row) => row.title).sort()).toEqual(
        Array.from({ length: 10 }, (_, n) => `Jembatan SW/2026/${n}`),
      );
      expect(rows.every((row) => row.state === 'in_progress')).toBe(true);
    });
  } finally {
    await hub.close();
    await portal.close();
  }
});
