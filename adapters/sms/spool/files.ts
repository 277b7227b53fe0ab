import { access, constants, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ChannelError } from '#contract';

/** Says in Indonesian what is wrong with a folder. `nothingSent`: nothing of ours stands in the outbox yet. */
export async function within<T>(what: string, work: () => Promise<T>, nothingSent = false): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code, path = '' } = error as NodeJS.ErrnoException;
    if (error instanceof ChannelError || code === undefined) throw error;
    const why =
      { ENOENT: 'tidak ada', EACCES: 'tidak boleh dibuka oleh hub', EPERM: 'tidak boleh diubah oleh hub' }[code] ??
      code;
    // The name of a file holds a citizen's number; only its folder is shown.
    const folder = path.replace(/\/(IN|OUT|\.kanal)[^/]*$/, '');
    throw new ChannelError('retry', `${what}: ${folder} ${why}`, { nothingSent, code });
  }
}

export const names = (folder: string): Promise<string[]> => readdir(folder);

export const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? false : Promise.reject(error)),
  );

/** What became of a file that another program may have moved meanwhile. */
export const unlessGone = <T>(work: Promise<T>): Promise<T | null> =>
  work.catch((error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? null : Promise.reject(error)));

export const bytesOf = (path: string): Promise<Uint8Array | null> => unlessGone(readFile(path));
export const timesOf = (path: string) => unlessGone(stat(path));

/**
 * Puts a file into a folder that another program watches: under a name that it does not look at, on the disk, and only then
 * under its own. `commit` is called before that last step and may still throw.
 */
export async function place(folder: string, name: string, bytes: Uint8Array, commit: () => void): Promise<void> {
  const draft = join(folder, `.kanal-${name}`);
  try {
    await writeFile(draft, bytes, { mode: 0o660, flush: true });
    commit();
    await rename(draft, join(folder, name));
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** A new name is on the disk only when its folder is. */
export async function settle(folder: string): Promise<void> {
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Moves a file away and never over another: the modem may use a name again. */
export async function moveTo(folder: string, from: string, name: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  let free = name;
  for (let n = 2; await exists(join(folder, free)); n++) free = `${name}.${n}`;
  await unlessGone(rename(from, join(folder, free)));
}

/** Throws what keeps us from writing there. */
export const writable = (folder: string): Promise<void> => access(folder, constants.R_OK | constants.W_OK);
