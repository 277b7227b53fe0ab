import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';

/** The terminal, or a stand-in for it. */
export interface Io {
  out(text: string): void;
  err(text: string): void;
  /** A value that must not be seen: from a pipe, or typed without an echo. */
  readHidden(prompt: string): Promise<string>;
}

export const terminal: Io = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  readHidden: async (prompt) => (process.stdin.isTTY ? ask(prompt) : (await text(process.stdin)).replace(/\r?\n$/, '')),
};

function ask(prompt: string): Promise<string> {
  process.stderr.write(prompt);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  return new Promise((resolve) => {
    lines.once('line', (line) => {
      process.stderr.write('\n');
      lines.close();
      resolve(line);
    });
    lines.once('close', () => resolve(''));
  });
}
