import { spawn, spawnSync } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type RunningPostgres, startPostgres } from '../../../src/platform/postgres/index.ts';
import { install, startIn, startScript, users } from './installation.ts';

let base: string;
let dataDir: string;
let started: { stop: RunningPostgres['stop'] }[];

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'kanal-pgdata-')); // mode 0700
  dataDir = join(base, 'deep', 'data');
  started = [];
});
afterEach(async () => {
  for (const { stop } of started) await stop('immediate');
  await rm(base, { recursive: true });
});

async function start(dir = dataDir): Promise<RunningPostgres> {
  const running = await startPostgres(dir);
  started.push(running);
  return running;
}

async function query<T>(url: string, sql: string): Promise<T[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

const postmasterPid = async (): Promise<number> =>
  Number((await readFile(join(dataDir, 'pg/postmaster.pid'), 'utf8')).split('\n')[0]);

describe('embedded PostgreSQL', () => {
  it('makes the database on the first start: UTF-8, loopback only, closed to other users', async () => {
    const { url, adopted } = await start();
    expect(adopted).toBe(false);
    const [row] = await query<Record<string, string>>(
      url,
      `select current_database() db, current_setting('server_encoding') enc, current_setting('listen_addresses') addr,
        current_setting('fsync') fsync, current_setting('max_connections') max, lower('ÀÉ') low`,
    );
    expect(row).toEqual({ db: 'kanal', enc: 'UTF8', addr: '127.0.0.1', fsync: 'on', max: '200', low: 'àé' });
    for (const name of ['', 'pg', 'pg.password'])
      expect((await stat(join(dataDir, name))).mode & 0o077, name || 'data').toBe(0);
    await expect(query(url.replace(/:[^:@]*@/, ':wrong@'), 'select 1')).rejects.toThrow(/password/);
  });

  it('adopts the one that runs, and starts again on the same port after a stop', async () => {
    const first = await start();
    expect(await start()).toMatchObject({ url: first.url, adopted: true });
    await first.stop();
    await first.stop(); // nothing to stop is no fault
    expect(await start()).toMatchObject({ url: first.url, adopted: false });
  });

  it('takes another port when the last one is taken', async () => {
    const first = await start();
    await first.stop();
    const squatter = createServer().listen(first.port, '127.0.0.1');
    try {
      const second = await start();
      expect(second.port).not.toBe(first.port);
      expect(await query(second.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    } finally {
      squatter.close();
    }
  });

  it('starts after kill -9 of postmaster, with open sessions, and has lost nothing', async () => {
    const first = await start();
    await query(first.url, 'create table t as select 1 as kept');
    const session = new pg.Client(first.url);
    session.on('error', () => undefined);
    await session.connect();
    process.kill(await postmasterPid(), 'SIGKILL');
    const second = await start();
    expect(second.adopted).toBe(false);
    expect(await query(second.url, 'select kept from t')).toEqual([{ kept: 1 }]);
    await session.end().catch(() => undefined);
  });

  it('starts although the pid in a stale postmaster.pid belongs to another program now', async () => {
    const first = await start();
    const pidFile = join(dataDir, 'pg/postmaster.pid');
    const content = await readFile(pidFile, 'utf8');
    await first.stop();
    await writeFile(pidFile, content.replace(/^\d+/, String(process.ppid)));
    expect((await start()).adopted).toBe(false);
  });

  it('is not disturbed by an initdb that was killed half-way', async () => {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    await mkdir(join(dataDir, 'pg.new.killed'));
    await writeFile(join(dataDir, 'pg.new.killed/PG_VERSION'), '18\n');
    const { url } = await start();
    expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect((await readdir(dataDir)).filter((name) => name.startsWith('pg.new'))).toEqual([]);
  });

  it('leaves alone what another start that lives is making, and clears away what a dead one has left', async () => {
    const { pid: dead } = spawnSync(process.execPath, ['--version']);
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    for (const pid of [process.ppid, dead]) await mkdir(join(dataDir, `pg.new.${pid}.0a1b`));
    await start();
    const drafts = (await readdir(dataDir)).filter((name) => name.startsWith('pg.new'));
    expect(drafts).toEqual([`pg.new.${process.ppid}.0a1b`]);
  });

  it('says what PostgreSQL said when it cannot start', async () => {
    await expect(startPostgres(dataDir, { settings: { shared_buffers: 'many' } })).rejects.toThrow(/shared_buffers/);
    const odd = await startPostgres(dataDir, { settings: { 'kanal.note': `it's "$HOME"` } });
    started.push(odd);
    expect(await query(odd.url, `show kanal.note`)).toEqual([{ 'kanal.note': `it's "$HOME"` }]);
  });
});

describe.each(users())('a fresh installation without links, as user %s (undefined: our own)', (uid) => {
  let copy: Awaited<ReturnType<typeof install>>;
  beforeAll(async () => {
    copy = await install();
  });
  afterAll(() => copy.remove());

  it.each(uid === undefined ? ['700', '755'] : ['755'])(
    'starts under a folder of mode %s, two hubs at once',
    async (mode) => {
      const { root, libraries } = copy;
      await copy.unlink();
      await chmod(root, Number.parseInt(mode, 8));
      const data = join(root, `data-${mode}`);
      await mkdir(data);
      if (uid !== undefined) for (const path of [data, libraries]) await chown(path, uid, uid);
      const as = uid === undefined ? {} : { uid };
      const both = await Promise.all([startIn(root, data, as), startIn(root, data, as)]);
      const third = await startIn(root, data, { ...as, stop: true });
      expect(new Set([...both, third].map(({ url }) => url)).size).toBe(1);
      expect(both.filter(({ adopted }) => !adopted)).toHaveLength(1);
      expect(third.adopted).toBe(true);
      expect(await readdir(libraries)).toContain('libicui18n.so.60');
    },
  );
});

describe('a hub killed during its first start', () => {
  it.each([100, 350, 600])('after %s ms: the next start works', async (ms) => {
    const child = spawn(process.execPath, [startScript, dataDir], { env: {}, stdio: 'ignore', detached: true });
    await sleep(ms);
    // The whole group: initdb dies with it.
    process.kill(-(child.pid ?? 0), 'SIGKILL');
    const { url } = await start();
    expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });
});
