import { setTimeout as sleep } from 'node:timers/promises';

/** Tries until it no longer throws; gives up with its last error after `ms`. */
export async function eventually<T>(attempt: () => T | Promise<T>, ms = 20_000, pause = 50): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > end) throw error;
      await sleep(pause);
    }
  }
}
