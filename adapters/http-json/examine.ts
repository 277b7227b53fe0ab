import { type Json, KINDS, type SettingFault } from '#contract';
import { mistakeIn } from './expression.ts';
import type { Field, Settings } from './settings.ts';
import { FILTERS, isFilter, placesIn } from './template.ts';

type Path = (string | number)[];

/** A field where it stands in the file; a field that is a mere text stands there itself. */
interface Placed {
  path: Path;
  field: Field;
}

/** Expressions that cannot be read, words that nobody knows, names that nothing gives. */
export async function examine(settings: Settings): Promise<SettingFault[]> {
  const fields = fieldsOf(settings);
  const expressions = await Promise.all(
    fields.flatMap(({ path, field }) => field.from.map((text, n) => inExpression(text, path, field, n))),
  );
  return [...expressions.flat(), ...inTables(settings, fields), ...inDetails(settings), ...inRequests(settings)];
}

function fieldsOf({ map, status, entries }: Settings): Placed[] {
  const { author, ref, attachments: _, ...own } = map;
  const placed = (at: Path, members: object): Placed[] =>
    Object.entries(members).flatMap(([name, field]) => (isField(field) ? [{ path: [...at, name], field }] : []));
  return [
    ...placed(['map'], own),
    ...placed(['map', 'author'], author ?? {}),
    ...placed(['map', 'ref'], ref),
    ...placed(['status'], { label: status?.label, at: status?.at }),
    ...entries.flatMap((one, n) => {
      const { type, text, at, key } = one;
      return [
        ...placed(['entries', n], { type, text, at, key }),
        ...placed(['entries', n, 'author'], one.author ?? {}),
      ];
    }),
  ];
}

const isField = (value: unknown): value is Field =>
  typeof value === 'object' && value !== null && 'from' in value && Array.isArray(value.from);

const EXAMPLE = 'contoh: judul, pelapor.nama, atau $join([judul, isi], " - ")';

async function inExpression(text: string, path: Path, field: Field, n: number): Promise<SettingFault[]> {
  const mistake = await mistakeIn(text);
  if (!mistake) return [];
  const { position, message } = mistake;
  const bare = Object.keys(field).length === 1;
  // The file says it in one of four ways: a text, a list, `from` as a text, or `from` as a list.
  const at: Path[] = bare
    ? [path, [...path, n]]
    : [
        [...path, 'from'],
        [...path, 'from', n],
      ];
  const place = field.from.length > 1 ? at[1] : at[0];
  return [{ path: place ?? path, offset: position, message: `${message}; ${EXAMPLE}` }];
}

/** Words of ours that a field may give. */
const TYPES = ['ours', 'citizen', 'ignore'];

function inTables({ entries }: Settings, fields: readonly Placed[]): SettingFault[] {
  const kind = fields.filter(({ path }) => path.join('.') === 'map.kind').flatMap((one) => unknownWords(one, KINDS));
  const types = fields
    .filter(({ path }) => path[0] === 'entries' && path[2] === 'type')
    .flatMap((one) => unknownWords(one, TYPES));
  return entries.length > 0 ? [...kind, ...types] : kind;
}

function unknownWords({ path, field }: Placed, known: readonly string[]): SettingFault[] {
  const words = [
    ...Object.entries(field.table ?? {}),
    ...(field.default === undefined ? [] : [['default', field.default]]),
  ];
  return words.flatMap(([name = '', word = '']) => {
    if (known.includes(word)) return [];
    const at = name === 'default' ? [...path, 'default'] : [...path, 'table', name];
    return [{ path: at, message: `"${word}" tidak dikenal di sini; yang boleh: ${known.join(', ')}` }];
  });
}

/** `of` names a detail. */
function inDetails({ details, map, entries }: Settings): SettingFault[] {
  const known = [...details.map((one) => one.name), 'list'];
  const twice = details.flatMap(({ name }, n) =>
    details.findIndex((one) => one.name === name) === n
      ? []
      : [{ path: ['details', n, 'name'], message: `nama "${name}" sudah dipakai` }],
  );
  const named: { path: Path; of: string | undefined }[] = [
    { path: ['map', 'attachments', 'of'], of: map.attachments?.of },
    ...entries.map(({ of }, n) => ({ path: ['entries', n, 'of'], of })),
  ];
  const unknown = named.flatMap(({ path, of }) =>
    of === undefined || known.includes(of)
      ? []
      : [{ path, message: `tidak ada rincian bernama "${of}"; yang ada: ${known.join(', ')}` }],
  );
  return [...twice, ...unknown];
}

const LIST = ['since', 'page', 'offset', 'cursor', 'size'];
const TARGET = ['id', 'anonymous', 'secret', 'key', 'files'];
const REPLY = [...TARGET, 'text', 'ticketNo', 'agency', 'fileCount', 'answerId', 'reference'];
const STATUS = [...TARGET, 'status', 'state', 'label', 'note', 'reason', 'at'];
const CREATE = [
  ...TARGET, 'answerId', 'reference', 'ticketNo', 'title', 'text', 'receivedAt', 'source', 'kind', 'category', 'location', 'occurredAt',
  'name', 'phone', 'email', 'address',
]; // biome-ignore format: one glance

/** Every `{{name}}` of a request must be something that it is given. */
function inRequests({ list, details, map, send, tables }: Settings): SettingFault[] {
  const ref = Object.keys(map.ref)
    .concat('ticket')
    .map((name) => `ref.${name}`);
  const about: [Path, unknown, readonly string[]][] = [
    [['list', 'request'], list.request, LIST],
    ...details.map((one, n): [Path, unknown, readonly string[]] => [['details', n, 'request'], one.request, ['id']]),
    [['send', 'reply'], send.reply, [...REPLY, ...ref]],
    [['send', 'status'], send.status, [...STATUS, ...ref]],
    [['send', 'refuse'], send.refuse, [...STATUS, ...ref]],
    [['send', 'create'], send.create, CREATE],
  ];
  return about.flatMap(([path, value, known]) =>
    textsIn(path, value as Json).flatMap(([at, text]) => inText(at, text, known, Object.keys(tables))),
  );
}

function textsIn(path: Path, value: Json | undefined): [Path, string][] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, one]) =>
    textsIn([...path, Array.isArray(value) ? Number(name) : name], one),
  );
}

function inText(path: Path, text: string, known: readonly string[], tables: readonly string[]): SettingFault[] {
  return placesIn(text).flatMap(({ name, filter }) => {
    const offset = text.indexOf(name);
    if (!known.includes(name))
      return [{ path, offset, message: `{{${name}}} tidak diisi di sini; yang ada: ${known.join(', ')}` }];
    if (filter === undefined) return [];
    if (!isFilter(filter))
      return [{ path, offset, message: `|${filter} tidak dikenal; yang ada: ${FILTERS.join(', ')}` }];
    const table = /^table:(\w+)$/.exec(filter)?.[1];
    return table === undefined || tables.includes(table)
      ? []
      : [{ path, offset, message: `tidak ada tabel "${table}" di settings.tables` }];
  });
}
