import { createInterface, type Interface } from 'node:readline';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';

/** The terminal, or a stand-in for it. */
export interface Io {
  out(text: string): void;
  err(text: string): void;
  /** A value that must not be seen: everything from a pipe, or typed without an echo. */
  readHidden(prompt: string): Promise<string>;
  /** One line: typed, or the next one of a pipe. Rejects when there are no more. */
  ask(prompt: string): Promise<string>;
  /** The same without an echo. */
  askHidden(prompt: string): Promise<string>;
}

const hidden = () => new Writable({ write: (_chunk, _encoding, done) => done() });

export const terminal: Io = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  readHidden: async (prompt) =>
    process.stdin.isTTY ? typed(prompt, hidden()) : (await text(process.stdin)).replace(/\r?\n$/, ''),
  ask: (prompt) => (process.stdin.isTTY ? typed(prompt) : piped(prompt)),
  askHidden: (prompt) => (process.stdin.isTTY ? typed(prompt, hidden()) : piped(prompt)),
};

/** The prompt goes where errors go, so that what a command prints can be piped on. */
function typed(prompt: string, echo: NodeJS.WritableStream = process.stderr): Promise<string> {
  process.stderr.write(prompt);
  const lines = createInterface({ input: process.stdin, output: echo, terminal: echo !== process.stderr });
  return new Promise((resolve) => {
    lines.once('line', (line) => {
      if (echo !== process.stderr) process.stderr.write('\n');
      lines.close();
      resolve(line);
    });
    lines.once('close', () => resolve(''));
  });
}

let pipe:
  | { lines: Interface; waiting: string[]; wanted: ((line: string | null) => void)[]; ended: boolean }
  | undefined;

/** All answers may come at once: what is not asked for yet is kept. */
function piped(prompt: string): Promise<string> {
  process.stderr.write(`${prompt}\n`);
  pipe ??= openPipe();
  const ready = pipe.waiting.shift();
  if (ready !== undefined) return Promise.resolve(ready);
  if (pipe.ended) return Promise.reject(new Error(`jawaban habis: "${prompt.trim()}" belum dijawab`));
  const { wanted } = pipe;
  return new Promise((resolve, reject) =>
    wanted.push((line) =>
      line === null ? reject(new Error(`jawaban habis: "${prompt.trim()}" belum dijawab`)) : resolve(line),
    ),
  );
}

function openPipe(): NonNullable<typeof pipe> {
  const lines = createInterface({ input: process.stdin });
  const opened: NonNullable<typeof pipe> = { lines, waiting: [], wanted: [], ended: false };
  lines.on('line', (line) => {
    const next = opened.wanted.shift();
    if (next) next(line);
    else opened.waiting.push(line);
  });
  lines.on('close', () => {
    opened.ended = true;
    for (const next of opened.wanted.splice(0)) next(null);
  });
  return opened;
}
