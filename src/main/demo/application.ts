import { type ChildProcess, spawn } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { AppOptions } from '../../../simulators/app/index.ts';

export interface Application {
  pid: number;
  url: string;
  /** Resolves when its process has ended, for whatever reason. */
  gone: Promise<void>;
  stop(): Promise<void>;
}

export type ApplicationOptions = AppOptions & { feed: { everyMs: number } };

const MAIN = fileURLToPath(new URL('../../../simulators/app/main.ts', import.meta.url));
const GRACE_MS = 5_000;

/**
 * Starts the reference application in a process of its own. Its options hold secrets: they are in `optionsFile`
 * (mode 0600) only until it has read them. The channel between the two ends it when this process is killed.
 */
export async function startApplication(optionsFile: string, options: ApplicationOptions): Promise<Application> {
  await rm(optionsFile, { force: true });
  await writeFile(optionsFile, JSON.stringify(options), { mode: 0o600 });
  // Of the hub's environment it needs nothing.
  const child = spawn(process.execPath, [MAIN, optionsFile], { env: {}, stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  try {
    const url = await Promise.race([addressOf(child), failed(child, gone)]);
    return { pid: child.pid ?? 0, url, gone, stop: () => stop(child, gone) };
  } catch (error) {
    await stop(child, gone);
    throw error;
  } finally {
    await rm(optionsFile, { force: true });
  }
}

/** The first line it prints. */
function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) =>
    createInterface({ input: child.stdout! }).once('line', (line) => resolve((JSON.parse(line) as App).url)),
  );
}
type App = { url: string };

async function failed(child: ChildProcess, gone: Promise<void>): Promise<never> {
  const error = new Promise<Error>((resolve) => child.once('error', resolve));
  const reason = await Promise.race([error, gone]);
  throw new Error(`aplikasi contoh tidak dapat dimulai (${reason?.message ?? `keluar dengan kode ${child.exitCode}`})`);
}

async function stop(child: ChildProcess, gone: Promise<void>): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
  await gone;
  clearTimeout(timer);
}
