import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { type ImapStandIn, startImap } from '../../simulators/mail/imap.ts';
import { Mailbox } from '../../simulators/mail/mailbox.ts';
import { newMasterKey } from '../../src/platform/keyring.ts';
import { startPostgres } from '../../src/platform/postgres/index.ts';
import { eventually } from '../helpers/eventually.ts';
import { freePort } from '../helpers/ports.ts';

const KANAL = new URL('../../bin/kanal.js', import.meta.url).pathname;

/** A whole hub as a process of its own, and a mailbox at the stand-in that it reads. */
export interface MailWorld {
  box: Mailbox;
  imap: ImapStandIn;
  url: string;
  /** Several: the API limits what one key may do in a minute. */
  keys: string[];
  pool: pg.Pool;
  /** Runs the hub. Before it, the mailbox can be filled. */
  start(): Promise<void>;
  /** The most memory that the hub has had resident since the last look, in MB; looked at ten times a second. */
  peakMb(): number;
  /** Outcomes of raw mails, and how many messages there are of how many different titles. */
  counts(): Promise<{ outcomes: Record<string, number>; messages: number; titles: number }>;
  close(): Promise<void>;
}

export async function buildMailWorld(): Promise<MailWorld> {
  const dir = await mkdtemp(join(tmpdir(), 'kanal-mail-'));
  const postgres = await startPostgres(join(dir, 'data'));
  const box = new Mailbox('aduan@kabupaten.example', 'uji');
  const imap = await startImap(box);
  await writeConfig(join(dir, 'config'), imap.port);
  const port = await freePort();
  const env = {
    PATH: process.env.PATH,
    ...{ KANAL_CONFIG: join(dir, 'config'), KANAL_DATA: join(dir, 'data'), KANAL_MASTER_KEY: newMasterKey() },
    ...{ KANAL_LOG_LEVEL: 'silent', DATABASE_URL: postgres.url, PORT: String(port), MAIL_PASSWORD: box.password },
  };
  const kanal = (...args: string[]) => execFileSync(process.execPath, [KANAL, ...args], { env, encoding: 'utf8' });
  kanal('user', 'add', 'petugas', '--name', 'Petugas', '--role', 'central_admin');
  const keys = Array.from({ length: 5 }, () => kanal('key', 'add', 'petugas').trim());
  const pool = new pg.Pool({ connectionString: postgres.url, max: 2 });
  pool.on('error', () => {});
  const url = `http://127.0.0.1:${port}`;
  const memory = { peak: 0 };
  let child: ChildProcess | undefined;
  let looking: NodeJS.Timeout | undefined;
  return {
    ...{ box, imap, url, keys, pool },
    async start() {
      child = spawn(process.execPath, ['--max-semi-space-size=8', KANAL, 'serve'], {
        env,
        stdio: ['ignore', 'inherit', 'inherit'],
      });
      looking = watchMemory(child, memory);
      await eventually(async () => {
        if (!(await fetch(`${url}/readyz`)).ok) throw new Error('not ready');
      }, 60_000);
    },
    peakMb() {
      const { peak } = memory;
      memory.peak = 0;
      return peak;
    },
    counts: () => countsOf(pool),
    async close() {
      clearInterval(looking);
      if (child && child.exitCode === null) {
        const ended = once(child, 'exit');
        child.kill('SIGKILL');
        await ended;
      }
      await pool.end();
      await imap.close();
      await postgres.stop('immediate');
      await rm(dir, { recursive: true, force: true });
    },
  };
}

function watchMemory(child: ChildProcess, memory: { peak: number }): NodeJS.Timeout {
  return setInterval(async () => {
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '');
    memory.peak = Math.max(memory.peak, Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024);
  }, 100);
}

async function countsOf(pool: pg.Pool) {
  const { rows: raw } = await pool.query<{ outcome: string; count: number }>(
    'select outcome, count(*)::int as count from source_item group by outcome',
  );
  const { rows } = await pool.query<{ messages: number; titles: number }>(
    'select count(*)::int as messages, count(distinct title)::int as titles from message',
  );
  return { outcomes: Object.fromEntries(raw.map((row) => [row.outcome, row.count])), ...rows[0]! };
}

async function writeConfig(dir: string, port: number): Promise<void> {
  await mkdir(join(dir, 'channels'), { recursive: true });
  const hub = {
    site: { name: 'Kabupaten Contoh' },
    agencies: [{ id: 'diskominfo', name: 'Dinas Kominfo' }],
    policies: { receipt: { enabled: false } },
  };
  const settings = {
    host: '127.0.0.1',
    port,
    security: 'none',
    user: 'aduan@kabupaten.example',
    password: '${MAIL_PASSWORD}',
  };
  const channel = {
    ...{ id: 'surel', label: 'Surel', adapter: 'email', account: 'aduan@kabupaten.example', agency: 'diskominfo' },
    ...{ poll: { every: '2s' }, settings: { ...settings, firstConnect: 'all', watchdog: '2s' } },
  };
  await writeFile(join(dir, 'hub.yaml'), JSON.stringify(hub));
  await writeFile(join(dir, 'channels', 'surel.yaml'), JSON.stringify(channel));
}
