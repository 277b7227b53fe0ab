import { randomBytes } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export interface LogFiles {
  /** What the server says before its own log begins. Of this attempt alone: another hub may try at the same moment. */
  start: string;
  /** Its log, one file a weekday. */
  folder: string;
}

export function logFiles(dir: string): LogFiles {
  const home = dirname(dir);
  return { start: join(home, `pg-start.${randomBytes(4).toString('hex')}.log`), folder: join(home, 'pg-log') };
}

/** Why a start failed, as the server told it. */
export async function lastWords(logs: LogFiles): Promise<string> {
  const first = await readFile(logs.start, 'utf8').catch(() => '');
  if (!first.includes('redirecting log output')) return first.trim().slice(-2_000);
  const newest = await newestFile(logs.folder);
  const text = newest ? await readFile(newest, 'utf8') : first;
  return text.trim().split('\n').slice(-5).join('\n');
}

async function newestFile(folder: string): Promise<string | undefined> {
  const paths = (await readdir(folder).catch(() => [])).map((name) => join(folder, name));
  const aged = await Promise.all(paths.map(async (path) => ({ path, at: (await stat(path)).mtimeMs })));
  return aged.sort((a, b) => b.at - a.at)[0]?.path;
}
