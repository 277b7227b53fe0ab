import { readdir, readFile, readlink, realpath, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';

export interface Postmaster {
  pid: number;
  port: number;
  /** Does it take connections? */
  ready: boolean;
}

/** What a client sends to ask for encryption; the server answers with one byte, whatever it thinks of it. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);
const ANSWER_WITHIN_MS = 2_000;

/** Does the server really answer? One that was just killed still stands in its files and in /proc for a moment. */
export function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: ANSWER_WITHIN_MS });
    const end = (answered: boolean) => {
      socket.destroy();
      resolve(answered);
    };
    socket.once('connect', () => socket.write(SSL_REQUEST));
    socket.once('data', () => end(true));
    for (const event of ['error', 'close', 'timeout'] as const) socket.once(event, () => end(false));
  });
}

/** The server that runs on this data directory, as `postmaster.pid` and /proc say; `undefined` when there is none. */
export async function findPostmaster(dir: string): Promise<Postmaster | undefined> {
  const lines = await pidFile(dir);
  const pid = Number(lines[0]);
  if (!pid || !(await worksIn(pid, await realpath(dir)))) return undefined;
  return { pid, port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' };
}

/**
 * Removes `postmaster.pid` when nobody is left: after a kill -9 the pid may belong to another program (in a restarted
 * container it usually does), and PostgreSQL would wait for that one for ever. False while an orphaned backend still
 * has the directory open; it ends by itself within seconds.
 */
export async function clearStalePidFile(dir: string): Promise<boolean> {
  const home = await realpath(dir);
  for (const name of await readdir('/proc'))
    if (/^\d+$/.test(name) && (await worksIn(Number(name), home))) return false;
  await rm(join(dir, 'postmaster.pid'), { force: true });
  return true;
}

/** The port of the last start, to be used again: what still holds the old address then finds the server. */
export async function lastPort(dir: string): Promise<number | undefined> {
  const options = await readFile(join(dir, 'postmaster.opts'), 'utf8').catch(() => '');
  const port = Number(/"-p" "(\d+)"/.exec(options)?.[1]);
  return port || undefined;
}

/** Every process of PostgreSQL works in its data directory. */
async function worksIn(pid: number, home: string): Promise<boolean> {
  return readlink(`/proc/${pid}/cwd`).then(
    (cwd) => cwd === home,
    () => false,
  );
}

async function pidFile(dir: string): Promise<string[]> {
  const text = await readFile(join(dir, 'postmaster.pid'), 'utf8').catch(() => '');
  return text.split('\n');
}
