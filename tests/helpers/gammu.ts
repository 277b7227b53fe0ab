import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Modem {
  /** The folders, as `settings` of a channel name them. */
  folders: { inbox: string; outbox: string; sent: string; error: string };
  /** An SMS reaches the phone; several texts are the parts of a long one. */
  reach(from: string, ...parts: readonly string[]): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Ends it and takes its folders away. */
  remove(): Promise<void>;
}

/** A real gammu-smsd on the driver `dummy`: a phone that is a folder. It is not started yet. */
export async function makeModem(): Promise<Modem> {
  const root = await mkdtemp(join(tmpdir(), 'kanal-gammu-'));
  const folder = (name: string) => join(root, name);
  const folders = { inbox: folder('inbox'), outbox: folder('outbox'), sent: folder('sent'), error: folder('error') };
  const memories = ['1', '2', '3', '4', '5'].map((n) => join(root, 'phone', 'sms', n));
  for (const path of [...Object.values(folders), ...memories]) await mkdir(path, { recursive: true });
  await writeFile(folder('smsdrc'), configuration(root, folders));
  let count = 0;
  let ended = Promise.resolve();
  let end = () => {};
  const stop = () => {
    end();
    return ended;
  };
  return {
    folders,
    async reach(from, ...parts) {
      for (const [n, text] of parts.entries()) {
        const place = join(root, 'phone', 'sms', '1', String(++count));
        await writeFile(folder('draft'), backup(from, text, parts.length > 1 ? [n + 1, parts.length] : null));
        await rename(folder('draft'), place);
      }
    },
    async start() {
      const child = spawn('gammu-smsd', ['-c', folder('smsdrc')], { stdio: 'ignore' });
      ended = new Promise((done) => child.once('exit', () => done()));
      end = () => void child.kill('SIGTERM');
    },
    stop,
    async remove() {
      await stop();
      await rm(root, { recursive: true, force: true });
    },
  };
}

const configuration = (root: string, { inbox, outbox, sent, error }: Modem['folders']): string =>
  [
    ...[
      '[gammu]',
      'model = dummy',
      'connection = none',
      `device = ${join(root, 'phone')}`,
      '[smsd]',
      'service = files',
    ],
    ...[`inboxpath = ${inbox}/`, `outboxpath = ${outbox}/`, `sentsmspath = ${sent}/`, `errorsmspath = ${error}/`],
    ...['inboxformat = unicode', 'transmitformat = auto', `logfile = ${join(root, 'log')}`, 'debuglevel = 255'],
    ...['commtimeout = 1', 'receivefrequency = 1', 'loopsleep = 1', 'statusfrequency = 0', 'multiparttimeout = 20'],
    ...['checksecurity = 0', 'checkbattery = 0', 'checksignal = 0', 'checknetwork = 0', ''],
  ].join('\n');

/** One SMS in the memory of the phone (gammu-smsbackup(5)). */
function backup(from: string, text: string, part: [number, number] | null): string {
  const hex = (words: string) => Buffer.from(words, 'utf16le').swap16().toString('hex').toUpperCase();
  const byte = (value: number) => value.toString(16).padStart(2, '0').toUpperCase();
  const pieces = text.match(/[\s\S]{1,50}/g) ?? [''];
  return [
    ...['[SMSBackup000]', 'PDU = Deliver', 'DateTime = 20261124T081500', 'State = UnRead', `Number = "${from}"`],
    ...(part ? [`UDH = 050003A1${byte(part[1])}${byte(part[0])}`] : []),
    ...pieces.map((piece, n) => `Text${String(n).padStart(2, '0')} = ${hex(piece)}`),
    ...['Coding = Unicode_No_Compression', 'Folder = 1', `Length = ${text.length}`, 'Class = -1', ''],
  ].join('\n');
}
