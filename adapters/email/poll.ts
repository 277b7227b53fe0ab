import type { Page, RawItem } from '#contract';
import { type Cursor, cursor, withSweep } from './cursor.ts';
import { readFolder, type Step } from './folder.ts';
import { type Context, inSession, type Session } from './imap/client.ts';
import type { Room } from './imap/fetch.ts';
import { type Folder, foldersToRead } from './imap/folders.ts';

/** One page: what is held in memory at once, several times over. */
export const PAGE_ITEMS = 250;
const PAGE_BYTES = 8 * 1024 * 1024;

export const poll = { cursor, every: '2m', page };

/**
 * One page of new mail from all folders, in one session. What was fetched before a connection broke is a page too, so
 * that a mailbox is read to its end however often that happens.
 */
async function page(after: Cursor | null, ctx: Context): Promise<Page<Cursor>> {
  const now = ctx.now();
  const from = withSweep(after ?? { folders: {}, sweptAt: now.toISOString() }, now);
  return inSession(ctx, 'Reading the mailbox', async (session) => {
    const room: Room = { items: PAGE_ITEMS, bytes: PAGE_BYTES };
    const positions = { ...from.folders };
    const items: RawItem[] = [];
    let more = false;
    for (const folder of await foldersToRead(session.client, ctx.settings)) {
      const step = await stepOf(session, ctx, folder, positions, room, items.length > 0);
      if (!step) continue;
      positions[folder.path] = step.position;
      items.push(...step.items);
      more ||= step.more;
      if (!session.client.usable || room.items <= 0 || room.bytes <= 0) {
        more = true;
        break;
      }
    }
    return { items, next: { ...from, folders: positions }, more };
  });
}

/** A junk folder that has vanished is no reason to read no mail at all. */
async function stepOf(
  session: Session,
  ctx: Context,
  folder: Folder,
  positions: Cursor['folders'],
  room: Room,
  someRead: boolean,
): Promise<Step | undefined> {
  try {
    return await readFolder(session, ctx, folder, positions[folder.path], room);
  } catch (error) {
    const missing = (error as { mailboxMissing?: unknown }).mailboxMissing === true;
    if (folder.role === 'inbox' || (!missing && !someRead)) throw error;
    if (missing) ctx.log.warn({ channel: ctx.channel.id }, 'email: the folder of suspected spam is not there');
    return undefined;
  }
}
