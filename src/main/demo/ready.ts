import { setTimeout as sleep } from 'node:timers/promises';
import type { Actor } from '../../core/access.ts';
import type { DeskDeps } from '../../flows/deps.ts';
import { type InboxRow, inboxPage } from '../../store/inbox.ts';

const PATIENCE_MS = 60_000;
const LOOK_EVERY_MS = 150;

/** The newest report that can be answered at once: no second person is asked for, and its receipt stands. */
export async function waitForComplaint(deps: DeskDeps, actor: Actor, signal: AbortSignal): Promise<InboxRow> {
  const giveUpAt = performance.now() + PATIENCE_MS;
  while (performance.now() < giveUpAt) {
    const found = await findComplaint(deps, actor);
    if (found) return found;
    await sleep(LOOK_EVERY_MS, undefined, { signal });
  }
  throw new Error(
    'aduan dari aplikasi contoh tidak kunjung masuk; jalankan lagi dengan KANAL_LOG_LEVEL=info untuk melihat sebabnya',
  );
}

async function findComplaint(deps: DeskDeps, actor: Actor): Promise<InboxRow | undefined> {
  const free = deps.config.hub.agencies.filter(({ approval }) => !approval.required).map(({ id }) => id);
  // Both ways in have brought something: what was delivered, and what was polled.
  if ((await inboxPage(deps.db, actor, { surface: ['comment'], limit: 1 })).length === 0) return undefined;
  const rows = await inboxPage(deps.db, actor, { state: ['received'], agency: free, surface: ['report'], limit: 50 });
  return rows.find((row) => !row.secret && row.title !== null && row.publication?.state === 'published');
}

/** How many stand in the inbox, counted up to a hundred. */
export async function countInbox(deps: DeskDeps, actor: Actor): Promise<{ complaints: number; unjudged: number }> {
  const rows = await inboxPage(deps.db, actor, { limit: 100 });
  const unjudged = rows.filter((row) => row.state === 'new').length;
  return { complaints: rows.length - unjudged, unjudged };
}
