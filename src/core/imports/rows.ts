import { createHash } from 'node:crypto';
import { type KINDS, type MessageItem, messageItem, type State, type Surface } from '#contract';
import { authorOf, type Reporter } from '../entry.ts';
import type { Columns } from './columns.ts';
import { readDate } from './dates.ts';
import { FIELD_NAMES, type ImportField, type ImportMapping, plain } from './fields.ts';
import { stateOf } from './statuses.ts';

export interface RowFault {
  row: number;
  /** The header of its column; `null`: the row as a whole. */
  column: string | null;
  /** In Indonesian: what is wrong, and how it is written rightly. */
  reason: string;
}

export interface ReadRow {
  row: number;
  /** Its number at the place that it comes from; `null`: the file has none, and its content is its name. */
  id: string | null;
  item: MessageItem;
  /** What the file says of its status, word for word. */
  status: { code: string; state?: State } | null;
}

export interface RowRules {
  columns: Columns;
  mapping: ImportMapping;
  surface: Surface;
  /** Of the hub. */
  timezone: string;
  now: Date;
}

const DAY = 86_400_000;
const YES = new Set(['ya', 'y', 'yes', '1', 'true', 'x', 'v', 'benar', 'iya']);
const NO = new Set(['', 'tidak', 't', 'n', 'no', '0', 'false', 'salah', 'bukan', 'publik', 'public', 'terbuka']);
const NAMELESS = new Set(['anonim', 'anonymous', 'hamba allah', 'dirahasiakan', 'disamarkan', 'nn', 'tanpa nama']);
const SECRET = new Set(['rahasia', 'secret', 'private', 'privat']);

/** Reads one row, or says everything that is wrong with it. Pure. */
export function readRow(row: { number: number; cells: readonly string[] }, rules: RowRules): ReadRow | RowFault[] {
  const faults: RowFault[] = [];
  const cell = (field: ImportField): string => unguarded((row.cells[rules.columns.at.get(field) ?? -1] ?? '').trim());
  const bad = (field: ImportField, reason: string) => {
    const at = rules.columns.at.get(field);
    faults.push({ row: row.number, column: at === undefined ? null : rules.columns.headers[at]!.trim(), reason });
  };
  const text = cell('text');
  if (!text) bad('text', 'isinya kosong');
  const times = timesIn(cell, bad, rules);
  const flags = flagsIn(cell, bad, rules.mapping.yes ?? []);
  const permalink = cell('permalink');
  if (permalink && !/^https?:\/\/\S+$/i.test(permalink)) bad('permalink', 'bukan alamat; tulis seperti https://...');
  if (faults.length > 0) return faults;
  const item = itemOf(cell, rules, { text, ...times, ...flags });
  const checked = messageItem.safeParse(item);
  if (checked.success)
    return { row: row.number, id: cell('id') || null, item: checked.data, status: statusIn(cell, rules) };
  return checked.error.issues.map(({ path }) => tooLong(row.number, rules.columns, path));
}

type Cell = (field: ImportField) => string;
type Bad = (field: ImportField, reason: string) => void;

/** What our own list of faulty rows has put before a formula, so that no spreadsheet runs it. */
const unguarded = (text: string): string => (/^'[=+\-@\t\r]/.test(text) ? text.slice(1) : text);

function timesIn(cell: Cell, bad: Bad, { mapping, timezone, now }: RowRules): { at?: Date; occurredAt?: Date } {
  const rules = { formats: mapping.dates, timezone: mapping.timezone ?? timezone };
  const timeIn = (field: 'at' | 'occurredAt'): Date | undefined => {
    const written = cell(field);
    if (!written || /^[-.]+$/.test(written)) return undefined;
    const at = readDate(written, rules);
    if (!at) bad(field, `waktu "${written.slice(0, 40)}" tidak terbaca; tulis seperti 24-11-2026 09:15`);
    else if (at.getTime() > now.getTime() + DAY) bad(field, `waktu "${written.slice(0, 40)}" belum tiba`);
    return at ?? undefined;
  };
  const [at, occurredAt] = [timeIn('at'), timeIn('occurredAt')];
  return { ...(at && { at }), ...(occurredAt && { occurredAt }) };
}

/** What is not surely a no is never taken for one: somebody's name hangs on it. */
function flagsIn(cell: Cell, bad: Bad, said: readonly string[]): { anonymous?: true; secret?: true } {
  const also = new Set(said.map(plain));
  const flag = (field: 'anonymous' | 'secret', names: ReadonlySet<string>): boolean => {
    const word = plain(cell(field));
    const yes = YES.has(word) || also.has(word) || names.has(word) || word === plain(FIELD_NAMES[field]);
    if (!yes && !NO.has(word)) bad(field, `"${cell(field).slice(0, 40)}" tidak dikenal; tulis ya atau tidak`);
    return yes;
  };
  const anonymous = flag('anonymous', NAMELESS) || NAMELESS.has(plain(cell('name')));
  const secret = flag('secret', SECRET) || SECRET.has(plain(cell('kind')));
  return { ...(anonymous && { anonymous }), ...(secret && { secret }) };
}

interface Given {
  text: string;
  at?: Date;
  occurredAt?: Date;
  anonymous?: true;
  secret?: true;
}

function itemOf(cell: Cell, { mapping, surface, now }: RowRules, given: Given): MessageItem {
  const { text, at, occurredAt, anonymous, secret } = given;
  const reporter = reporterIn(cell);
  const { phone, email, handle } = authorOf(reporter, '');
  const contact = phone || email?.toLowerCase() || handle || '';
  const id = cell('id');
  const objectId = id || fingerprint([at?.toISOString() ?? '', text, reporter.name ?? '', contact]);
  const kind = kindOf(cell('kind'), mapping.kinds);
  const [title, category, location, permalink] = (['title', 'category', 'location', 'permalink'] as const).map(cell);
  return {
    ...{ type: 'message', objectId, threadId: objectId, at: (at ?? now).toISOString(), surface, text },
    ...(Object.keys(reporter).length > 0 && { author: authorOf(reporter, objectId) }),
    ...(title && { title }),
    ...(kind && { kind }),
    ...(category && { category }),
    ...(location && { location: { text: location } }),
    ...(permalink && { permalink }),
    ...(occurredAt && { occurredAt: occurredAt.toISOString() }),
    ...(anonymous && { anonymous }),
    ...(secret && { secret }),
    ...(id && { ref: { reference: id } }),
  };
}

function reporterIn(cell: Cell): Reporter {
  const said = (['name', 'phone', 'email', 'address', 'handle'] as const).map((field) => [field, cell(field)] as const);
  return Object.fromEntries(
    said.filter(([field, value]) => value && value !== '-' && !(field === 'name' && NAMELESS.has(plain(value)))),
  );
}

const fingerprint = (parts: readonly string[]): string =>
  `baris-${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 40)}`;

type Kind = (typeof KINDS)[number];

function kindOf(written: string, said: Readonly<Record<string, Kind>> = {}): Kind | undefined {
  const word = plain(written);
  const own = Object.entries(said).find(([name]) => plain(name) === word);
  if (own) return own[1];
  if (/\baspirasi|aspiration|saran\b/.test(word)) return 'aspiration';
  if (/\b(permintaan informasi|information request|pertanyaan)\b/.test(word)) return 'information_request';
  return /\b(pengaduan|keluhan|complaint)\b/.test(word) ? 'complaint' : undefined;
}

function statusIn(cell: Cell, { mapping }: RowRules): ReadRow['status'] {
  const code = cell('status').slice(0, 200);
  if (!code || code === '-') return null;
  const state = stateOf(code, mapping.statuses);
  return { code, ...(state && { state }) };
}

/** The contract's own limits are those of lengths; everything else was looked at. */
const PLACES: Record<string, ImportField> = { objectId: 'id', threadId: 'id', occurredAt: 'occurredAt' };

function tooLong(row: number, columns: Columns, path: readonly PropertyKey[]): RowFault {
  const place = String(path[0] === 'author' ? path[1] : path[0]);
  const field = PLACES[place] ?? (place as ImportField);
  const at = columns.at.get(field);
  const reason = `${FIELD_NAMES[field] ?? place} terlalu panjang atau tidak sah`;
  return { row, column: at === undefined ? null : columns.headers[at]!.trim(), reason };
}

/** The same content has the same name, whenever it is imported. */
export const contentOf = ({ title, text }: Pick<MessageItem, 'title' | 'text'>): string =>
  createHash('sha256')
    .update(JSON.stringify([title ?? '', text]))
    .digest('hex')
    .slice(0, 32);
