import type { AppLog } from '../platform/log.ts';
import { type RunningPostgres, startPostgres } from '../platform/postgres/index.ts';
import type { Pool } from '../store/database.ts';

const EVERY_MS = 2_000;

/**
 * Brings the embedded PostgreSQL back when it dies under a running hub (out of memory, killed by hand). It comes up on
 * the port it had, so everything connects again by itself. The returned function ends the guard.
 */
export function guardPostgres(dataDir: string, running: RunningPostgres, pool: Pool, log: AppLog): () => void {
  let ended = false;
  let timer: NodeJS.Timeout;
  const look = async () => {
    const answers = await pool.query('select 1').then(
      () => true,
      () => false,
    );
    if (!answers && !ended) await bringBack(dataDir, running, log);
    if (!ended) timer = setTimeout(look, EVERY_MS).unref();
  };
  timer = setTimeout(look, EVERY_MS).unref();
  return () => {
    ended = true;
    clearTimeout(timer);
  };
}

async function bringBack(dataDir: string, running: RunningPostgres, log: AppLog): Promise<void> {
  try {
    const { port, adopted } = await startPostgres(dataDir, { log });
    if (port !== running.port)
      log.error({ port, before: running.port }, 'embedded PostgreSQL came back on another port; restart the hub');
    else if (!adopted) log.warn({ port }, 'embedded PostgreSQL had died and runs again');
  } catch (error) {
    log.error({ error: (error as Error).message }, 'embedded PostgreSQL is gone and does not start');
  }
}
