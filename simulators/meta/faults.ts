import { setTimeout as sleep } from 'node:timers/promises';
import { type Fault, type FaultInput, fault } from './options.ts';

/** The knobs: which faults stand, and how often each was met. */
export class Faults {
  #standing: { fault: Fault; on: RegExp; asked: number; met: number }[] = [];

  constructor(faults: readonly FaultInput[]) {
    this.set(faults);
  }

  set(faults: readonly FaultInput[]): void {
    this.#standing = faults.map((one) => {
      const parsed = fault.parse(one);
      return { fault: parsed, on: new RegExp(parsed.on), asked: 0, met: 0 };
    });
  }

  list(): (Fault & { met: number })[] {
    return this.#standing.map(({ fault, met }) => ({ ...fault, met }));
  }

  /** Waits as the delays say; gives the first other fault that this call meets. Asking counts. */
  async meet(method: string, path: string): Promise<Fault | null> {
    const met = this.#standing.filter((one) => picks(one, method, path)).map((one) => one.fault);
    const ms = met.filter((one) => one.do === 'delay').reduce((sum, one) => sum + one.ms, 0);
    if (ms > 0) await sleep(ms, undefined, { ref: false });
    return met.find((one) => one.do !== 'delay') ?? null;
  }
}

/** Evenly spread and the same each run: a call meets it when the running total reaches a whole number. */
function picks(one: { fault: Fault; on: RegExp; asked: number; met: number }, method: string, path: string): boolean {
  const { reads, times, ratio } = one.fault;
  if (!one.on.test(path) || (method === 'GET' && !reads) || (times !== undefined && one.met >= times)) return false;
  const before = Math.floor(one.asked * ratio);
  one.asked += 1;
  if (Math.floor(one.asked * ratio) === before) return false;
  one.met += 1;
  return true;
}
