import { type ChildProcess, spawn } from 'node:child_process';
import { chown, mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './ports.ts';
import { withSbin } from './programs.ts';

export interface Dovecot {
  host: string;
  port: number;
  user: string;
  password: string;
  /** Puts a mail into a folder as a delivery agent does. */
  deliver(raw: Uint8Array, about?: { folder?: 'INBOX' | 'Junk'; at?: Date }): Promise<void>;
  /** Takes the folder's list of UIDs away: the same mails get new ones under a new UIDVALIDITY. */
  rebuild(): Promise<void>;
  stop(): Promise<void>;
}

/** A real Dovecot 2.3 of its own on a free port of the loopback interface, with one mailbox as Maildir. */
export async function startDovecot({ password = 'dovecot-uji' } = {}): Promise<Dovecot> {
  // Its sockets lie here, and their paths may not be long.
  const dir = await mkdtemp(join(tmpdir(), 'kd-'));
  const port = await freePort();
  const user = 'aduan@kabupaten.example';
  const maildir = join(dir, 'mail');
  const conf = join(dir, 'dovecot.conf');
  const owner = mailOwner();
  for (const folder of ['', '.Junk', '.Sent'])
    for (const part of ['', 'cur', 'new', 'tmp']) await ownFolder(join(maildir, folder, part), owner);
  await chown(dir, owner.uid, owner.gid);
  await writeFile(conf, configuration({ dir, port, password, maildir, owner }));
  let child = await run(conf, port);
  let count = 0;
  return {
    ...{ host: '127.0.0.1', port, user, password },
    async deliver(raw, { folder = 'INBOX', at = new Date() } = {}) {
      const name = `${Math.floor(at.getTime() / 1_000)}.${String(++count).padStart(6, '0')}.uji`;
      const path = join(maildir, folder === 'INBOX' ? '' : `.${folder}`, 'new', name);
      await writeFile(path, raw);
      await utimes(path, at, at);
    },
    async rebuild() {
      await end(child);
      for (const name of [
        'dovecot-uidlist',
        'dovecot.index.log',
        'dovecot.index',
        'dovecot.index.cache',
        'dovecot-uidvalidity',
      ])
        await rm(join(maildir, name), { force: true });
      // UIDVALIDITY is a time in seconds.
      await sleep(1_100);
      child = await run(conf, port);
    },
    async stop() {
      await end(child);
      await rm(dir, { recursive: true, force: true });
    },
  };
}

interface Owner {
  uid: number;
  gid: number;
}

/** Dovecot gives mail to nobody with uid 0; the tests may run as root. */
function mailOwner(): Owner {
  const { uid, gid } = userInfo();
  return uid === 0 ? { uid: 65_534, gid: 65_534 } : { uid, gid };
}

async function ownFolder(path: string, { uid, gid }: Owner): Promise<void> {
  await mkdir(path, { recursive: true });
  await chown(path, uid, gid);
}

interface Place {
  dir: string;
  port: number;
  password: string;
  maildir: string;
  owner: Owner;
}

function configuration({ dir, port, password, maildir, owner }: Place): string {
  const { uid, username } = userInfo();
  const [internal, group] = uid === 0 ? ['nobody', 'nogroup'] : [username, ''];
  const services = ['imap-login', 'anvil', 'stats'].map((name) => `service ${name} {\n  chroot =\n}`);
  return [
    `base_dir = ${dir}/run`,
    `state_dir = ${dir}/state`,
    'log_path = /dev/stderr',
    'listen = 127.0.0.1',
    'protocols = imap',
    'ssl = no',
    'disable_plaintext_auth = no',
    'first_valid_uid = 0',
    'first_valid_gid = 0',
    `default_internal_user = ${internal}`,
    `default_login_user = ${internal}`,
    ...(group ? [`default_internal_group = ${group}`] : []),
    `mail_location = maildir:${maildir}`,
    'mail_fsync = never',
    `passdb {\n  driver = static\n  args = password=${password}\n}`,
    `userdb {\n  driver = static\n  args = uid=${owner.uid} gid=${owner.gid} home=${dir}\n}`,
    'namespace inbox {',
    '  inbox = yes',
    '  separator = /',
    '  mailbox Junk {\n    auto = create\n    special_use = \\Junk\n  }',
    '  mailbox Sent {\n    auto = create\n    special_use = \\Sent\n  }',
    '}',
    `service imap-login {\n  chroot =\n  inet_listener imap {\n    port = ${port}\n  }\n  inet_listener imaps {\n    port = 0\n  }\n}`,
    ...services.slice(1),
    '',
  ].join('\n');
}

async function run(conf: string, port: number): Promise<ChildProcess> {
  const child = spawn('dovecot', ['-F', '-c', conf], { stdio: ['ignore', 'ignore', 'pipe'], env: withSbin() });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = `${said}${chunk.toString()}`.slice(-4_000);
  });
  for (let tries = 0; tries < 200 && child.exitCode === null; tries++) {
    if (await answers(port)) return child;
    await sleep(50);
  }
  child.kill('SIGKILL');
  throw new Error(`Dovecot did not start: ${said}`);
}

function answers(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('data', () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', () => done(false));
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}
