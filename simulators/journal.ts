import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const PAUSE_MS = 500;

/** What can be kept in a file, and says when it changed. */
interface Keeping<K> {
  kept(): K;
  restore(kept: K): void;
  on(event: 'changed', heard: () => void): unknown;
}

/**
 * Keeps the world in a file, a moment after each change: a platform does not forget over a restart of the demo. Returns what
 * ends it and writes for the last time. Without a path nothing is kept.
 */
export function keepJournal<K>(world: Keeping<K>, path: string | undefined): () => Promise<void> {
  if (path === undefined) return async () => {};
  if (existsSync(path)) world.restore(JSON.parse(readFileSync(path, 'utf8')) as K);
  const stop = new AbortController();
  let writing: Promise<void> | null = null;
  const write = () => {
    writeFileSync(`${path}.tmp`, JSON.stringify(world.kept()), { mode: 0o600 });
    renameSync(`${path}.tmp`, path);
  };
  world.on('changed', () => {
    writing ??= sleep(PAUSE_MS, undefined, { signal: stop.signal })
      .catch(() => {})
      .then(() => {
        writing = null;
        write();
      });
  });
  return async () => {
    stop.abort();
    await writing;
  };
}
