import { appendFileSync, existsSync, readFileSync, truncateSync } from 'node:fs';
import { type Item, item } from '#contract';
import type { Landed, Store } from './store.ts';

interface Photo {
  name: string;
  mime: string;
  base64: string;
}

type Line = { account: string; item: Item; photos: Photo[] } | { landed: Landed };

/**
 * Keeps what the application knows in a file, one line of JSON a change: a real application has its data after a
 * restart, too. Fills `store` with what the file holds, then writes every further change into it.
 * Returns the changes that were read, in their order.
 */
export function keepJournal(store: Store, path: string): { account: string; item: Item }[] {
  const changes = readLines(path).flatMap((line) => restore(store, line));
  const write = (line: Line) => appendFileSync(path, `${JSON.stringify(line)}\n`, { mode: 0o600 });
  store.on('filed', (account, item) => write({ account, item, photos: photosOf(store, item) }));
  store.on('landed', (landed) => write({ landed }));
  return changes;
}

/** A process that was killed may have left half a line at the end; nobody was told of it. */
function readLines(path: string): Line[] {
  if (!existsSync(path)) return [];
  const text = readFileSync(path, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole.length < text.length) truncateSync(path, Buffer.byteLength(whole));
  return whole
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
}

function restore(store: Store, line: Line): { account: string; item: Item }[] {
  if ('landed' in line) {
    store.stand(line.landed);
    return [];
  }
  for (const { name, mime, base64 } of line.photos)
    store.media.set(name, { mime, bytes: Buffer.from(base64, 'base64') });
  const change = { account: line.account, item: item.parse(line.item) };
  store.file(change.account, change.item);
  return [change];
}

function photosOf(store: Store, filed: Item): Photo[] {
  const attachments = filed.type === 'message' ? (filed.attachments ?? []) : [];
  return attachments.flatMap(({ ref }) => {
    const name = typeof ref === 'string' ? (ref.split('/').at(-1) ?? '') : '';
    const found = store.media.get(name);
    return found ? [{ name, mime: found.mime, base64: Buffer.from(found.bytes).toString('base64') }] : [];
  });
}
