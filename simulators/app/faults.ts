import { setTimeout as sleep } from 'node:timers/promises';
import { type Fault, type FaultInput, fault } from './options.ts';

/** The knobs: which faults stand, and how often each was met. */
export class Faults {
  #standing: { fault: Fault; asked: number; met: number }[] = [];

  constructor(faults: readonly Fault[]) {
    this.set(faults);
  }

  set(faults: readonly FaultInput[]): void {
    this.#standing = faults.map((one) => ({ fault: fault.parse(one), asked: 0, met: 0 }));
  }

  list(): (Fault & { met: number })[] {
    return this.#standing.map(({ fault, met }) => ({ ...fault, met }));
  }

  /** The faults that this request meets. Asking counts. */
  meet(method: string, path: string): Fault[] {
    return this.#standing
      .filter((one) => {
        if (!path.startsWith(one.fault.on) || (method === 'GET' && !one.fault.reads)) return false;
        if (one.fault.times !== undefined && one.met >= one.fault.times) return false;
        // Evenly spread and the same each run: the n-th request meets it when the running total reaches a whole number.
        const before = Math.floor(one.asked * one.fault.ratio);
        one.asked += 1;
        if (Math.floor(one.asked * one.fault.ratio) === before) return false;
        one.met += 1;
        return true;
      })
      .map(({ fault }) => fault);
  }
}

/** Waits as the delays say; gives the first other fault. */
export async function delayed(faults: readonly Fault[]): Promise<Fault | null> {
  const ms = faults.filter((one) => one.do === 'delay').reduce((sum, one) => sum + one.ms, 0);
  if (ms > 0) await sleep(ms, undefined, { ref: false });
  return faults.find((one) => one.do !== 'delay') ?? null;
}
