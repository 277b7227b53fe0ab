import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Kept, World } from './world.ts';

const PAUSE_MS = 500;

/** Keeps the world in a file, a moment after each change. Returns what ends it and writes for the last time. */
export function keepJournal(world: World, path: string): () => Promise<void> {
  if (existsSync(path)) world.restore(JSON.parse(readFileSync(path, 'utf8')) as Kept);
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
