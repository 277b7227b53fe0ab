import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Log } from '#contract';
import { sniff } from '../files.ts';
import type { Answered } from './child.ts';

/** What became of a file that a citizen sent; `refused`: why it is not kept. */
export type Taken = { mime: 'image/jpeg' | 'application/pdf'; bytes: Uint8Array } | { refused: PhotoFault };
export type PhotoFault = 'heic' | 'type' | 'unreadable';

export interface Photos {
  /** A photo without anything but its picture, at most 2048 pixels long; a PDF as it came. Never throws. */
  take(bytes: Uint8Array): Promise<Taken>;
  close(): void;
}

const PICTURES: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/webp', 'image/gif']);
const LIMITS = { idleMs: 30_000, eachMs: 20_000 };
type Options = Partial<typeof LIMITS> & { log?: Pick<Log, 'warn'> };
const CHILD = fileURLToPath(new URL('./child.ts', import.meta.url));

/**
 * Pictures are decoded in a process of their own, one after the other: it may die of a hostile file, it is stopped when
 * one takes too long, and its memory is given back when nobody has sent any for a while.
 */
export function createPhotos(options: Options = {}): Photos {
  const { idleMs, eachMs, log } = { ...LIMITS, ...options };
  let child: ChildProcess | undefined;
  let idle: NodeJS.Timeout | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let count = 0;
  const end = () => {
    child?.kill('SIGKILL');
    child = undefined;
  };
  /** One that dies while nobody asks it anything is not asked again. */
  const start = (): ChildProcess => {
    const started = fork(CHILD, { serialization: 'advanced', stdio: 'ignore', execArgv: [], env: {} });
    started.once('exit', () => {
      if (child === started) child = undefined;
    });
    return started;
  };
  const shrink = async (bytes: Uint8Array): Promise<Uint8Array | null> => {
    clearTimeout(idle);
    child ??= start();
    const shrunk = await ask(child, { id: ++count, bytes }, eachMs);
    if (shrunk === undefined) {
      log?.warn({ bytes: bytes.byteLength }, 'photos: the process that reads them died, or was stopped after too long');
      end();
    }
    idle = setTimeout(end, idleMs).unref();
    return shrunk ?? null;
  };
  return {
    async take(bytes) {
      const mime = await sniff(bytes).catch(() => undefined);
      if (mime === 'application/pdf') return { mime, bytes };
      if (mime === 'image/heic' || mime === 'image/heif') return { refused: 'heic' };
      if (!mime || !PICTURES.has(mime)) return { refused: 'type' };
      const mine = last.then(() => shrink(bytes));
      last = mine;
      const shrunk = await mine;
      return shrunk ? { mime: 'image/jpeg', bytes: shrunk } : { refused: 'unreadable' };
    },
    close() {
      clearTimeout(idle);
      end();
    },
  };
}

/** `undefined`: the child died, or took too long. */
function ask(child: ChildProcess, asked: { id: number; bytes: Uint8Array }, ms: number) {
  return new Promise<Uint8Array | null | undefined>((resolve) => {
    const done = (result: Uint8Array | null | undefined) => {
      clearTimeout(timer);
      child.off('message', hear).off('exit', gone).off('error', gone);
      resolve(result);
    };
    const hear = ({ id, bytes }: Answered) => {
      if (id === asked.id) done(bytes);
    };
    const gone = () => done(undefined);
    const timer = setTimeout(gone, ms);
    child.on('message', hear).on('exit', gone).on('error', gone);
    child.send(asked, (error) => error && gone());
  });
}
