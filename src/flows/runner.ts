import type { Log } from '#contract';
import type { Stage } from '../queue/stages.ts';

export type Drain = (subject: string) => Promise<void>;

export interface Runner {
  /** Drains a subject at a stage; while that runs in this process, further calls become one more run after it. */
  run(stage: Stage | 'triage', subject: string): Promise<void>;
  /** Resolves when nothing runs any more. */
  idle(): Promise<void>;
}

/** Keeps one drain per stage and subject in this process, whether a queue job or the sweep asks for it. */
export function createRunner(drains: Readonly<Record<Stage | 'triage', Drain>>, log: Log): Runner {
  const running = new Map<string, { again: boolean; done: Promise<void> }>();

  async function loop(stage: Stage | 'triage', subject: string, key: string): Promise<void> {
    try {
      do {
        running.get(key)!.again = false;
        await drains[stage](subject);
      } while (running.get(key)!.again);
    } catch (error) {
      // The rows still wait; the sweep comes back to them.
      log.warn({ stage, subject, error: (error as Error).message }, 'flow: interrupted, the sweep will go on');
    } finally {
      running.delete(key);
    }
  }

  return {
    run: (stage, subject) => {
      const key = `${stage} ${subject}`;
      const current = running.get(key);
      if (current) {
        current.again = true;
        return current.done;
      }
      const entry = { again: false, done: Promise.resolve() };
      running.set(key, entry);
      entry.done = loop(stage, subject, key);
      return entry.done;
    },
    idle: async () => {
      while (running.size > 0) await Promise.all([...running.values()].map((entry) => entry.done));
    },
  };
}
