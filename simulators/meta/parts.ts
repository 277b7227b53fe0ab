import type { Asked } from '../app/respond.ts';
import type { Access, Token } from './access.ts';
import type { Login } from './consent.ts';
import type { Courier } from './courier.ts';
import type { Faults } from './faults.ts';
import type { MetaSettings } from './options.ts';
import type { World } from './world.ts';

/** Who listens to what: the app's own subscriptions, and those of each account. */
export interface Subscriptions {
  app: Map<string, string[]>;
  assets: Map<string, string[]>;
}

/** Everything the simulation consists of. */
export interface Parts {
  settings: MetaSettings;
  world: World;
  access: Access;
  login: Login;
  courier: Courier;
  faults: Faults;
  subscriptions: Subscriptions;
  /** How full the account's limit is said to be, in percent. */
  usage: { percent: number; minutes: number };
  url(): string;
}

/** One call of Graph, below its version. */
export interface GraphCall extends Asked {
  /** What the pattern of the route caught. */
  caught: string[];
  token: Token | 'app';
  /** Query, form and JSON body together. */
  fields: Record<string, unknown>;
  /** With a multipart body: the file `source` or `file`. */
  file: { name: string; mime: string; bytes: Uint8Array } | null;
}

/** Gives a plain value for 200; `undefined`: not for this route, the next may know it. Throws GraphFailure. */
export type GraphRoute = (parts: Parts, call: GraphCall) => unknown;
export type GraphRoutes = readonly (readonly [method: string, path: RegExp, route: GraphRoute])[];

/** What `publishes` did before a fault acts: the answer then is lost, the work is done. */

export const graphTime = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}+0000`;
export const text = (value: unknown): string => (typeof value === 'string' ? value : '');
