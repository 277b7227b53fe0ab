import { EventEmitter } from 'node:events';

/** An SMS from a citizen to our number. */
export interface Came {
  /** 1, 2, ...: its place in the list. */
  number: number;
  id: string;
  from: string;
  text: string;
  /** ISO 8601. */
  at: string;
}

/** An SMS that the gateway took from the hub. */
export interface Went {
  id: string;
  /** The hub's own reference. */
  reference: string;
  to: string;
  text: string;
  at: string;
  status: Status;
}

export const STATUSES = ['SENT', 'DELIVRD', 'UNDELIV'] as const;
export type Status = (typeof STATUSES)[number];

export interface Kept {
  came: Came[];
  went: Went[];
}

/** All phones and their messages, in memory. Emits `changed` after each change, and what came from whom. */
export class World extends EventEmitter<{ changed: []; came: [Came]; status: [Went] }> {
  readonly came: Came[] = [];
  readonly went: Went[] = [];

  /** Somebody sends an SMS. */
  write(from: string, text: string): Came {
    const number = this.came.length + 1;
    const one = { number, id: `MO${String(number).padStart(6, '0')}`, from, text, at: new Date().toISOString() };
    this.came.push(one);
    this.emit('came', one);
    this.emit('changed');
    return one;
  }

  /** The gateway takes an SMS from the hub. */
  take(about: Pick<Went, 'reference' | 'to' | 'text'>): Went {
    const id = `MT${String(this.went.length + 1).padStart(6, '0')}`;
    const one: Went = { ...about, id, at: new Date().toISOString(), status: 'SENT' };
    this.went.push(one);
    this.emit('changed');
    return one;
  }

  settle(one: Went, status: Status): void {
    one.status = status;
    this.emit('status', { ...one });
    this.emit('changed');
  }

  kept(): Kept {
    return { came: this.came, went: this.went };
  }

  restore({ came, went }: Kept): void {
    this.came.push(...came);
    this.went.push(...went);
  }
}

/** For tests: what went out, and what went to one phone more than once. */
export function tally({ went }: World) {
  const counts = new Map<string, number>();
  const placeOf = ({ to, text }: Went) => JSON.stringify([to, text]);
  for (const one of went) counts.set(placeOf(one), (counts.get(placeOf(one)) ?? 0) + 1);
  return { went, doubled: went.filter((one) => (counts.get(placeOf(one)) ?? 0) > 1) };
}
