import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { SECRETS } from './config.ts';
import { configDir, type Ground } from './ground.ts';

const living = new Set<ChildProcess>();
// A run that is stopped half-way leaves no process behind.
process.once('exit', () => {
  for (const child of living) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

function watched<C extends ChildProcess>(child: C): C {
  living.add(child);
  child.once('exit', () => living.delete(child));
  return child;
}

export interface Hub {
  pid: number;
  url: string;
  stop(): Promise<void>;
}

const fileOf = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** The environment of a measured process. Without `databaseUrl` it uses the embedded database of the ground. */
const environment = (ground: Ground, databaseUrl = '') => ({
  ...process.env,
  ...SECRETS,
  ...{ KANAL_CONFIG: configDir(ground), KANAL_DATA: ground.dir, KANAL_MASTER_KEY: ground.masterKey },
  ...{ KANAL_LOG_LEVEL: 'info', KANAL_PUBLIC_URL: '', DATABASE_URL: databaseUrl, REDIS_URL: '' },
  ...{ HOST: '127.0.0.1', PORT: '0' },
});

/** `kanal <command>` in a process of its own; resolves when it says that it runs. */
export function startKanal(ground: Ground, command: 'api' | 'worker' | 'serve', databaseUrl?: string): Promise<Hub> {
  return start(ground, [fileOf('bin/kanal.js'), command], databaseUrl);
}

/** A server of this folder that writes the same line as the hub when it runs. */
export function startServer(ground: Ground, file: string, databaseUrl: string): Promise<Hub> {
  return start(ground, [fileOf(`bench/children/${file}`)], databaseUrl);
}

async function start(ground: Ground, args: string[], databaseUrl?: string): Promise<Hub> {
  const child = watched(
    spawn(process.execPath, [...ground.nodeFlags, ...args], {
      env: environment(ground, databaseUrl),
      stdio: ['ignore', 'inherit', 'pipe'],
    }),
  );
  const lines = createInterface({ input: child.stderr });
  const url = await new Promise<string>((resolve, reject) => {
    const said: string[] = [];
    child.once('exit', (code) => reject(new Error(`${args.join(' ')} ended with ${code}:\n${said.join('\n')}`)));
    lines.on('line', (line) => {
      if (said.push(line) > 20) said.shift();
      const entry = line.startsWith('{') ? (JSON.parse(line) as { msg?: string; url?: string; level?: unknown }) : {};
      if (entry.msg === 'kanal aduan runs') resolve(entry.url ?? '');
      else if (entry.level === 'error' || entry.level === 50) ground.say(`  ${line}`);
    });
  });
  return { pid: child.pid!, url, stop: () => end(child) };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
}

export interface Helper {
  ask<T>(message: object | string): Promise<T>;
  stop(): Promise<void>;
}

/** A process of this folder that answers one message with one message. */
export function startHelper(file: string): Helper {
  const child = watched(fork(fileOf(`bench/children/${file}`), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }));
  return {
    ask: <T>(message: object | string) =>
      new Promise<T>((resolve, reject) => {
        const died = (code: number | null) => reject(new Error(`bench/children/${file} ended with ${code}`));
        child.once('exit', died);
        child.once('message', (answer: T & { error?: string }) => {
          child.off('exit', died);
          if (answer.error) reject(new Error(answer.error));
          else resolve(answer);
        });
        child.send(message);
      }),
    stop: () => end(child),
  };
}
