import { type ChildProcess, spawn } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { AppOptions } from '../../../simulators/app/index.ts';

/** A process of the demo beside the hub. `ready` is what its first line says. */
export interface Helper<T> {
  pid: number;
  ready: T;
  /** Resolves when its process has ended, for whatever reason. */
  gone: Promise<void>;
  stop(): Promise<void>;
}

export type Application = Helper<{ url: string }>;
export type ApplicationOptions = AppOptions & { feed: { everyMs: number } };

/** The mail server; `url` shows the citizens' mail. */
export type MailServer = Helper<{ url: string; imapPort: number; smtpPort: number }>;
export interface MailOptions {
  imapPort: number;
  smtpPort: number;
  pagePort: number;
  user: string;
  password: string;
  feed: { first: number; everyMs: number };
}

const GRACE_MS = 5_000;

export const startApplication = (optionsFile: string, options: ApplicationOptions): Promise<Application> =>
  startHelper('app', optionsFile, options);

export const startMailServer = (optionsFile: string, options: MailOptions): Promise<MailServer> =>
  startHelper('mail', optionsFile, options);

/**
 * Starts a simulator in a process of its own. Its options hold secrets: they are in `optionsFile` (mode 0600) only until
 * it has read them. The channel between the two ends it when this process is killed.
 */
export async function startHelper<T>(name: string, optionsFile: string, options: object): Promise<Helper<T>> {
  const main = fileURLToPath(new URL(`../../../simulators/${name}/main.ts`, import.meta.url));
  await rm(optionsFile, { force: true });
  await writeFile(optionsFile, JSON.stringify(options), { mode: 0o600 });
  // Of the hub's environment it needs nothing.
  const child = spawn(process.execPath, [main, optionsFile], { env: {}, stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  try {
    const line = await Promise.race([firstLine(child), failed(name, child, gone)]);
    return { pid: child.pid ?? 0, ready: JSON.parse(line) as T, gone, stop: () => stop(child, gone) };
  } catch (error) {
    await stop(child, gone);
    throw error;
  } finally {
    await rm(optionsFile, { force: true });
  }
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => createInterface({ input: child.stdout! }).once('line', resolve));
}

async function failed(name: string, child: ChildProcess, gone: Promise<void>): Promise<never> {
  const error = new Promise<Error>((resolve) => child.once('error', resolve));
  const reason = await Promise.race([error, gone]);
  throw new Error(
    `simulators/${name} tidak dapat dimulai (${reason?.message ?? `keluar dengan kode ${child.exitCode}`})`,
  );
}

async function stop(child: ChildProcess, gone: Promise<void>): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
  await gone;
  clearTimeout(timer);
}
