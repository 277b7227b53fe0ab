import { readFileSync } from 'node:fs';

/** npm hands a Ctrl-C on to its child, which has had it from the terminal already: one wish, two signals. */
const SAME_WISH_MS = 1_000;

/** Resolves when the process is asked to stop. A second request, later, ends it at once. */
export function askedToStop(signals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM']): Promise<void> {
  return new Promise((resolve) => {
    let first = 0;
    const hear = () => {
      first ||= performance.now();
      if (performance.now() - first > SAME_WISH_MS) process.exit(1);
      resolve();
    };
    for (const signal of signals) process.on(signal, hear);
  });
}

/** Resolves when whoever started this process is gone, even killed. Keeps nothing alive. */
export function starterGone(): Promise<void> {
  const before = starters();
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (starters() === before) return;
      clearInterval(timer);
      resolve();
    }, 500).unref();
  });
}

/** The parent. npm runs a script in a shell, which outlives npm: of such a shell the parent counts, too. */
function starters(): string {
  const parent = process.ppid;
  const isShell = /^\S*sh\0-c\0/.test(proc(parent, 'cmdline'));
  return isShell ? `${parent} ${/^PPid:\s*(\d+)/m.exec(proc(parent, 'status'))?.[1]}` : `${parent}`;
}

function proc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return ''; // it ended just now, or this is not Linux
  }
}
