import { gone } from './errors.ts';
import type { GraphCall, Parts } from './parts.ts';
import type { Person } from './world.ts';

/** One page of a list, with the cursor after it. */
export function rowsOf<T>(all: readonly T[], { fields }: GraphCall, row: (one: T) => unknown) {
  const from = Number(fields.after ?? 0) || 0;
  const limit = Math.min(Number(fields.limit ?? 25) || 25, 100);
  const data = all.slice(from, from + limit).map(row);
  const next = from + data.length;
  const more = next < all.length && { next: `https://graph.facebook.com/next?after=${next}` };
  return { data, paging: { cursors: { before: String(from), after: String(next) }, ...more } };
}

export function pageOf({ settings }: Parts, account: string): Person {
  const page = settings.pages.find((one) => one.id === account);
  if (!page) throw gone();
  return { id: page.id, name: page.name };
}

/** The Instagram account behind a page. */
export function instagramOf({ settings }: Parts, account: string): Person & { username: string; page: string } {
  const page = settings.pages.find((one) => one.id === account || one.instagram?.id === account);
  if (!page?.instagram) throw gone();
  return { id: page.instagram.id, name: page.name, username: page.instagram.username, page: page.id };
}
