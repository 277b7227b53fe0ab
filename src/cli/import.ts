import type { Command } from 'commander';
import { FIELD_NAMES } from '../core/imports/fields.ts';
import type { TableResult } from '../flows/desk/imports/table.ts';
import type { Commands } from './commands.ts';
import type { Io } from './io.ts';

export function addImport(channel: Command, commands: Commands, io: Io): void {
  channel
    .command('import')
    .description('memasukkan aduan dari berkas CSV atau Excel; baris yang sudah ada tidak masuk lagi')
    .argument('<id>')
    .argument('<berkas>')
    .option('--dry', 'hanya menunjukkan jadinya tiap baris; tidak menyimpan apa pun', false)
    .action(async (id: string, file: string, { dry }: { dry: boolean }) => {
      const result = await commands.importFile(id, file, { dry });
      io.out(describeImport(result, dry));
      if (result.mend && !dry)
        io.out(
          `Baris yang salah ditulis ke ${await commands.writeMend(file, result.mend)}; perbaiki, lalu impor berkas itu.\n`,
        );
    });
}

const SHOWN = 50;

/** What was read from where, what came of it, and which rows are faulty. */
export function describeImport({ columns, unused, sheet, counts, faults }: TableResult, dry: boolean): string {
  const lines = [
    ...(sheet ? [`Lembar: ${sheet}`] : []),
    ...columns.map(({ field, header }) => `  ${FIELD_NAMES[field].padEnd(16)} dari kolom "${header}"`),
    ...(unused.length > 0 ? [`  tidak dipakai    ${unused.map((one) => `"${one}"`).join(', ')}`] : []),
    '',
    `${counts.rows} baris: ${sums(counts).join(', ') || 'tidak ada yang baru'}.`,
    ...faults
      .slice(0, SHOWN)
      .map(({ row, column, reason }) => `  baris ${row}${column ? `, kolom "${column}"` : ''}: ${reason}`),
    ...(faults.length > SHOWN ? [`  ... dan ${faults.length - SHOWN} kesalahan lagi`] : []),
    ...(dry ? ['Baru percobaan: tidak ada yang disimpan. Jalankan tanpa --dry untuk memasukkannya.'] : []),
  ];
  return `${lines.join('\n')}\n`;
}

function sums(counts: TableResult['counts']): string[] {
  const { changed, known, waiting, failed, statuses, repeated, faulty } = counts;
  const words: [number, string][] = [
    [counts.new, 'baru'],
    [changed, 'berubah isinya'],
    [statuses, 'kabar status baru'],
    [known, 'sudah ada'],
    [repeated, 'sama dengan baris di atasnya'],
    [waiting, 'menunggu aduan lain'],
    [failed, 'gagal disimpan'],
    [faulty, 'salah'],
  ];
  return words.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
}
