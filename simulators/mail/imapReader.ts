import type { Socket } from 'node:net';

/** Reads commands from a socket: lines, with their literals (`{12}` CRLF and 12 bytes) put in as quoted strings. */
export class CommandReader {
  readonly #socket: Socket;
  #held = Buffer.alloc(0);
  #ended = false;
  #wake: () => void = () => {};

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.#held = Buffer.concat([this.#held, chunk]);
      this.#wake();
    });
    socket.once('close', () => {
      this.#ended = true;
      this.#wake();
    });
  }

  /** The next command and the bytes of its literals; `null` when the client has gone. */
  async next(): Promise<{ line: string; literals: Buffer[] } | null> {
    const literals: Buffer[] = [];
    for (let line = ''; ; ) {
      const part = await this.#line();
      if (part === null) return null;
      line += part;
      const [marker, digits, plus] = /\{(\d+)(\+?)\}$/.exec(part) ?? [];
      if (marker === undefined) return { line, literals };
      if (!plus) this.#socket.write('+ go on\r\n');
      const bytes = await this.#bytes(Number(digits));
      if (bytes === null) return null;
      literals.push(bytes);
      line = `${line.slice(0, -marker.length)}${literal(literals.length - 1)}`;
    }
  }

  async #line(): Promise<string | null> {
    const text = await this.#until(() => {
      const end = this.#held.indexOf('\r\n');
      return end < 0 ? undefined : end + 2;
    });
    return text === null ? null : text.toString('utf8').slice(0, -2);
  }

  #bytes(count: number): Promise<Buffer | null> {
    return this.#until(() => (this.#held.length >= count ? count : undefined));
  }

  async #until(measure: () => number | undefined): Promise<Buffer | null> {
    for (;;) {
      const count = measure();
      if (count !== undefined) {
        const taken = this.#held.subarray(0, count);
        this.#held = this.#held.subarray(count);
        return taken;
      }
      if (this.#ended) return null;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

/** How a literal is named inside a command's text. */
export const literal = (index: number): string => `\uE000${index}\uE000`;

/** Atoms, quoted strings, parenthesised lists and literals of a command's arguments. */
export type Token = string | Token[];

export function tokensOf(args: string, literals: readonly Buffer[]): Token[] {
  const stack: Token[][] = [[]];
  const pattern = /\(|\)|"((?:[^"\\]|\\.)*)"|\uE000(\d+)\uE000|([^\s()"\uE000]+)/g;
  for (const [whole, quoted, index, atom] of args.matchAll(pattern)) {
    if (whole === '(') stack.push([]);
    else if (whole === ')') {
      const list = stack.pop() ?? [];
      stack.at(-1)?.push(list);
    } else if (index !== undefined) stack.at(-1)?.push(literals[Number(index)]?.toString('utf8') ?? '');
    else stack.at(-1)?.push(quoted === undefined ? (atom ?? '') : quoted.replace(/\\(.)/g, '$1'));
  }
  return stack[0] ?? [];
}
