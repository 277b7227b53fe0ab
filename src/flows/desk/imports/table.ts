import { setImmediate as immediate } from 'node:timers/promises';
import type { Channel } from '../../../config/channel.ts';
import type { Actor } from '../../../core/access.ts';
import type { ImportField, ImportMapping } from '../../../core/imports/fields.ts';
import type { ReadRow, RowFault } from '../../../core/imports/rows.ts';
import {
  beginTable,
  keyOf,
  type ReadTable,
  readSome,
  type SourceRow,
  statusKeyOf,
  toMend,
} from '../../../core/imports/table.ts';
import { sha256 } from '../../../core/sealed.ts';
import { readTableApart } from '../../../platform/tables/index.ts';
import { knownKeys } from '../../../store/items.ts';
import { messagesByObject } from '../../../store/register.ts';
import type { DeskDeps } from '../../deps.ts';
import { type Became, CHUNK, enterMany, type ManyEntry } from '../../enterMany.ts';
import { actorName } from '../desk.ts';
import { channelFor, usualSurface } from '../enter.ts';
import { hashOf, readable, recordImport, unreadable } from './file.ts';

export interface TableImport {
  channel: string;
  bytes: Uint8Array;
  /** Goes before what the channel's file says. */
  mapping?: ImportMapping | undefined;
  /** Only says what would become of each row. */
  dry: boolean;
}

/** `changed`: known there, with other words now. */
export type RowBecomes = 'new' | 'changed' | 'known' | 'waiting' | 'failed';

export interface TableResult {
  format: 'csv' | 'xlsx';
  sha256: string;
  sheet: string | null;
  /** What was taken from which column. */
  columns: { field: ImportField; header: string }[];
  /** Columns that nothing was taken from. */
  unused: string[];
  counts: Record<'rows' | RowBecomes | 'statuses' | 'repeated' | 'faulty', number>;
  rows: { row: number; id: string | null; becomes: RowBecomes }[];
  faults: RowFault[];
  /** The faulty rows as CSV, to be mended and imported again. */
  mend: string | null;
}

/**
 * Takes in every good row of a CSV or Excel file and names the others. The same row again adds nothing; a number that is
 * known with other words is another version of that text. Refuses `unreadable_file` where no row can be read.
 */
export async function importTable(deps: DeskDeps, actor: Actor, order: TableImport): Promise<TableResult> {
  const channel = channelFor(deps, actor, { channel: order.channel });
  const mapping = merged(channel, order.mapping);
  const table = await readable(readTableApart(order.bytes, { sheet: mapping.sheet }));
  const read = await rowsOf(deps, channel, table.rows, mapping);
  const done = await takeAll(deps, channel, actor, read, order.dry);
  const all = resultOf(table.rows, read, done);
  const file = { format: table.format, sha256: hashOf(order.bytes), sheet: table.sheet ?? null };
  if (!order.dry)
    await recordImport(deps, actor, {
      channel: channel.id,
      ...{ format: file.format, sha256: file.sha256 },
      counts: all.counts,
    });
  return { ...file, ...all };
}

function merged(channel: Channel, said: ImportMapping = {}): ImportMapping {
  const own = channel.import ?? {};
  return { ...own, ...said, columns: { ...own.columns, ...said.columns } };
}

async function rowsOf(
  deps: DeskDeps,
  channel: Channel,
  rows: readonly SourceRow[],
  mapping: ImportMapping,
): Promise<ReadTable> {
  const surface = channel.import?.surface ?? usualSurface(deps.adapters[channel.adapter], channel);
  const rules = { mapping, surface, timezone: deps.config.hub.site.timezone, now: deps.clock.now() };
  const read = beginTable(rows, mapping);
  if ('headers' in read) throw noText(read.headers);
  for (let at = read.columns.from; at < rows.length; at += CHUNK) {
    readSome(read, rows.slice(at, at + CHUNK), rules);
    // The same loop answers people.
    await immediate();
  }
  return read;
}

function noText(headers: readonly string[]): Error {
  const seen = headers.map((header) => `"${header}"`).join(', ') || 'tidak ada';
  return unreadable(
    `tidak ada kolom untuk isi aduan. Kolom yang terlihat: ${seen}. Sebutkan kolomnya di berkas kanal, import.columns.text`,
  );
}

interface Done {
  rows: { row: number; id: string | null; becomes: RowBecomes }[];
  statuses: number;
}

async function takeAll(deps: DeskDeps, channel: Channel, actor: Actor, read: ReadTable, dry: boolean): Promise<Done> {
  const done: Done = { rows: [], statuses: 0 };
  for (let at = 0; at < read.good.length; at += CHUNK) {
    const chunk = await planned(deps, channel, read.good.slice(at, at + CHUNK));
    const became = dry
      ? chunk.map(() => 'entered' as const)
      : await enterMany(
          deps,
          { channel, by: actorName(actor) },
          chunk.map(({ entry }) => entry),
        );
    done.rows.push(
      ...chunk.map((one, index) => ({ row: one.row, id: one.id, becomes: becomesOf(one.becomes, became[index]!) })),
    );
    const statuses = await newStatuses(deps, channel, read.good.slice(at, at + CHUNK));
    done.statuses += dry
      ? statuses.length
      : (await enterMany(deps, { channel, by: actorName(actor) }, statuses)).filter((one) => one === 'entered').length;
  }
  return done;
}

const becomesOf = (planned: 'new' | 'changed' | 'known', became: Became): RowBecomes => {
  if (became === 'failed' || became === 'waiting') return became;
  return became === 'known' || became === 'ignored' ? 'known' : planned;
};

interface Planned {
  row: number;
  id: string | null;
  becomes: 'new' | 'changed' | 'known';
  entry: ManyEntry;
}

/** Looks up which rows are known already, and with which words. */
async function planned(deps: DeskDeps, channel: Channel, rows: readonly ReadRow[]): Promise<Planned[]> {
  const now = deps.clock.now();
  const keys = await knownKeys(
    deps.db,
    channel.id,
    rows.map(({ item }) => sha256(keyOf(item))),
  );
  const messages = await messagesByObject(
    deps.db,
    channel.id,
    rows.map(({ item }) => sha256(item.objectId)),
  );
  const objects = new Set(messages.map(({ object_hash }) => object_hash.toString('hex')));
  return rows.map(({ row, id, item }) => {
    const key = keyOf(item);
    const here = objects.has(sha256(item.objectId).toString('hex'));
    const changed = here && !keys.has(sha256(key).toString('hex'));
    const news = changed ? { ...item, edited: true, at: now.toISOString() } : item;
    const becomes = keys.has(sha256(key).toString('hex')) ? 'known' : changed ? 'changed' : 'new';
    return { row, id, becomes, entry: { key, item: news, receivedAt: new Date(item.at) } };
  });
}

/** A status is told once for each word: an older file never takes a report back. */
async function newStatuses(deps: DeskDeps, channel: Channel, rows: readonly ReadRow[]): Promise<ManyEntry[]> {
  const now = deps.clock.now();
  const entries = rows.flatMap(({ item, status }): ManyEntry[] => {
    if (!status) return [];
    const { objectId } = item;
    const told = {
      type: 'status' as const,
      objectId,
      at: now.toISOString(),
      ...status,
      ...(!status.state && { unknown: true }),
    };
    return [{ key: statusKeyOf(objectId, status.code), item: told, receivedAt: now }];
  });
  const known = await knownKeys(
    deps.db,
    channel.id,
    entries.map(({ key }) => sha256(key)),
  );
  return entries.filter(({ key }) => !known.has(sha256(key).toString('hex')));
}

function resultOf(
  source: readonly SourceRow[],
  { columns, good, faults, repeated }: ReadTable,
  { rows, statuses }: Done,
): Omit<TableResult, 'format' | 'sha256' | 'sheet'> {
  const failed = rows.filter(({ becomes }) => becomes === 'failed').map(({ row }) => notStored(row));
  const all = [...faults, ...failed].sort((a, b) => a.row - b.row);
  const count = (becomes: RowBecomes) => rows.filter((row) => row.becomes === becomes).length;
  const faulty = new Set(all.map(({ row }) => row)).size;
  return {
    columns: [...columns.at].map(([field, at]) => ({ field, header: columns.headers[at]!.trim() })),
    unused: columns.unused,
    counts: {
      ...{ rows: good.length + repeated + new Set(faults.map(({ row }) => row)).size, repeated, faulty, statuses },
      ...{ new: count('new'), changed: count('changed'), known: count('known') },
      ...{ waiting: count('waiting'), failed: count('failed') },
    },
    rows,
    faults: all,
    mend: toMend(source, columns, all),
  };
}

const notStored = (row: number): RowFault => ({
  row,
  column: null,
  reason: 'tidak dapat disimpan; coba lagi, dan bila tetap gagal, catat dengan tangan',
});
