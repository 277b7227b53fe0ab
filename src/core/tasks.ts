/** Promises under way. */
export interface Tasks {
  add(task: Promise<void>): void;
  size(): number;
  /** Has one of them failed? */
  failed(): boolean;
  /** Resolves when one of those under way ends; never when there is none. */
  next(): Promise<void>;
  /** Resolves when all have ended; rejects with the first failure. */
  all(): Promise<void>;
}

export function createTasks(): Tasks {
  const under = new Set<Promise<void>>();
  const failures: unknown[] = [];
  return {
    add: (task) => {
      const work = task
        .catch((error) => {
          failures.push(error);
        })
        .finally(() => under.delete(work));
      under.add(work);
    },
    size: () => under.size,
    failed: () => failures.length > 0,
    next: () => Promise.race(under),
    all: async () => {
      await Promise.all(under);
      if (failures.length > 0) throw failures[0];
    },
  };
}
