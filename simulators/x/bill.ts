/** What X charges, in US dollars (X API, "Pricing"). */
const PRICES = {
  ...{ ownedRead: 0.001, postRead: 0.005, userRead: 0.01, dmRead: 0.01 },
  ...{ reply: 0.01, post: 0.015, postWithUrl: 0.2, dm: 0.015 },
};
export type Charge = keyof typeof PRICES;

/** The bill: what was charged, and what credit is left. Reading the same thing again on a day (UTC) is free. */
export class Bill {
  readonly charged: Record<Charge, number> = {
    ...{ ownedRead: 0, postRead: 0, userRead: 0, dmRead: 0, reply: 0, post: 0, postWithUrl: 0, dm: 0 },
  };
  credit: number | null;
  #day = '';
  #seen = new Set<string>();
  #now: () => number;

  constructor(credit: number | null, now: () => number) {
    this.credit = credit;
    this.#now = now;
  }

  get spent(): number {
    return Object.values(this.charged).reduce((sum, one) => sum + one, 0);
  }

  /** A new month: everything is at nothing again. */
  settle(): void {
    for (const name of Object.keys(this.charged) as Charge[]) this.charged[name] = 0;
  }

  get isEmpty(): boolean {
    return this.credit !== null && this.spent >= this.credit;
  }

  read(what: Charge, ids: readonly string[]): void {
    const day = new Date(this.#now()).toISOString().slice(0, 10);
    if (day !== this.#day) this.#seen.clear();
    this.#day = day;
    const fresh = ids.filter((id) => !this.#seen.has(id));
    for (const id of fresh) this.#seen.add(id);
    this.charged[what] += fresh.length * PRICES[what];
  }

  charge(what: Charge): void {
    this.charged[what] += PRICES[what];
  }
}

const WINDOW_MS = 15 * 60_000;

/** Calls of each kind in a window of 15 minutes, told in headers. */
export class Limits {
  #windows = new Map<string, { until: number; used: number }>();
  #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Counts a call. `over`: it is one too many. */
  take(kind: string, most: number): { headers: Record<string, string>; over: boolean } {
    const now = this.#now();
    const known = this.#windows.get(kind);
    const window = known && known.until > now ? known : { until: now + WINDOW_MS, used: 0 };
    window.used += 1;
    this.#windows.set(kind, window);
    const headers = {
      'x-rate-limit-limit': String(most),
      'x-rate-limit-remaining': String(Math.max(0, most - window.used)),
      'x-rate-limit-reset': String(Math.ceil(window.until / 1_000)),
    };
    return { headers, over: window.used > most };
  }
}
