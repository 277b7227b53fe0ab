/** Fills `{ticketNo}`, `{time}`, `{channel}` and the like in a text; unknown ones stay. */
export function fillTemplate(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

/** `24 November 2026 15.04 WIB`, for people. */
export function localTime(at: Date, timezone: string): string {
  const date = new Intl.DateTimeFormat('id-ID', { timeZone: timezone, dateStyle: 'long' }).format(at);
  const time = new Intl.DateTimeFormat('id-ID', { timeZone: timezone, timeStyle: 'short' }).format(at);
  const zones: Record<string, string> = { 'Asia/Jakarta': 'WIB', 'Asia/Makassar': 'WITA', 'Asia/Jayapura': 'WIT' };
  return `${date} ${time} ${zones[timezone] ?? timezone}`;
}
