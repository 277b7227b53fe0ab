import { type App, type FaultInput, startApp } from '../../simulators/app/index.ts';
import { SIGNING_SECRET } from './hub.ts';

/** What the receiving end can do about a reply that comes twice. */
export type Mode = 'native' | 'lookup' | 'none';

/** Settings of a `webhook` channel whose application this is. */
export const settingsFor = (app: App, mode: Mode) => ({
  baseUrl: app.url,
  token: '${APP_TOKEN}',
  signingSecret: '${APP_SIGNING}',
  idempotency: mode,
});

/** A reference application on the wire. */
export const application = (mode: Mode, faults: FaultInput[] = []): Promise<App> =>
  startApp({ token: 'app-token', signingSecret: SIGNING_SECRET, idempotency: mode, faults });

let n = 0;
/** Fresh object ids. */
export const names = (count: number): string[] => Array.from({ length: count }, () => `p-${++n}`);
