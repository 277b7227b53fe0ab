import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { NOTICES, type NoticeKind } from '#contract';
import { parsePhone } from '../core/leaks/phones.ts';
import { addAdding } from './add.ts';
import type { Commands } from './commands.ts';
import { addConnect } from './connect.ts';
import { parseGrant } from './grant.ts';
import { type Io, terminal } from './io.ts';
import { addRules } from './rules.ts';

export type { Audit, ChannelLine, Commands, NewKey, NewUser, Replayed } from './commands.ts';

/** The command did its work and found something wrong; what it is has been printed. */
class Found extends Error {}

/** The command line of `kanal`, over what the composition root brings. Nothing runs before it is parsed. */
export function buildProgram(commands: Commands, io: Io = terminal): Command {
  const program = new Command('kanal')
    .description('Kanal Aduan: satu meja untuk semua aduan warga')
    .exitOverride()
    .configureOutput({ writeOut: io.out, writeErr: io.err });
  addProcesses(program, commands, io);
  addCheck(program, commands, io);
  addPeople(program, commands, io);
  addChannel(program, commands, io);
  addRules(program, commands, io);
  return program;
}

/** Runs it and gives back the exit code. What went wrong is printed in one line, without a stack. */
export async function runProgram(program: Command, argv: readonly string[], io: Io = terminal): Promise<number> {
  try {
    await program.parseAsync(argv);
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode; // already printed
    if (!(error instanceof Found)) io.err(`kanal: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

function addProcesses(program: Command, commands: Commands, io: Io): void {
  program
    .command('serve')
    .description('menjalankan semuanya dalam satu proses')
    .action(() => commands.serve());
  program
    .command('api')
    .description('menjalankan API saja')
    .action(() => commands.api());
  program
    .command('worker')
    .description('menjalankan pekerja saja')
    .action(() => commands.worker());
  program
    .command('demo')
    .description('mencoba semuanya dengan data rekaan; berhenti dengan Ctrl-C')
    .action(() => commands.demo());
  program
    .command('migrate')
    .description('menyiapkan atau memperbarui basis data')
    .action(async () => {
      const applied = await commands.migrate();
      io.out(applied.length ? `Diterapkan: ${applied.join(', ')}\n` : 'Basis data sudah mutakhir.\n');
    });
}

function addCheck(program: Command, commands: Commands, io: Io): void {
  program
    .command('check')
    .description('memeriksa konfigurasi dan menyebut semua kesalahannya')
    .option('--live', 'menghubungi tiap platform dengan kredensialnya', false)
    .option('--diff', 'menunjukkan apa yang berubah terhadap yang berjalan', false)
    .action(async (options: { live: boolean; diff: boolean }) => {
      if (!(await commands.check(options))) throw new Found();
    });
  program
    .command('schema')
    .description('menulis JSON Schema untuk berkas konfigurasi dan format data')
    .argument('[folder]', 'folder tujuan', 'docs/schema')
    .action(async (folder: string) => io.out(`${(await commands.writeSchemas(folder)).join('\n')}\n`));
  const audit = program.command('audit').description('jejak audit');
  audit
    .command('verify')
    .description('memeriksa bahwa jejak audit utuh')
    .action(async () => {
      const { events, breaks } = await commands.verifyAudit();
      for (const line of breaks) io.err(`${line}\n`);
      if (breaks.length) throw new Found();
      io.out(`Utuh: ${events} peristiwa.\n`);
    });
}

function addPeople(program: Command, commands: Commands, io: Io): void {
  const secret = program.command('secret').description('rahasia kanal');
  secret
    .command('set')
    .description('menyimpan rahasia terenkripsi; nilainya dari stdin atau diketik, tidak pernah di baris perintah')
    .argument('<NAMA>', 'seperti dalam berkas konfigurasi, misalnya LAPOR_TOKEN')
    .action(async (name: string) => {
      checkSecretName(name);
      const value = await io.readHidden(`Nilai ${name} (tidak ditampilkan): `);
      if (!value) throw new Error(`nilai ${name} kosong; tidak ada yang disimpan`);
      await commands.setSecret(name, value);
      io.out(`${name} tersimpan.\n`);
    });
  const user = program.command('user').description('pengguna');
  user
    .command('add')
    .description('menambah pengguna')
    .argument('<login>')
    .requiredOption('--name <nama>', 'nama orangnya')
    .requiredOption('--role <peran...>', 'PERAN, PERAN@instansi atau PERAN@instansi/unit; boleh beberapa')
    .action(async (login: string, { name, role }: { name: string; role: string[] }) => {
      await commands.addUser({ login, name, grants: role.map(parseGrant) });
      io.out(`Pengguna ${login} ditambahkan.\n`);
    });
  user
    .command('notify')
    .description('mengabari pengguna lewat WhatsApp: aduan baru, jawaban menunggu, tenggat dekat')
    .argument('<login>')
    .option('--phone <nomor>', 'nomor WhatsApp orangnya, misalnya 0812-3456-7890', phoneOf)
    .option('--on <kabar...>', `boleh beberapa: ${NOTICES.join(', ')}`, kindsOf, [...NOTICES])
    .option('--off', 'berhenti mengabari', false)
    .action(async (login: string, { phone, on, off }: { phone?: string; on: NoticeKind[]; off: boolean }) => {
      if (!off && !phone) throw new Error('tulis --phone, atau --off untuk berhenti mengabari');
      await commands.setNotices(login, off ? { phone: null, kinds: [] } : { phone: phone ?? null, kinds: on });
      io.out(off ? `${login} tidak dikabari lagi.\n` : `${login} dikabari: ${on.join(', ')}.\n`);
    });
  const key = program.command('key').description('kunci API');
  key
    .command('add')
    .description('membuat kunci API untuk seorang pengguna; kuncinya hanya ditampilkan sekali')
    .argument('<login>')
    .option('--label <label>', 'untuk apa kunci ini', 'kanal key add')
    .option('--agency <instansi>', 'hanya untuk instansi ini')
    .option('--unit <unit>', 'hanya untuk unit ini')
    .action(async (login: string, { label, agency, unit }: { label: string; agency?: string; unit?: string }) => {
      if (unit && !agency) throw new Error('--unit butuh --agency');
      io.out(`${await commands.addKey({ login, label, agency: agency ?? null, unit: unit ?? null })}\n`);
    });
}

function addChannel(program: Command, commands: Commands, io: Io): void {
  const channel = program.command('channel').description('kanal');
  channel
    .command('list')
    .description('semua kanal dan keadaannya')
    .action(async () => {
      for (const { id, adapter, health, label, detail } of await commands.listChannels())
        io.out(`${id.padEnd(24)} ${adapter.padEnd(12)} ${health.padEnd(20)} ${label}${detail ? ` (${detail})` : ''}\n`);
    });
  addAdding(channel, commands, io);
  addConnect(channel, commands, io);
  channel
    .command('try')
    .description('menunjukkan jadinya contoh jawaban portal; tanpa jaringan, tanpa menyimpan apa pun')
    .argument('<id>')
    .requiredOption('--sample <berkas...>', 'jawaban yang disimpan: daftar laporan, lalu rincian satu laporan')
    .action(async (id: string, { sample }: { sample: string[] }) => {
      if (!(await commands.tryChannel(id, sample))) throw new Found();
    });
  const acts = [
    ['poll', 'menjemput sekarang juga', commands.pollChannel, 'akan dijemput'],
    ['pause', 'menjeda: tidak ada yang dijemput atau dikirim', commands.pauseChannel, 'dijeda'],
    ['resume', 'melanjutkan kanal yang dijeda', commands.resumeChannel, 'berjalan lagi'],
  ] as const;
  for (const [name, description, act, done] of acts)
    channel
      .command(name)
      .description(description)
      .argument('<id>')
      .action(async (id: string) => {
        await act.call(commands, id);
        io.out(`${id} ${done}.\n`);
      });
  channel
    .command('replay')
    .description('membaca ulang apa yang masuk dalam suatu waktu')
    .argument('<id>')
    .requiredOption('--from <waktu>', 'misalnya 2026-11-24T08:00+07:00', timeOf)
    .option('--to <waktu>', 'sampai kapan; tanpa ini: sampai sekarang', timeOf)
    .action(async (id: string, { from, to = new Date() }: { from: Date; to?: Date }) => {
      const { deliveries, items } = await commands.replayChannel(id, { from, to });
      io.out(`Dibaca ulang: ${deliveries} kiriman, ${items} butir.\n`);
    });
}

/** The text is not repeated: somebody may have typed the value where the name belongs. */
function checkSecretName(text: string): void {
  if (!/^[A-Z][A-Z0-9_]{0,63}$/.test(text))
    throw new Error('nama rahasia memakai huruf besar, angka dan garis bawah, misalnya LAPOR_TOKEN');
}

function timeOf(text: string): Date {
  const at = new Date(text);
  if (!Number.isNaN(at.getTime()) && /(Z|[+-]\d\d:?\d\d)$/.test(text)) return at;
  throw new InvalidArgumentError('tulis tanggal, jam, dan selisih waktunya, misalnya 2026-11-24T08:00+07:00');
}

/** E.164. */
function phoneOf(text: string): string {
  const phone = parsePhone(text);
  if (phone) return phone.number;
  throw new InvalidArgumentError('bukan nomor telepon; tulis seperti 0812-3456-7890');
}

/** Commander brings one after the other; the default goes with the first. */
function kindsOf(text: string, before: NoticeKind[]): NoticeKind[] {
  const kind = NOTICES.find((one) => one === text);
  if (!kind) throw new InvalidArgumentError(`yang dikenal: ${NOTICES.join(', ')}`);
  return before.length === NOTICES.length ? [kind] : [...new Set([...before, kind])];
}
