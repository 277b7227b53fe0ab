import { type KnobName, type Knobs, type KnobsInput, knobs } from './options.ts';

/** The knobs, and how often each was met. */
export class Faults {
  #standing: Knobs;
  #asked = new Map<KnobName, number>();
  readonly met = new Map<KnobName, number>();

  constructor(given: KnobsInput = {}) {
    this.#standing = knobs.parse(given);
  }

  set(given: KnobsInput): void {
    this.#standing = knobs.parse(given);
    this.#asked.clear();
  }

  list(): Knobs & { met: Record<string, number> } {
    return { ...this.#standing, met: Object.fromEntries(this.met) };
  }

  get delayMs(): number {
    return this.#standing.lambat_ms;
  }

  /** Does this one meet the knob? Evenly spread: when the running total reaches a whole number. Asking counts. */
  meets(name: Exclude<KnobName, 'lambat_ms'>): boolean {
    const ratio = this.#standing[name];
    if (ratio === 0) return false;
    const before = this.#asked.get(name) ?? 0;
    this.#asked.set(name, before + 1);
    if (Math.floor((before + 1) * ratio) === Math.floor(before * ratio)) return false;
    this.met.set(name, (this.met.get(name) ?? 0) + 1);
    return true;
  }
}
