import type { Command } from 'commander';
import { FIELD_NAMES } from '../core/imports/fields.ts';
import type { ChatResult } from '../flows/desk/imports/chat.ts';
import type { TableResult } from '../flows/desk/imports/table.ts';
import type { Commands } from './commands.ts';
import type { Io } from './io.ts';

interface Options {
  dry: boolean;
  ours?: string;
  contact?: string;
  group: boolean;
}

export function addImport(channel: Command, commands: Commands, io: Io): void {
  channel
    .command('import')
    .description(
      'memasukkan aduan dari berkas CSV atau Excel, atau dari ekspor obrolan WhatsApp; yang sudah ada tidak masuk lagi',
    )
    .argument('<id>')
    .argument('<berkas>')
    .option('--dry', 'hanya menunjukkan jadinya; tidak menyimpan apa pun', false)
    .option('--ours <nama>', 'ini ekspor WhatsApp, dan nama kantor di dalamnya')
    .option('--contact <nomor>', 'nomor warga di obrolan itu')
    .option('--group', 'ini obrolan grup: tiap orang satu aduan', false)
    .action(async (id: string, file: string, options: Options) => {
      if (options.ours !== undefined) return importChat(commands, io, { id, file, ...options, ours: options.ours });
      if (options.contact !== undefined || options.group)
        throw new Error('--contact dan --group hanya untuk ekspor WhatsApp; tulis juga --ours');
      return importTable(commands, io, { id, file, dry: options.dry });
    });
}

interface Order {
  id: string;
  file: string;
  dry: boolean;
}

async function importTable(commands: Commands, io: Io, { id, file, dry }: Order): Promise<void> {
  const result = await commands.importFile(id, file, { dry });
  io.out(describeImport(result, dry));
  if (!result.mend || dry) return;
  const name = await commands.writeMend(file, result.mend);
  io.out(`Baris yang salah ditulis ke ${name}; perbaiki, lalu impor berkas itu.\n`);
}

async function importChat(commands: Commands, io: Io, order: Order & Options & { ours: string }): Promise<void> {
  const { id, file, ours, contact, group, dry } = order;
  const result = await commands.importChat(id, file, { ours, group, dry, ...(contact !== undefined && { contact }) });
  io.out(describeChat(result, dry));
}

const SHOWN = 50;
const DRY = 'Baru percobaan: tidak ada yang disimpan. Jalankan tanpa --dry untuk memasukkannya.';

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
    ...(dry ? [DRY] : []),
  ];
  return `${lines.join('\n')}\n`;
}

/** What came of an exported chat. */
export function describeChat({ participants, counts, toConfirm }: ChatResult, dry: boolean): string {
  const words: [number, string][] = [
    [counts.new, 'pesan warga baru'],
    [counts.ours, 'jawaban kantor di luar hub'],
    [counts.echoes, 'jawaban hub yang sudah ditempel di sana'],
    [counts.known, 'sudah ada'],
    [counts.skipped, 'baris WhatsApp atau pesan terhapus'],
    [counts.waiting, 'menunggu jawaban lain selesai'],
    [counts.failed, 'gagal disimpan'],
    [counts.files, 'berkas dilampirkan'],
    [counts.filesMissing, 'berkas tidak ikut diekspor atau terlalu besar'],
  ];
  const told = words.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  const confirm = toConfirm.map(({ publicationId, at }) => `  ${publicationId}, ditempel ${at.toISOString()}`);
  return `${[
    `Peserta: ${participants.join(', ')}`,
    `${counts.messages} pesan: ${told.join(', ') || 'tidak ada yang baru'}.`,
    ...(confirm.length > 0 ? ['Jawaban ini menunggu konfirmasi, dan ada dalam obrolan:', ...confirm] : []),
    ...(dry ? [DRY] : []),
  ].join('\n')}\n`;
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
