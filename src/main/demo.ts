import { join, resolve } from 'node:path';
import { terminal } from '../cli/io.ts';
import type { Environment } from '../config/environment.ts';
import { loadMasterKey } from '../platform/masterKey.ts';
import { choosePort } from '../platform/postgres/port.ts';
import { readKnown } from './demo/known.ts';
import { play } from './demo/play.ts';
import { type Foundation, openFoundation } from './foundation.ts';
import { askedToStop, starterGone } from './stop.ts';

/**
 * The whole thing on one machine, with data: the hub with everything embedded, and the reference application in a
 * process of its own, whose citizens complain. Everything is kept in `demo` in the data folder. Resolves when it was
 * asked to stop, or its parent is gone, and nothing of it runs any more.
 */
export async function runDemo(env: Environment, out = terminal.out): Promise<void> {
  const asked = Promise.race([askedToStop(['SIGINT', 'SIGTERM', 'SIGHUP']), starterGone()]);
  const own = demoEnvironment(env, await hubPort(env));
  const file = join(resolve(env.dataDir), 'demo.json');
  out('\nDemo Kanal Aduan sedang disiapkan ... (getting ready)\n');
  // Here, so that no recovery sheet is printed: what is in the demo need not be recovered.
  await loadMasterKey({ dataDir: own.dataDir, given: undefined, mayCreate: true });
  const foundation = await openFoundation(own);
  try {
    await alone(foundation, async () => play({ foundation, file, known: await readKnown(file), out, asked }));
  } finally {
    await foundation.close();
  }
  out('\nDemo berhenti; tidak ada yang masih berjalan. (Stopped; nothing is left running.)\n');
}

/** Its own database, keys and configuration, whatever else is set. */
function demoEnvironment(env: Environment, port: number): Environment {
  const { databaseUrl: _, redisUrl: __, masterKey: ___, ...rest } = env;
  const dataDir = join(resolve(env.dataDir), 'demo');
  const logLevel = env.logLevel === 'info' ? 'error' : env.logLevel;
  return { ...rest, dataDir, configDir: join(dataDir, 'config'), port, logLevel, secret: () => undefined };
}

/** Looked at before anything starts. Port 0: any that is free. */
async function hubPort({ host, port }: Environment): Promise<number> {
  const free = await choosePort(port || undefined);
  if (port === 0 || free === port) return free;
  throw new Error(
    `port ${port} di ${host} sudah dipakai, mungkin oleh demo yang masih berjalan.\n` +
      `Hentikan program itu, atau pilih port lain: PORT=${port + 1} npm run demo\n` +
      '(The port is in use. Stop that program, or choose another port.)',
  );
}

/** Two demos on the same data would fight over it. The lock goes with the process, however that ends. */
async function alone(foundation: Foundation, work: () => Promise<void>): Promise<void> {
  const client = await foundation.pool.connect();
  try {
    const { rows } = await client.query<{ mine: boolean }>(`select pg_try_advisory_lock(hashtext('kanal demo')) mine`);
    if (!rows[0]?.mine)
      throw new Error(
        `demo lain masih berjalan dengan data di ${foundation.env.dataDir}.\n` +
          'Hentikan dulu, atau pakai folder lain: KANAL_DATA=./data2 npm run demo\n' +
          '(Another demo runs on this data. Stop it, or use another folder.)',
      );
    await work();
  } finally {
    client.release(true);
  }
}
