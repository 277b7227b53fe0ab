import type { ImapFlow, SearchObject } from 'imapflow';
import { instanceMark } from './ids.ts';
import { type Context, inSession } from './imap/client.ts';
import { found, specialFolder } from './imap/folders.ts';

const DAY_MS = 86_400_000;

/**
 * What names a mail of ours in the folder of sent mail: its Message-ID, and where the server gave it another one, the key
 * at the beginning of `X-Hub-Outbox`. The key alone, as what follows it is signed anew once the hub's keys are rotated.
 */
export interface OurMail {
  key: string;
  messageId: string;
}

/** Runs `work` with the folder of sent mail open; `undefined` where there is none. */
export async function inSent<T>(
  ctx: Context,
  what: string,
  readOnly: boolean,
  work: (client: ImapFlow, path: string) => Promise<T>,
): Promise<T | undefined> {
  return inSession(ctx, what, async ({ client }) => {
    const { sent } = ctx.settings.folders;
    const path = sent ?? (await specialFolder(client, '\\Sent'));
    if (!path) return undefined;
    if (readOnly) await client.mailboxOpen(path, { readOnly });
    return work(client, path);
  });
}

/**
 * The Message-ID (without `<>`) under which our mail lies in the open folder; `null` when the server has searched and has
 * none. Throws when it could not search. `since`: servers compare days only, and clocks differ, so a day is added.
 */
export async function findOurs(client: ImapFlow, { key, messageId }: OurMail, since: Date): Promise<string | null> {
  const from = new Date(since.getTime() - DAY_MS);
  let matched = false;
  // One after the other: not every server searches for alternatives.
  for (const header of [{ 'message-id': messageId }, { 'x-hub-outbox': key }]) {
    const uids = await search(client, { since: from, header });
    matched ||= uids.length > 0;
    for (const uid of uids.slice(-20)) {
      const row = await client.fetchOne(String(uid), { uid: true, headers: true }, { uid: true });
      const ids = idsOf(row ? row.headers : undefined);
      if (ids.outbox?.split('.', 1)[0] === key || ids.messageId === messageId) return ids.messageId ?? messageId;
    }
  }
  // Something matched, and was not ours or is gone: that is no proof that nothing is there.
  if (matched) throw new Error('the search found what could not be read');
  return null;
}

const search = async (client: ImapFlow, query: SearchObject): Promise<number[]> =>
  found(await client.search(query, { uid: true }), 'Looking for a sent mail');

/** Is there anything that this hub sent on this channel lately? */
export async function hasOurs(client: ImapFlow, ctx: Context, since: Date): Promise<boolean> {
  const query = { since, header: { 'x-hub-instance': instanceMark(ctx.tokens) } };
  return (await search(client, query)).length > 0;
}

function idsOf(head: Buffer | undefined): { outbox?: string | undefined; messageId?: string | undefined } {
  const lines = (head?.toString('utf8') ?? '').replace(/\r\n[ \t]+/g, ' ').split('\r\n');
  const field = (name: string) => {
    const line = lines.find((one) => one.toLowerCase().startsWith(`${name}:`));
    return (
      line
        ?.slice(name.length + 1)
        .trim()
        .replace(/^<|>$/g, '') || undefined
    );
  };
  return { outbox: field('x-hub-outbox'), messageId: field('message-id') };
}
