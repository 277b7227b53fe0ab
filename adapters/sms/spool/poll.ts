import { join } from 'node:path';
import type { Page, RawItem } from '#contract';
import { digest } from '../items.ts';
import type { Gammu, GammuContext } from '../settings.ts';
import { bytesOf, moveTo, names, timesOf, within } from './files.ts';
import { type InboxName, inboxName, sinceOf } from './names.ts';

export interface SpoolCursor {
  /** What the last page gave, by name, with a hash of its bytes. It is stored by now, and is put away. */
  taken: Record<string, string>;
  /** How far sent and failed messages were told: when the newest of them was moved there, ISO 8601. */
  told: string | null;
}

const START: SpoolCursor = { taken: {}, told: null };
const WHAT = 'Membaca folder modem';
/** Messages on a page. */
const MOST = 100;
/** Clocks of file systems count in steps. What was told comes twice, and is recognised. */
const OVERLAP_MS = 60_000;

/**
 * One page of the inbox. The operator's files are only moved, and only once the page that gave them is stored: the cursor
 * that names them comes back with the next call.
 */
export const page = (after: SpoolCursor | null, ctx: GammuContext): Promise<Page<SpoolCursor>> =>
  within(WHAT, async () => {
    const { taken, told } = after ?? START;
    await putAway(ctx.settings, taken);
    const waiting = await messages(ctx);
    const batch = waiting.slice(0, MOST);
    const read = (await Promise.all(batch.map((one) => readMessage(ctx, one)))).filter((one) => one !== null);
    const kept = await filed(ctx, told);
    const next = {
      taken: Object.assign({}, ...read.map((one) => one.hashes)) as Record<string, string>,
      told: kept.told,
    };
    return { items: [...read.map((one) => one.item), ...kept.items], next, more: waiting.length > batch.length };
  });

export const doneOf = ({ done, inbox }: Gammu): string => done ?? join(inbox, 'done');

/** The modem may have used a name again for another message: only what is the same is put away. */
async function putAway(settings: Gammu, taken: SpoolCursor['taken']): Promise<void> {
  for (const [name, hash] of Object.entries(taken)) {
    const path = join(settings.inbox, name);
    const bytes = await bytesOf(path);
    if (bytes && digest(bytes) === hash) await moveTo(doneOf(settings), path, name);
  }
}

interface Message {
  parts: InboxName[];
  /** An earlier part has not come. */
  gap: boolean;
}

/** The messages that lie in the inbox whole. gammu-smsd writes the parts of one message one after the other. */
async function messages({ settings, now }: GammuContext): Promise<Message[]> {
  const found = (await names(settings.inbox)).flatMap((name) => inboxName(name) ?? []);
  const joined = assemble(found.sort((a, b) => (a.name < b.name ? -1 : 1)));
  const ages = await Promise.all(
    joined.map(async ({ parts }) => {
      const times = await Promise.all(parts.map(({ name }) => timesOf(join(settings.inbox, name))));
      // A clock that was set back must not hold a message back.
      return Math.abs(now().getTime() - Math.max(...times.map((one) => one?.mtimeMs ?? 0)));
    }),
  );
  return joined.filter(({ gap }, n) => (ages[n] ?? 0) >= (gap ? settings.partsWait : settings.settle));
}

/** Parts of a message have the sender and the serial of its first; each has the time of its own. */
function assemble(sorted: readonly InboxName[]): Message[] {
  const heads: Message[] = sorted.filter((one) => one.part === 0).map((one) => ({ parts: [one], gap: false }));
  const rest = sorted.filter((one) => one.part > 0).sort((a, b) => a.part - b.part);
  for (const part of rest) {
    const open = heads.filter(({ parts }) => continues(parts, part));
    const nearest = open.sort((a, b) => distance(a, part) - distance(b, part))[0];
    if (nearest) nearest.parts.push(part);
    else heads.push({ parts: [part], gap: true });
  }
  return heads;
}

/** Between the times of two parts, as the network wrote them. */
const APART_S = 3_600;

function continues(parts: readonly InboxName[], { sender, serial, part, kind, at }: InboxName): boolean {
  const last = parts.at(-1);
  const fits = last?.sender === sender && last.serial === serial && last.kind === kind && last.part === part - 1;
  return fits && Math.abs(seconds(last.at) - seconds(at)) < APART_S;
}

const distance = ({ parts }: Message, { at }: InboxName): number => Math.abs(seconds(parts[0]?.at ?? at) - seconds(at));

const seconds = (at: string): number =>
  Date.parse(at.replace(/^(\d{4})(\d\d)(\d\d)_(\d\d)(\d\d)(\d\d)$/, '$1-$2-$3T$4:$5:$6Z')) / 1_000;

async function readMessage({ settings, channel }: GammuContext, { parts, gap }: Message) {
  const read = await Promise.all(parts.map(({ name }) => bytesOf(join(settings.inbox, name))));
  // Somebody took a part away while we looked.
  if (read.some((bytes) => bytes === null)) return null;
  const files = read.map((bytes, n) => ({ name: parts[n]?.name ?? '', bytes: bytes ?? new Uint8Array() }));
  const raw = { files: files.map(({ name, bytes }) => ({ name, base64: Buffer.from(bytes).toString('base64') })) };
  const key = `in:${files[0]?.name}:${digest(...files.map((one) => one.bytes))}`;
  const item: RawItem = { account: channel.account, key, raw: JSON.stringify({ ...raw, ...(gap && { gap }) }) };
  return { item, hashes: Object.fromEntries(files.map(({ name, bytes }) => [name, digest(bytes)])) };
}

/** What became of messages of ours since `told`: the folder says it, and when a file was moved there. */
async function filed(ctx: GammuContext, told: string | null): Promise<{ items: RawItem[]; told: string | null }> {
  const { sent, error, keep } = ctx.settings;
  const oldest = ctx.now().getTime() - keep;
  const since = told === null ? oldest : Date.parse(told) - OVERLAP_MS;
  let newest = told;
  const items: RawItem[] = [];
  for (const [state, folder] of [
    ['sent', sent],
    ['failed', error],
  ] as const) {
    for (const name of await names(folder)) {
      if ((sinceOf(name) ?? 0) < oldest) continue;
      const times = await timesOf(join(folder, name));
      if (!times || times.ctimeMs < since) continue;
      const at = times.ctime.toISOString();
      if (newest === null || at > newest) newest = at;
      const raw = JSON.stringify({ kept: { name, state, at } });
      items.push({ account: ctx.channel.account, key: `${state}:${name}`, raw });
    }
  }
  return { items, told: newest };
}
