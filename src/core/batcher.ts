export interface BatcherOptions<T> {
  /** The most that go into one flush. */
  max: number;
  /** Flushes under way at once. */
  inFlight: number;
  flush(batch: T[]): Promise<void>;
}

/**
 * Group commit: whoever adds while a flush is under way shares the next one. `add` resolves when the flush that held
 * its value has ended, and rejects when that flush failed.
 */
export function createBatcher<T>({ max, inFlight, flush }: BatcherOptions<T>): (value: T) => Promise<void> {
  let waiting: { value: T; resolve: () => void; reject: (error: unknown) => void }[] = [];
  let running = 0;
  let scheduled = false;

  const start = () => {
    scheduled = false;
    while (running < inFlight && waiting.length > 0) {
      const batch = waiting.slice(0, max);
      waiting = waiting.slice(max);
      running += 1;
      flush(batch.map((entry) => entry.value))
        .then(() => batch.forEach((entry) => void entry.resolve()))
        .catch((error) => batch.forEach((entry) => void entry.reject(error)))
        .finally(() => {
          running -= 1;
          start();
        });
    }
  };
  return (value) =>
    new Promise((resolve, reject) => {
      waiting.push({ value, resolve, reject });
      // What arrives in the same turn of the event loop goes together.
      if (!scheduled && running < inFlight) {
        scheduled = true;
        setImmediate(start);
      }
    });
}
