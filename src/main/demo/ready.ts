import { setTimeout as sleep } from 'node:timers/promises';
import type { Actor } from '../../core/access.ts';
import type { DeskDeps } from '../../flows/deps.ts';
import { type InboxRow, inboxPage } from '../../store/inbox.ts';
import { REVIEWED } from './networks.ts';

const PATIENCE_MS = 60_000;
const LOOK_EVERY_MS = 150;

export interface Subjects {
  /** A report of the application. */
  report: InboxRow;
  /** A mail. */
  mail: InboxRow;
  /** A review of one star that nobody has answered. */
  review: InboxRow;
}

/**
 * The newest of each that can be answered at once: no second person is asked for, and the receipt of a report and of a
 * mail stands.
 */
export async function waitForComplaints(deps: DeskDeps, actor: Actor, signal: AbortSignal): Promise<Subjects> {
  const giveUpAt = performance.now() + PATIENCE_MS;
  while (performance.now() < giveUpAt) {
    // All ways in have brought something: what was delivered, what was polled, and mail.
    const polled = await inboxPage(deps.db, actor, { surface: ['comment'], limit: 1 });
    const report = await answerable(deps, actor, 'report');
    const mail = await answerable(deps, actor, 'mail');
    const review = await angryReview(deps, actor);
    if (polled.length > 0 && report && mail && review) return { report, mail, review };
    await sleep(LOOK_EVERY_MS, undefined, { signal });
  }
  throw new Error('aduan contoh tidak kunjung masuk; jalankan lagi dengan KANAL_LOG_LEVEL=info untuk melihat sebabnya');
}

async function answerable(deps: DeskDeps, actor: Actor, surface: 'report' | 'mail'): Promise<InboxRow | undefined> {
  const free = deps.config.hub.agencies.filter(({ approval }) => !approval.required).map(({ id }) => id);
  const rows = await inboxPage(deps.db, actor, { state: ['received'], agency: free, surface: [surface], limit: 50 });
  return rows.find((row) => !row.secret && row.title !== null && row.publication?.state === 'published');
}

async function angryReview(deps: DeskDeps, actor: Actor): Promise<InboxRow | undefined> {
  const rows = await inboxPage(deps.db, actor, { state: ['new'], agency: [REVIEWED], surface: ['review'], limit: 50 });
  return rows.find(({ rating }) => rating === 1);
}

/** How many stand in the inbox, counted up to a hundred. */
export async function countInbox(deps: DeskDeps, actor: Actor): Promise<{ complaints: number; unjudged: number }> {
  const rows = await inboxPage(deps.db, actor, { limit: 100 });
  const unjudged = rows.filter((row) => row.state === 'new').length;
  return { complaints: rows.length - unjudged, unjudged };
}
