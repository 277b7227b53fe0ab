import type { Command } from 'commander';
import { parseDuration } from '#contract';
import type { Commands, Connected } from './commands.ts';
import { cureOf } from './cure.ts';
import type { Io } from './io.ts';

/** The registered address of an app must not change from one try to the next, so the port has a fixed place. */
const PORT = '8765';

interface Options {
  paste: boolean;
  redirect?: string;
  port: string;
  timeout: string;
}

export function addConnect(channel: Command, commands: Commands, io: Io): void {
  channel
    .command('connect')
    .description('menghubungkan akun lewat layar persetujuan platformnya; kursor dan riwayat tetap')
    .argument('<id>')
    .option('--paste', 'menempelkan alamat sesudah menyetujui; untuk server tanpa peramban', false)
    .option('--redirect <alamat>', 'alamat kembali yang terdaftar di aplikasi')
    .option('--port <nomor>', 'port di komputer ini untuk menunggu peramban', PORT)
    .option('--timeout <lama>', 'berapa lama menunggu', '10m')
    .action(async (id: string, { port, timeout, ...options }: Options) => {
      const order = { ...options, port: Number(port), timeout: parseDuration(timeout) };
      report(io, await commands.connectChannel(id, order, { say: io.out, ask: io.ask }));
      await tryIt(id, commands, io);
    });
}

const DATE = new Intl.DateTimeFormat('id-ID', { dateStyle: 'long', timeZone: 'Asia/Jakarta' });

function report(io: Io, { account, scopes, missing, expiresAt }: Connected): void {
  io.out(`Terhubung${account ? ` sebagai ${account}` : ''}. Token tersimpan terenkripsi.\n`);
  io.out(`Izin: ${scopes.join(', ') || 'tidak disebutkan platform'}.\n`);
  for (const { name, without } of missing)
    io.out(`Izin ${name} BELUM diberikan: ${without}. Hubungkan lagi dan setujui izin itu.\n`);
  io.out(
    expiresAt
      ? `Perlu dihubungkan lagi paling lambat ${DATE.format(expiresAt)}.\n`
      : 'Tidak ada batas waktu yang disebutkan platform.\n',
  );
}

/** Asks the platform, and says each thing that is wrong with its cure. */
export async function tryIt(id: string, commands: Commands, io: Io): Promise<void> {
  try {
    const found = await commands.probeChannel(id);
    if (!found) return io.out('Kanal jenis ini tidak dapat diperiksa dari sini.\n');
    if (found.warnings.length === 0) return io.out(`Diperiksa: baik. ${found.detail}\n`);
    io.out('Diperiksa: berjalan, dengan catatan:\n');
    for (const warning of found.warnings) io.out(`  - ${warning}\n`);
  } catch (error) {
    io.err(`Diperiksa: GAGAL. ${error instanceof Error ? error.message : String(error)}\n`);
    const cure = cureOf(error);
    if (cure) io.err(`Yang dilakukan: ${cure}\n`);
  }
}
