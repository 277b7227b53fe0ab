import type { ImapFlow } from 'imapflow';
import { ChannelError } from '#contract';
import type { Settings } from '../settings.ts';

export type Role = 'inbox' | 'junk';

export interface Folder {
  path: string;
  role: Role;
}

/** The folder for one use that the server marks, or that is called as such folders are. */
export async function specialFolder(client: ImapFlow, use: '\\Junk' | '\\Sent'): Promise<string | undefined> {
  return (await client.list()).find((one) => one.specialUse === use)?.path;
}

/** What is read: the inbox, and where suspected spam lies. */
export async function foldersToRead(client: ImapFlow, { folders }: Settings): Promise<Folder[]> {
  const junk = folders.junk ?? (await specialFolder(client, '\\Junk'));
  const inbox: Folder = { path: folders.inbox, role: 'inbox' };
  return junk && junk !== folders.inbox ? [inbox, { path: junk, role: 'junk' }] : [inbox];
}

/** A search that the server refused is no empty folder. */
export function found(uids: number[] | false | undefined, what: string): number[] {
  if (Array.isArray(uids)) return uids;
  throw new ChannelError('retry', `${what}: the server refused the search`);
}

/** `[1, 2, 3, 7]` to `1:3,7`. Ascending. */
export function rangeOf(uids: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const uid of uids) {
    const last = ranges.at(-1);
    if (last && uid === last[1] + 1) last[1] = uid;
    else ranges.push([uid, uid]);
  }
  return ranges.map(([from, to]) => (from === to ? String(from) : `${from}:${to}`)).join(',');
}
