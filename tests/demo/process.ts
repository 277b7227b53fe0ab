import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import type { DemoFile } from '../../src/main/demo/known.ts';
import { eventually } from '../helpers/eventually.ts';

const project = new URL('../..', import.meta.url).pathname;

export interface Demo {
  child: ChildProcess;
  /** Everything it has printed so far. */
  printed(): string;
}

/** A data folder of its own, and the demos on it, as processes. */
export class Place {
  readonly data: string;
  readonly #demos: ChildProcess[] = [];

  private constructor(data: string) {
    this.data = data;
  }

  static async make(): Promise<Place> {
    return new Place(await mkdtemp(join(tmpdir(), 'kanal-demo-')));
  }

  /** In the poorest environment. */
  start(port = 0, args = ['bin/kanal.js', 'demo']): Demo {
    const env = { PATH: process.env.PATH, PORT: String(port), KANAL_DATA: this.data };
    const child = spawn(process.execPath, args, { cwd: project, env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#demos.push(child);
    let text = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (more) => {
        text += more;
      });
    return { child, printed: () => text };
  }

  /** As npm does it: a process (npm), in it a shell, in it the demo. */
  startUnderNpm(): Demo {
    const shell = `['-c', 'node bin/kanal.js demo; exit'], { stdio: 'inherit' }`;
    return this.start(0, ['-e', `require('node:child_process').spawn('sh', ${shell})`]);
  }

  /** Starts it and waits until it has printed its lines. */
  async started(): Promise<Demo & { file: DemoFile }> {
    const demo = this.start();
    await eventually(() => expect(demo.printed()).toContain('(answer it)'), 50_000);
    return { ...demo, file: await this.file() };
  }

  async file(): Promise<DemoFile> {
    return JSON.parse(await readFile(join(this.data, 'demo.json'), 'utf8')) as DemoFile;
  }

  /** What runs here besides the demo: the application by what it was started with, PostgreSQL by where it works. */
  async processes(): Promise<number[]> {
    const found: number[] = [];
    for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      const home = await readlink(`/proc/${pid}/cwd`).catch(() => '');
      if (command.includes(`${this.data}/`) || home.startsWith(`${this.data}/`)) found.push(Number(pid));
    }
    return found;
  }

  async killAll(): Promise<void> {
    for (const child of this.#demos.splice(0)) child.kill('SIGKILL');
    for (const pid of await this.processes()) kill(pid);
  }

  async clear(): Promise<void> {
    await this.killAll();
    await eventually(async () => expect(await this.processes()).toEqual([]));
    await rm(this.data, { recursive: true, force: true });
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended in the meantime.
  }
}

/** Runs a line as somebody would who pastes it, and reads the JSON that it prints. */
export async function paste<T>(line: string): Promise<T> {
  const { stdout } = await promisify(execFile)('sh', ['-c', line]);
  return JSON.parse(stdout) as T;
}

export async function kanal(env: Record<string, string>, ...args: string[]): Promise<string> {
  const options = { cwd: project, env: { PATH: process.env.PATH, ...env } };
  return (await promisify(execFile)(process.execPath, ['bin/kanal.js', ...args], options)).stdout;
}
