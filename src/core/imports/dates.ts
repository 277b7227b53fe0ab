/** Times as files and pages write them. Pure. */

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'mei', 'jun', 'jul', 'agu', 'sep', 'okt', 'nov', 'des'];
const ALSO: Record<string, number> = { may: 5, aug: 8, agt: 8, ags: 8, oct: 10, dec: 12, nop: 11, peb: 2 };
const ZONES: Record<string, string> = { wib: 'Asia/Jakarta', wita: 'Asia/Makassar', wit: 'Asia/Jayapura' };

export interface Wall {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}

/** The instant at which clocks of this zone show this; `null`: there is no such day or hour. */
export function instantOf(wall: Wall, timezone: string): Date | null {
  const { year, month, day, hour, minute, second } = wall;
  const shown = Date.UTC(year, month - 1, day, hour, minute, second);
  const back = new Date(shown);
  const sound =
    back.getUTCMonth() === month - 1 && back.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  if (!sound || year < 1900 || year > 2200) return null;
  const first = shown - offsetAt(shown, timezone);
  return new Date(shown - offsetAt(first, timezone));
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** Clocks are set at quarters of an hour, and many times of one file lie in the same one. */
const QUARTER = 900_000;
const MOST_OFFSETS = 10_000;
const offsets = new Map<string, number>();

/** How far the clocks of the zone are ahead of UTC at this instant, in milliseconds. */
function offsetAt(instant: number, timeZone: string): number {
  const key = `${timeZone} ${Math.floor(instant / QUARTER)}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  if (offsets.size >= MOST_OFFSETS) offsets.clear();
  const offset = lookedUp(instant, timeZone);
  offsets.set(key, offset);
  return offset;
}

function lookedUp(instant: number, timeZone: string): number {
  const numeric = '2-digit' as const;
  const clock =
    clocks.get(timeZone) ??
    new Intl.DateTimeFormat('en-US', {
      ...{ timeZone, hourCycle: 'h23', year: 'numeric', month: numeric, day: numeric },
      ...{ hour: numeric, minute: numeric, second: numeric },
    });
  clocks.set(timeZone, clock);
  const parts = Object.fromEntries(clock.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - instant;
}

/** Letters of both ways to write a format: `DD-MM-YYYY HH:mm` and PHP's `d-m-Y H:i`. */
const LONG: [pattern: RegExp, field: keyof Wall][] = [
  [/^(?:y{4}|Y{4}|y{2}|Y{2})$/, 'year'],
  [/^MM?$/, 'month'],
  [/^(?:DD?|dd?)$/, 'day'],
  [/^HH?$/, 'hour'],
  [/^mm$/, 'minute'],
  [/^ss$/, 'second'],
];
const SHORT: Record<string, keyof Wall> = {
  ...{ Y: 'year', y: 'year', m: 'month', n: 'month', d: 'day', j: 'day' },
  ...{ H: 'hour', G: 'hour', i: 'minute', s: 'second' },
};

/** Such as `DD-MM-YYYY HH:mm` or `d-m-Y H:i:s`; `null`: it does not say day, month and year. */
export function dateFormat(format: string): ((text: string) => Wall | null) | null {
  const long = /yy|mm|dd/i.test(format);
  const pieces = format.match(long ? /([A-Za-z])\1*|[^A-Za-z]+/g : /[A-Za-z]|[^A-Za-z]+/g) ?? [];
  const fields: (keyof Wall)[] = [];
  let strange = false;
  const pattern = pieces.map((piece) => {
    const field = long ? LONG.find(([letters]) => letters.test(piece))?.[1] : SHORT[piece];
    if (!field && /[A-Za-z]/.test(piece)) strange = true;
    if (!field) return piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\s+/g, '\\s+');
    fields.push(field);
    return field === 'year' ? '(\\d{2}|\\d{4})' : '(\\d{1,2})';
  });
  const known = ['year', 'month', 'day'].every((field) => fields.includes(field as keyof Wall));
  if (!known || strange) return null;
  const whole = new RegExp(`^${pattern.join('')}$`);
  return (text) => {
    const found = whole.exec(text);
    if (!found) return null;
    const wall: Wall = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0 };
    for (const [at, field] of fields.entries()) wall[field] = Number(found[at + 1]);
    return { ...wall, year: fullYear(wall.year) };
  };
}

const fullYear = (year: number): number => (year < 100 ? 2000 + year : year);

/** No way to write a time is longer; what is, may be made to take long. */
const LONGEST = 100;

export interface DateRules {
  /** Tried first. */
  formats?: readonly string[] | undefined;
  /** Of times that name none. */
  timezone: string;
}

/** Reads a time as it stands in a cell; day before month, unless a format says otherwise. `null`: it is none. */
export function readDate(written: string, { formats = [], timezone }: DateRules): Date | null {
  if (written.length > LONGEST) return null;
  const named = /\s*\(?\b(WIB|WITA|WIT)\b\)?\s*$/i.exec(written);
  const zone = named ? ZONES[named[1]!.toLowerCase()]! : timezone;
  const text = (named ? written.slice(0, named.index) : written).trim();
  for (const format of formats) {
    const wall = dateFormat(format)?.(text);
    if (wall) return instantOf(wall, zone);
  }
  if (/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*(Z|[+-]\d\d:?\d\d)$/i.test(text)) return parsed(text.replace(' ', 'T'));
  const wall = yearFirst(text) ?? dayFirst(text) ?? withMonth(text) ?? serial(text);
  return wall && instantOf(wall, zone);
}

function parsed(text: string): Date | null {
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? null : at;
}

const TIME = String.raw`(?:[T,\s]+(?:pukul\s+|jam\s+)?(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?)?`;
const YEAR_FIRST = new RegExp(String.raw`^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})${TIME}$`);
const DAY_FIRST = new RegExp(String.raw`^(\d{1,2})[-/.](\d{1,2})[-/.](\d{2}|\d{4})${TIME}$`);
const WITH_MONTH = new RegExp(
  String.raw`^(?:[a-z']+,?\s+)?(\d{1,2})[\s-]+([a-z]{3,10})[\s-]+(\d{2}|\d{4})${TIME}$`,
  'i',
);

const wallOf = (year: string, month: number, day: string, time: (string | undefined)[]): Wall => ({
  ...{ year: fullYear(Number(year)), month, day: Number(day) },
  ...{ hour: Number(time[0] ?? 0), minute: Number(time[1] ?? 0), second: Number(time[2] ?? 0) },
});

function yearFirst(text: string): Wall | null {
  const [found, year, month, day, ...time] = YEAR_FIRST.exec(text) ?? [];
  return found ? wallOf(year!, Number(month), day!, time) : null;
}

function dayFirst(text: string): Wall | null {
  const [found, day, month, year, ...time] = DAY_FIRST.exec(text) ?? [];
  return found ? wallOf(year!, Number(month), day!, time) : null;
}

function withMonth(text: string): Wall | null {
  const [found, day, name = '', year, ...time] = WITH_MONTH.exec(text) ?? [];
  const short = name.toLowerCase().slice(0, 3);
  const month = ALSO[short] ?? MONTHS.indexOf(short) + 1;
  return found && month > 0 ? wallOf(year!, month, day!, time) : null;
}

/** Days since the end of 1899, as Excel counts them (ECMA-376, 18.17.4.1); those of 1982 to 2119. */
function serial(text: string): Wall | null {
  if (!/^[3-7]\d{4}(?:[.,]\d+)?$/.test(text)) return null;
  const at = new Date(Date.UTC(1899, 11, 30) + Math.round(Number(text.replace(',', '.')) * 86_400) * 1_000);
  return {
    ...{ year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate() },
    ...{ hour: at.getUTCHours(), minute: at.getUTCMinutes(), second: at.getUTCSeconds() },
  };
}
