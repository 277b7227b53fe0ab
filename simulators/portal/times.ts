const WIB_MS = 7 * 3_600_000;
const two = (value: number): string => String(value).padStart(2, '0');

function wib(at: number) {
  const there = new Date(at + WIB_MS);
  const date = [two(there.getUTCDate()), two(there.getUTCMonth() + 1), String(there.getUTCFullYear())];
  const clock = [two(there.getUTCHours()), two(there.getUTCMinutes()), two(there.getUTCSeconds())];
  return { date, clock };
}

/** `02-09-2026 08:15:00` */
export function dayFirst(at: number): string {
  const { date, clock } = wib(at);
  return `${date.join('-')} ${clock.join(':')}`;
}

/** `02-09-2026 08:15 WIB` */
export function withZone(at: number, zone = true): string {
  const { date, clock } = wib(at);
  return `${date.join('-')} ${clock.slice(0, 2).join(':')}${zone ? ' WIB' : ''}`;
}

/** `2026-09-02T08:15:00+07:00`, or `2026-09-02 08:15:00` */
export function yearFirst(at: number, zone = true): string {
  const { date, clock } = wib(at);
  return `${date.toReversed().join('-')}${zone ? 'T' : ' '}${clock.join(':')}${zone ? '+07:00' : ''}`;
}

/** Any of them, as WIB; 0 for nothing. */
export function readTime(text: string | null): number {
  if (!text) return 0;
  const first = /^(\d\d)-(\d\d)-(\d{4}) (\d\d):(\d\d)(?::(\d\d))?/.exec(text);
  if (first) {
    const [, day, month, year, hour, minute, second = '00'] = first;
    return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}+07:00`);
  }
  const zoned = /([+-]\d\d:?\d\d|Z)$/.test(text) ? text : `${text.replace(' ', 'T')}+07:00`;
  return Date.parse(zoned) || 0;
}
