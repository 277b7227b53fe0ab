/** Hours from UTC. Indonesia has no daylight saving. */
const ZONES: Readonly<Record<string, number>> = {
  ...{ WIB: 7, WITA: 8, WIT: 9, UTC: 0, GMT: 0, Z: 0 },
  ...{ 'Asia/Jakarta': 7, 'Asia/Pontianak': 7, 'Asia/Makassar': 8, 'Asia/Jayapura': 9 },
};
export const ZONE_NAMES = ['WIB', 'WITA', 'WIT', 'UTC', 'Asia/Jakarta', 'Asia/Makassar', 'Asia/Jayapura'] as const;

const MONTHS = [
  ['januari', 'jan', 'january'], ['februari', 'feb', 'february'], ['maret', 'mar', 'march'], ['april', 'apr'], ['mei', 'may'],
  ['juni', 'jun', 'june'], ['juli', 'jul', 'july'], ['agustus', 'agu', 'agt', 'aug', 'august'], ['september', 'sep', 'sept'],
  ['oktober', 'okt', 'oct', 'october'], ['november', 'nov'], ['desember', 'des', 'dec', 'december'],
]; // biome-ignore format: one glance

/** What one piece of a pattern reads. */
type Part = 'year' | 'month' | 'monthName' | 'day' | 'hour' | 'minute' | 'second' | 'fraction' | 'zone' | 'weekday';
const READS: Readonly<Record<Part, string>> = {
  ...{ year: '(\\d{4})', month: '(\\d{1,2})', monthName: '([A-Za-z]+)', day: '(\\d{1,2})', hour: '(\\d{1,2})' },
  ...{ minute: '(\\d{1,2})', second: '(\\d{1,2})', fraction: '(\\d{1,9})', weekday: '([A-Za-z]+)' },
  zone: '(Z|WIB|WITA|WIT|UTC|GMT|[+-]\\d\\d:?\\d\\d)',
};

/** `dd-MM-yyyy HH:mm:ss`, as many libraries write it. */
const WORDS: Readonly<Record<string, Part>> = {
  ...{ yyyy: 'year', YYYY: 'year', MMMM: 'monthName', MMM: 'monthName', MM: 'month', M: 'month', dd: 'day', DD: 'day' },
  ...{ d: 'day', D: 'day', HH: 'hour', H: 'hour', mm: 'minute', ss: 'second', SSS: 'fraction', XXX: 'zone', z: 'zone' },
  EEEE: 'weekday',
};
/** `d-m-Y H:i:s`, as PHP writes it. */
const LETTERS: Readonly<Record<string, Part>> = {
  ...{ Y: 'year', m: 'month', n: 'month', F: 'monthName', M: 'monthName', d: 'day', j: 'day', H: 'hour', G: 'hour' },
  ...{
    i: 'minute',
    s: 'second',
    v: 'fraction',
    u: 'fraction',
    P: 'zone',
    O: 'zone',
    T: 'zone',
    l: 'weekday',
    D: 'weekday',
  },
};

const NAMED = ['iso', 'unix', 'unix-ms'];
const isWordy = (format: string): boolean => /yyyy|YYYY|dd|DD|HH|mm/.test(format);

/** The parts of a pattern, and what stands between them. */
function partsOf(format: string): (Part | { text: string })[] {
  const pieces = isWordy(format)
    ? [...format.matchAll(/'[^']*'|yyyy|YYYY|MMMM|MMM|MM|M|dd|DD|d|D|HH|H|mm|ss|SSS|XXX|z|EEEE|[\s\S]/g)]
    : [...format.matchAll(/\\?[\s\S]/g)];
  const known = isWordy(format) ? WORDS : LETTERS;
  return pieces.map(([piece]) => known[piece] ?? { text: unquoted(piece) });
}

/** `\\p` in PHP, `'pukul'` elsewhere: letters that stand for themselves. */
const unquoted = (piece: string): string => (/^'.*'$/.test(piece) ? piece.slice(1, -1) : piece.replace(/^\\/, ''));

/** Is this a pattern that names at least a year, a month and a day? */
export function isDateFormat(format: string): boolean {
  if (NAMED.includes(format)) return true;
  const parts = partsOf(format);
  const bare = isWordy(format) ? format.replace(/'[^']*'/g, '') : format.replace(/\\./g, '');
  const strange = partsOf(bare).some((part) => typeof part === 'object' && /[A-SU-Za-z]/.test(part.text));
  const named = parts.some((part) => part === 'month' || part === 'monthName');
  return !strange && parts.includes('year') && parts.includes('day') && named;
}

/** A time as the portal writes it, to ISO 8601 in UTC; `undefined` when no format fits. `zone`: where none is written. Pure. */
export function readDate(value: unknown, formats: readonly string[], zone: string): string | undefined {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : '';
  if (text === '') return undefined;
  for (const format of formats) {
    const ms = readWith(text, format, zone);
    if (ms !== undefined && Number.isFinite(ms)) return new Date(ms).toISOString();
  }
  return undefined;
}

function readWith(text: string, format: string, zone: string): number | undefined {
  if (format === 'iso') return readIso(text, zone);
  if (format === 'unix') return /^\d{9,11}(\.\d+)?$/.test(text) ? Math.round(Number(text) * 1_000) : undefined;
  if (format === 'unix-ms') return /^\d{12,14}$/.test(text) ? Number(text) : undefined;
  const parts = partsOf(format);
  const pattern = parts.map((part) => (typeof part === 'string' ? READS[part] : escaped(part.text))).join('');
  const found = new RegExp(`^${pattern}$`, 'i').exec(text);
  if (!found) return undefined;
  const names = parts.filter((part) => typeof part === 'string');
  return instantOf(Object.fromEntries(names.map((name, index) => [name, found[index + 1] ?? ''])), zone);
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/ +/g, '\\s+');

function readIso(text: string, zone: string): number | undefined {
  const found = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?\s*(Z|[+-]\d\d:?\d\d)?$/.exec(
    text,
  );
  if (!found) return undefined;
  const [, year, month, day, hour, minute, second, fraction, given] = found;
  return instantOf(withoutGaps({ year, month, day, hour, minute, second, fraction, zone: given }), zone);
}

const withoutGaps = (parts: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(Object.entries(parts).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));

function instantOf(parts: Record<string, string>, zone: string): number | undefined {
  const month = parts.monthName ? monthOf(parts.monthName) : Number(parts.month);
  const [year, day] = [Number(parts.year), Number(parts.day)];
  const [hour, minute, second] = [Number(parts.hour ?? 0), Number(parts.minute ?? 0), Number(parts.second ?? 0)];
  const ms = Number(`0.${parts.fraction ?? '0'}`) * 1_000;
  const utc = Date.UTC(year, month - 1, day, hour, minute, second, Math.round(ms));
  const stands = new Date(Date.UTC(year, month - 1, day));
  // 31-02-2026 is no day, and would silently be another.
  if (stands.getUTCMonth() !== month - 1 || stands.getUTCDate() !== day || hour > 24 || minute > 59 || second > 60)
    return undefined;
  return utc - offsetOf(parts.zone ?? zone) * 60_000;
}

const monthOf = (name: string): number => MONTHS.findIndex((names) => names.includes(name.toLowerCase())) + 1;

/** Minutes east of UTC. */
function offsetOf(zone: string): number {
  const found = /^([+-])(\d\d):?(\d\d)$/.exec(zone);
  if (found) return (found[1] === '-' ? -1 : 1) * (Number(found[2]) * 60 + Number(found[3]));
  return (ZONES[zone] ?? ZONES[zone.toUpperCase()] ?? 7) * 60;
}

/** A time as the portal reads it. */
export function writeDate(at: Date, format: string, zone: string): string {
  if (format === 'iso') return at.toISOString();
  if (format === 'unix') return String(Math.floor(at.getTime() / 1_000));
  if (format === 'unix-ms') return String(at.getTime());
  const there = new Date(at.getTime() + offsetOf(zone) * 60_000);
  return partsOf(format)
    .map((part) => (typeof part === 'string' ? writtenPart(part, there, zone) : part.text))
    .join('');
}

function writtenPart(part: Part, there: Date, zone: string): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  switch (part) {
    case 'year':
      return String(there.getUTCFullYear());
    case 'month':
      return two(there.getUTCMonth() + 1);
    case 'monthName':
      return MONTHS[there.getUTCMonth()]?.[0] ?? '';
    case 'day':
      return two(there.getUTCDate());
    case 'hour':
      return two(there.getUTCHours());
    case 'minute':
      return two(there.getUTCMinutes());
    case 'second':
      return two(there.getUTCSeconds());
    case 'fraction':
      return String(there.getUTCMilliseconds()).padStart(3, '0');
    case 'zone':
      return signedZone(offsetOf(zone));
    case 'weekday':
      return '';
  }
}

function signedZone(minutes: number): string {
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `${minutes < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`;
}
