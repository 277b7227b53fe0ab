import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { adapters } from '../../adapters/index.ts';
import { type ConfigError, describeFault, loadConfig } from '../../src/config/load.ts';
import { folder } from './folder.ts';

const HUB = 'site: { name: Kabupaten Uji }\nagencies:\n  - { id: dinkes, name: Dinas Kesehatan }\n';
const TELLS = `${HUB}policies: { receipt: { text: "Nomor {ticketNo}, kode {code}" } }\n`;
const door = (id: string, more = '') => `id: ${id}
label: Formulir
adapter: website
account: ${id}
${more}settings:
  address: https://aduan.contohkab.go.id
  privacy:
    controller: Pemerintah Kabupaten Uji
    officer: { email: pdp@contohkab.go.id }
`;

async function faults(files: Record<string, string>): Promise<string[]> {
  const dir = await folder(files);
  const loaded = await loadConfig(dir, adapters).catch((error: unknown) => error as ConfigError);
  return loaded.faults.map(describeFault);
}

describe('the citizen’s own door in the configuration', () => {
  it('needs neither endpoint nor poll', async () => {
    expect(await faults({ 'hub.yaml': TELLS, 'channels/warga.yaml': door('warga') })).toEqual([]);
  });

  it('is ready to copy in config/warga', async () => {
    const file = await readFile(new URL('../../config/warga/formulir-warga.yaml', import.meta.url), 'utf8');
    const hub = HUB.replace('dinkes', 'diskominfo');
    expect(await faults({ 'hub.yaml': hub, 'channels/formulir-warga.yaml': file })).toEqual([]);
  });

  it('is one: the second channel is refused, unless it is switched off', async () => {
    const both = { 'hub.yaml': HUB, 'channels/a.yaml': door('a'), 'channels/b.yaml': door('b') };
    expect(await faults(both)).toEqual([
      expect.stringMatching(/channels\/b\.yaml.*formulir warga sudah ada di channels\/a\.yaml/s),
    ]);
    expect(await faults({ ...both, 'channels/b.yaml': door('b', 'enabled: false\n') })).toEqual([]);
  });

  it('must be there when receipts speak of it', async () => {
    expect(await faults({ 'hub.yaml': TELLS })).toEqual([
      expect.stringMatching(/hub\.yaml.*policies\.receipt\.text.*butuh kanal formulir warga/s),
    ]);
  });

  it('names who answers for the data', async () => {
    const nobody = door('warga').replace(/ {4}officer.*\n/, '');
    expect(await faults({ 'hub.yaml': HUB, 'channels/warga.yaml': nobody })).toEqual([
      expect.stringMatching(/channels\/warga\.yaml.*settings\.privacy\.officer/s),
    ]);
  });
});
