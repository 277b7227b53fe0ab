import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Json, RawItem } from '#contract';
import { parseJson } from '../_meta/json.ts';
import { readDate } from './dates.ts';
import { at, type Fields, listAt, textAt } from './path.ts';
import type { Context, Entries, Field, Settings } from './settings.ts';

/** One report as the portal gives it: the row of its list, and what the details say. */
export interface Report {
  id: string;
  row: Json;
  /** What the mapping begins with: the report's own object. */
  root: Json;
  /** Whole answers of the details, by name. */
  details: Record<string, Json>;
}

/** What is stored and later read by `normalise`: one event of a report. */
const shared = { report: z.string().optional(), changed: z.string().optional() };
const whole = { root: z.json(), row: z.json().optional(), details: z.record(z.string(), z.json()).optional() };
export const partSchema = z.discriminatedUnion('part', [
  z.object({ part: z.literal('report'), edits: z.int().optional(), ...shared, ...whole }),
  z.object({ part: z.literal('status'), moves: z.int().optional(), ...shared, ...whole }),
  z.object({ part: z.literal('entry'), kind: z.int(), ...shared, entry: z.json(), about: z.json().optional() }),
  z.object({ part: z.literal('gone'), ...shared }),
]);
export type Part = z.infer<typeof partSchema>;

/** What is remembered of a report, so that its events have the same names each time. */
const memory = z.object({
  /** Of the words that were seen last, and how often they were seen to change. */
  words: z.string(),
  edits: z.int(),
  status: z.string().optional(),
  /** How often its status was seen to change. */
  moves: z.int(),
});

export const digest = (value: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(value) ?? '')
    .digest('base64url')
    .slice(0, 16);

/** When it changed last, in ISO 8601. */
export function changedAt(settings: Settings, root: unknown): string | undefined {
  const { since } = settings;
  return since && readDate(textAt(root, since.from), since.format, since.zone);
}

/** What a citizen would call the report's words: the names that the mapping of title and text begins with. */
function wordsOf({ map }: Settings, root: Json): Json[] {
  const texts = [map.text, map.title].flatMap((field: Field | undefined) => field?.from ?? []);
  const names = texts.flatMap((text) => [...text.matchAll(/(?<![\w.$"'])[A-Za-z_]\w*/g)].map(([name]) => name));
  return [...new Set(names)].map((name) => (at(root, name) ?? null) as Json);
}

/** Every event of a report: its words, its status, what was written below it, its end. */
export async function eventsOf(ctx: Context, report: Report): Promise<RawItem[]> {
  const { settings } = ctx;
  const { id, root } = report;
  const changed = changedAt(settings, root) ?? changedAt(settings, report.row);
  const about = { report: id, ...(changed !== undefined && { changed }) };
  const words = digest(wordsOf(settings, root));
  const status = settings.status && textAt(root, settings.status.from);
  const known = await remember(ctx, id, words, status);
  const item = (key: string, part: Part): RawItem => rawItem(ctx.channel.account, key, part);
  const { row, details } = report;
  return [
    item(`report ${id} ${known.edits} ${words}`, { part: 'report', ...about, edits: known.edits, root, row, details }),
    ...(status === undefined
      ? []
      : [
          item(`status ${id} ${known.moves} ${digest(status)}`, {
            part: 'status',
            moves: known.moves,
            ...about,
            root,
            row,
            details,
          }),
        ]),
    ...settings.entries.flatMap((entries, kind) => entriesOf(report, entries, kind, about, item)),
    ...(isWithdrawn(settings, root) ? [goneItem(ctx.channel.account, id, changed)] : []),
  ];
}

const isWithdrawn = ({ withdrawn }: Settings, root: Json): boolean =>
  withdrawn?.is.includes(String(at(root, withdrawn.from))) ?? false;

export function goneItem(account: string, report: string, changed: string | undefined): RawItem {
  return rawItem(account, `gone ${report}`, { part: 'gone', report, ...(changed !== undefined && { changed }) });
}

export function rawItem(account: string, key: string, part: Part): RawItem {
  const short = key.length <= 200 ? key : `${key.slice(0, 100)} ${digest(key)}`;
  return { account, key: short, raw: JSON.stringify(part) };
}

/** What cannot be read as a report is kept all the same; `normalise` says why. */
export const strangeItem = (account: string, row: Json): RawItem =>
  rawItem(account, `strange ${digest(row)}`, { part: 'report', root: row });

function entriesOf(
  { id, root, row, details }: Report,
  entries: Entries,
  kind: number,
  about: { report: string; changed?: string },
  item: (key: string, part: Part) => RawItem,
): RawItem[] {
  const holder = entries.of === undefined ? root : entries.of === 'list' ? row : details[entries.of];
  return (listAt(holder, entries.from) as Json[]).map((entry) => {
    const name = textAt(entry, entries.id);
    const content = { part: 'entry' as const, kind, ...about, entry };
    if (name === undefined) return item(`entry ${id} ? ${digest(entry)}`, content);
    return item(`entry ${id} ${kind} ${name} ${digest(essence(entry))}`, content);
  });
}

/** Addresses that expire are others each time, and no news. */
export const essence = (entry: Json): Json =>
  JSON.parse(
    JSON.stringify(entry, (_, value: Json) => (typeof value === 'string' && /^https?:/.test(value) ? '' : value)),
  ) as Json;

type Memory = z.infer<typeof memory>;

/** Asked twice for the same state it says the same: a poll may be stopped before its page is saved. */
async function remember(ctx: Context, id: string, words: string, status: string | undefined): Promise<Memory> {
  const name = `report ${digest(id)}`;
  const old = memory.safeParse(await ctx.store.get(name));
  if (old.success && old.data.status === status && old.data.words === words) return old.data;
  const stands = await ctx.store.update(name, async (before) => {
    const known = memory.safeParse(before).data ?? { words, edits: 0, status, moves: 0 };
    const edits = known.edits + (known.words === words ? 0 : 1);
    const moves = known.moves + (known.status === status ? 0 : 1);
    return { words, edits, moves, ...(status !== undefined && { status }) };
  });
  return memory.parse(stands);
}

/** A stored event. Throws an Error that quotes nothing of it. */
export function readPart(raw: string | Uint8Array): Part {
  const read = partSchema.safeParse(parsed(typeof raw === 'string' ? raw : new TextDecoder().decode(raw)));
  if (!read.success) throw new Error('This is no event of a report');
  return read.data;
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    throw new Error('The event is not JSON');
  }
}

export type { Fields };
