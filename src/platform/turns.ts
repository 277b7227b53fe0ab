import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * Whoever holds a row of the database for a while, and needs more of the database meanwhile, must not wait for others who
 * hold all connections and wait for that row. So they wait here, holding nothing: one for each key, and at most `most` in
 * all. What runs inside of a turn takes another one without waiting here.
 */
export interface Turns {
  run<T>(key: string, work: () => Promise<T>): Promise<T>;
}

export function createTurns(most: number): Turns {
  const inside = new AsyncLocalStorage<true>();
  const last = new Map<string, Promise<unknown>>();
  const waiting: (() => void)[] = [];
  let free = most;

  const enter = async (): Promise<void> => {
    if (free > 0) free -= 1;
    else await new Promise<void>((go) => waiting.push(go));
  };
  const leave = (): void => {
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  };
  const placed = async <T>(work: () => Promise<T>): Promise<T> => {
    await enter();
    try {
      return await inside.run(true, work);
    } finally {
      leave();
    }
  };
  return {
    async run(key, work) {
      if (inside.getStore()) return work();
      const before = last.get(key) ?? Promise.resolve();
      const mine = before.then(() => placed(work));
      const settled = mine.catch(() => {});
      last.set(key, settled);
      try {
        return await mine;
      } finally {
        if (last.get(key) === settled) last.delete(key);
      }
    },
  };
}
