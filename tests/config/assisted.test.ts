import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { adapters } from '../../adapters/index.ts';
import { describeFault, loadConfig } from '../../src/config/load.ts';
import { readChat } from '../../src/core/imports/chat.ts';
import { beginTable, type ReadTable, readSome } from '../../src/core/imports/table.ts';
import { readTable } from '../../src/platform/tables/read.ts';
import { folder } from './folder.ts';

const FILES = new URL('../../config/assisted/', import.meta.url);
const project = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const names = readdirSync(FILES).filter((name) => name.endsWith('.yaml'));
const loaded = async (files: Record<string, string>) =>
  loadConfig(await folder({ 'hub.yaml': project('config/hub.yaml'), ...files }), adapters);
const NOW = new Date('2026-11-24T00:00:00Z');
const rules = { timezone: 'Asia/Jakarta', now: NOW };

it('the delivered files run as they are, and the guide names each', async () => {
  const files = names.map((name) => [`channels/${name}`, readFileSync(new URL(name, FILES), 'utf8')]);
  const { channels, faults } = await loaded(Object.fromEntries(files));
  expect(faults).toEqual([]);
  expect(channels.map(({ id, mode }) => `${id} ${mode}`).sort()).toEqual([
    'dinding assisted',
    'laporgub assisted',
    'whatsapp-hp assisted',
  ]);
  for (const name of names) expect(project('docs/kanal-assisted.md')).toContain(`\`${name}\``);
});

it('the example of a table is read whole with the file of its channel', async () => {
  const { channels } = await loaded({ 'channels/laporgub.yaml': project('config/assisted/laporgub.yaml') });
  const { rows } = await readTable(readFileSync(new URL('contoh/rekap-laporgub.csv', FILES)));
  const mapping = channels[0]?.import ?? {};
  const read = beginTable(rows, mapping) as ReadTable;
  readSome(read, rows.slice(read.columns.from), { ...rules, mapping, surface: 'report' });
  expect(read).toMatchObject({
    ...{ faults: [], columns: { unused: ['No'] } },
    good: [
      { id: 'LGWP00012345', status: { state: 'received' } },
      { id: 'LGWP00012346', status: { state: 'in_progress' }, item: { anonymous: true } },
    ],
  });
});

it('so is the example of a chat', () => {
  const chat = readChat(project('config/assisted/contoh/WhatsApp Chat dengan Siti Aminah.txt'), rules);
  expect(chat).toMatchObject({ participants: ['Siti Aminah', 'Dinas Kominfo'], skipped: 1, messages: { length: 3 } });
});

it('the mapping that the guide shows is right, and a wrong one is named with its line and what is allowed', async () => {
  const shown = /```yaml\n(import:[\s\S]*?)```/.exec(project('docs/kanal-assisted.md'))?.[1] ?? '';
  const base = 'id: x\nlabel: X\nadapter: manual\naccount: x\nsettings: { surface: report }\n';
  const faultsOf = async (more: string) =>
    (await loaded({ 'channels/x.yaml': `${base}${more}` })).faults.map(describeFault);
  expect(shown).toContain('Nomor Register');
  expect(await faultsOf(shown)).toEqual([]);
  const [column, date, status] = await faultsOf(
    'import:\n  columns: { txt: Isi }\n  dates: [besok]\n  statuses: { Rampung: selesai }\n',
  );
  expect(column).toMatch(/x\.yaml:7.*import\.columns\.txt.*text/s);
  expect(date).toMatch(/x\.yaml:8.*DD-MM-YYYY HH:mm/s);
  expect(status).toMatch(/x\.yaml:9.*closed/s);
});
