import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ImapStandIn, startImap } from '../../simulators/mail/imap.ts';
import { Mailbox } from '../../simulators/mail/mailbox.ts';
import { type Deed, type SmtpStandIn, startSmtp } from '../../simulators/mail/smtp.ts';
import { sha256 } from '../../src/core/sealed.ts';
import { targetOf } from '../../src/flows/publish/row.ts';
import { newMasterKey } from '../../src/platform/keyring.ts';
import { newId } from '../../src/store/database.ts';
import { insertPublications } from '../../src/store/publications.ts';
import type { NewPublication } from '../../src/store/schema.ts';
import { type TestDatabase, testDatabase } from '../helpers/database.ts';
import { eventually } from '../helpers/eventually.ts';
import { randomFrom } from './random.ts';

const KANAL = new URL('../../bin/kanal.js', import.meta.url).pathname;
const ACCOUNT = 'aduan@kabupaten.example';
const PASSWORD = 'kata-sandi-surel';
/** How long the server thinks about a mail. */
const SERVER_MS = 400;

/**
 * `unfiled`: the server takes each mail, files nothing and breaks the connection after the final dot. `claimed`: the same,
 * and the channel's file claims that it files. `provider`: it files what it takes, answers half of the mails as it should,
 * and breaks the connection on the others, of which it took every second.
 */
export type MailServer = 'unfiled' | 'claimed' | 'provider';

export interface MailDoubts {
  server: MailServer;
  mails: number;
  kills: number;
  seed: number;
  /** Wait for the next look, too: a worker that is killed while it looks keeps others from looking for a minute. */
  patient: boolean;
}

export interface MailDoubtsResult {
  mails: number;
  /** Mails at the receiver, each counted once. */
  received: number;
  /** Of these: how many came more than once. Must be 0. */
  doubled: number;
  published: number;
  withPerson: number;
  /** Looked for, not found, nothing proven. */
  unknown: number;
  /** Published according to the register, but not at the receiver. */
  falselyPublished: number;
  kills: number;
}

/** Citizens' mails come in and are answered, while both workers are killed again and again. */
export async function mailDoubts(options: MailDoubts): Promise<MailDoubtsResult> {
  const random = randomFrom(options.seed);
  const world = await buildWorld(options, random);
  try {
    const workers = [world.startWorker(), world.startWorker()];
    await eventually(async () => expectCount(await count(world, 'complaint'), options.mails), 60_000, 200);
    await answerAll(world);
    let kills = 0;
    for (; kills < options.kills; kills++) {
      await sleep(400 + random() * 1_600);
      const victim = Math.floor(random() * workers.length);
      workers[victim]!.kill('SIGKILL');
      workers[victim] = world.startWorker();
    }
    await settled(world, options.patient);
    return { ...(await result(world)), mails: options.mails, kills };
  } finally {
    await world.close();
  }
}

interface World {
  database: TestDatabase;
  smtp: SmtpStandIn;
  startWorker(): ChildProcess;
  close(): Promise<void>;
}

async function buildWorld({ server, mails }: MailDoubts, random: () => number): Promise<World> {
  const mailbox = new Mailbox(ACCOUNT, PASSWORD);
  for (let number = 0; number < mails; number++) mailbox.inbox.append(citizenMail(number));
  const files = server === 'provider';
  const imap = await startImap(mailbox);
  const smtp = await startSmtp({
    ...{ user: ACCOUNT, password: PASSWORD },
    deliver: ({ raw }) => void (files && mailbox.folder('Sent').append(raw)),
  });
  smtp.steer(async (step): Promise<Deed | undefined> => {
    if (step !== 'message') return undefined;
    await sleep(SERVER_MS * (0.5 + random()));
    if (!files) return { take: true, then: 'drop' };
    if (random() < 0.5) return undefined;
    return { take: random() < 0.5, then: 'drop' };
  });
  const database = await testDatabase();
  const dir = await mkdtemp(join(tmpdir(), 'kanal-mail-'));
  await writeConfig(join(dir, 'config'), imap, smtp, server === 'unfiled' ? 'none' : 'provider');
  const env = {
    PATH: process.env.PATH,
    KANAL_CONFIG: join(dir, 'config'),
    KANAL_DATA: join(dir, 'data'),
    KANAL_MASTER_KEY: newMasterKey(),
    KANAL_LOG_LEVEL: process.env.CRASH_LOG ?? 'silent',
    DATABASE_URL: database.url,
    SUREL: PASSWORD,
  };
  const children = new Set<ChildProcess>();
  const startWorker = () => {
    const child = spawn(process.execPath, [KANAL, 'worker'], { env, stdio: ['ignore', 'inherit', 'inherit'] });
    children.add(child);
    child.once('exit', () => children.delete(child));
    return child;
  };
  const close = async () => {
    const ends = [...children].map((child) => once(child, 'exit'));
    for (const child of children) child.kill('SIGKILL');
    await Promise.all([...ends, imap.close(), smtp.close()]);
    await database.close();
    await rm(dir, { recursive: true, force: true });
  };
  return { database, smtp, startWorker, close };
}

const citizenMail = (number: number): Buffer =>
  Buffer.from(
    [
      `From: Warga ${number} <warga${number}@surel.example>`,
      `To: ${ACCOUNT}`,
      `Message-ID: <aduan-${number}@surel.example>`,
      `Date: ${new Date().toUTCString().replace('GMT', '+0000')}`,
      `Subject: Lampu jalan mati (${number})`,
      'Content-Type: text/plain; charset=utf-8',
      '',
      `Lampu jalan nomor ${number} mati sejak kemarin.`,
      '',
    ].join('\r\n'),
  );

/** Short times: what takes minutes in service must not take them here. */
async function writeConfig(dir: string, imap: ImapStandIn, smtp: SmtpStandIn, sentCopies: string): Promise<void> {
  await mkdir(join(dir, 'channels'), { recursive: true });
  await writeFile(
    join(dir, 'hub.yaml'),
    `site: { name: Kabupaten Contoh }
agencies: [{ id: diskominfo, name: Dinas Kominfo }]
policies:
  settle: 0s
  receipt: { enabled: false }
  publish: { sendTimeout: 2s, lease: 4s, maxAttempts: 50 }
`,
  );
  await writeFile(
    join(dir, 'channels', 'surel.yaml'),
    `id: surel
label: Surel aduan
adapter: email
account: ${ACCOUNT}
agency: diskominfo
poll: { every: 1s }
publish: { concurrency: 4, receipts: false, statuses: false, sendTimeout: 2s }
settings:
  host: 127.0.0.1
  port: ${imap.port}
  security: none
  user: ${ACCOUNT}
  password: \${SUREL}
  firstConnect: all
  smtp: { host: 127.0.0.1, port: ${smtp.port}, security: none, sentCopies: ${sentCopies}, settleAfter: 2s }
`,
  );
}

/** Answers every complaint once, as an approval does. */
async function answerAll({ database }: World): Promise<void> {
  const messages = await database.db.selectFrom('message').selectAll().where('direction', '=', 'in').execute();
  const rows: NewPublication[] = messages.map((row) => ({
    id: newId(),
    complaint_id: row.complaint_id,
    channel_id: row.channel_id,
    kind: 'answer',
    target_hash: sha256(row.id),
    target: targetOf(row),
    text: `Sudah kami perbaiki (${row.object_id}).`,
    detail: null,
  }));
  await database.db.transaction().execute((tx) => insertPublications(tx, rows));
}

/** Until every answer has come to its end, or was looked for in vain. */
async function settled(world: World, patient: boolean): Promise<void> {
  const open = `publication where state <> 'published' and not needs_person and (state <> 'uncertain' or checks = 0)`;
  await eventually(async () => expectCount(await count(world, open), 0), 180_000, 500);
  // What is found absent goes out once more.
  const unsure = `publication where state <> 'published' and not needs_person`;
  for (let waits = 0; patient && waits < 90 && (await count(world, unsure)) > 0; waits++) await sleep(1_000);
}

async function count({ database }: World, from: string): Promise<number> {
  const { rows } = await database.pool.query<{ n: number }>(`select count(*)::int as n from ${from}`);
  return rows[0]?.n ?? 0;
}

function expectCount(got: number, wanted: number): void {
  if (got !== wanted) throw new Error(`there are ${got} and not ${wanted}`);
}

async function result(world: World): Promise<Omit<MailDoubtsResult, 'mails' | 'kills'>> {
  const counts = new Map<string, number>();
  for (const { raw } of world.smtp.received) {
    const [, key = ''] = /^X-Hub-Outbox: ([0-9a-f-]{36})/im.exec(raw.toString('latin1')) ?? [];
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const { rows } = await world.database.pool.query<{ id: string; state: string; needs_person: boolean }>(
    'select id, state, needs_person from publication',
  );
  const published = rows.filter((row) => row.state === 'published');
  const withPerson = rows.filter((row) => row.needs_person && row.state !== 'published').length;
  return {
    received: counts.size,
    doubled: [...counts.values()].filter((times) => times > 1).length,
    published: published.length,
    withPerson,
    unknown: rows.filter((row) => row.state === 'uncertain' && !row.needs_person).length,
    falselyPublished: published.filter((row) => !counts.has(row.id)).length,
  };
}
