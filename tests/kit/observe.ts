import { AsyncLocalStorage, createHook } from 'node:async_hooks';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { setImmediate as turn } from 'node:timers/promises';

/** Resources of Node that mean a timer, a file, a socket, a process or a thread. */
const OUTSIDE =
  /^(Timeout|FS|FILEHANDLE|TCP|PIPE|UDP|TLS|GETADDRINFO|GETNAMEINFO|QUERYWRAP|HTTP|PROCESSWRAP|WORKER|STATWATCHER|SIGNALWRAP)/;
const SYNC_CALLS = [
  'readFileSync',
  'writeFileSync',
  'appendFileSync',
  'openSync',
  'existsSync',
  'statSync',
  'readdirSync',
] as const;

interface Record_ {
  seen: string[];
  open: Map<number, string>;
}

/**
 * Runs `work` and tells what it used of the outside: async resources of Node by their type, synchronous file calls and
 * the clock. Only what `work` itself started counts. `open`: what it left open.
 */
export async function observed(work: () => Promise<unknown>): Promise<{ seen: string[]; open: string[] }> {
  const mine = new AsyncLocalStorage<Record_>();
  const record: Record_ = { seen: [], open: new Map() };
  const hook = createHook({
    init(id, type) {
      if (!OUTSIDE.test(type) || !mine.getStore()) return;
      record.seen.push(type);
      record.open.set(id, type);
    },
    destroy: (id) => void record.open.delete(id),
  });
  const restore = watchSyncCalls((name) => void mine.getStore()?.seen.push(name));
  hook.enable();
  try {
    await mine.run(record, work);
    // What was started and not awaited, and the ends of what was closed, show a few turns later.
    for (let turns = 0; turns < 10; turns++) await turn();
    return { seen: record.seen, open: [...record.open.values()] };
  } finally {
    hook.disable();
    restore();
  }
}

function watchSyncCalls(note: (name: string) => void): () => void {
  const originals = SYNC_CALLS.map((name) => [name, fs[name]] as const);
  for (const [name, original] of originals) {
    const watched = (...given: unknown[]) => {
      note(name);
      return Reflect.apply(original, fs, given);
    };
    Object.assign(fs, { [name]: watched });
  }
  const clock = globalThis.Date;
  globalThis.Date = watchedClock(clock, note);
  syncBuiltinESMExports();
  return () => {
    Object.assign(fs, Object.fromEntries(originals));
    globalThis.Date = clock;
    syncBuiltinESMExports();
  };
}

function watchedClock(clock: DateConstructor, note: (name: string) => void): DateConstructor {
  return new Proxy(clock, {
    construct(target, given, newTarget) {
      if (given.length === 0) note('new Date()');
      return Reflect.construct(target, given, newTarget) as object;
    },
    get(target, name) {
      if (name !== 'now') return Reflect.get(target, name) as unknown;
      note('Date.now');
      return target.now;
    },
  });
}
