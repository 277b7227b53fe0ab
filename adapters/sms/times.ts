const ISO = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d(?:\.\d{1,9})?))?\s?(Z|[+-]\d\d:?\d\d)?$/;
const DAY_FIRST = /^(\d\d)[-/](\d\d)[-/](\d{4})[T ](\d\d):(\d\d)(?::(\d\d))?$/;
const COMPACT = /^(\d{4})(\d\d)(\d\d)_(\d\d)(\d\d)(\d\d)$/;

/**
 * A time as gateways and modems write it, to ISO 8601 in UTC: Unix seconds or milliseconds, ISO 8601, `24-11-2026 08:15:00`,
 * `20261124_081500`. What names no zone is in `offset` (`+07:00`). `undefined` for anything else.
 */
export function readTime(text: string | undefined, offset: string): string | undefined {
  if (text === undefined) return undefined;
  if (/^\d{10}(\.\d+)?$/.test(text)) return iso(Number(text) * 1_000);
  if (/^\d{13}$/.test(text)) return iso(Number(text));
  const [, year, month, day, hour, minute, second = '00', zone = offset] = partsOf(text) ?? [];
  if (year === undefined) return undefined;
  const wall = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  // The 31st of February is read as a day of March: no such time.
  if (iso(Date.parse(`${wall}Z`))?.slice(0, 19) !== wall.slice(0, 19)) return undefined;
  return iso(Date.parse(wall + zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2')));
}

function partsOf(text: string): readonly (string | undefined)[] | null {
  const dayFirst = DAY_FIRST.exec(text);
  if (!dayFirst) return ISO.exec(text) ?? COMPACT.exec(text);
  const [all, day, month, year, ...rest] = dayFirst;
  return [all, year, month, day, ...rest];
}

const iso = (ms: number): string | undefined => (Number.isNaN(ms) ? undefined : new Date(ms).toISOString());
