/** The largest head that is looked at. What comes after it is body. */
const MAX_HEAD = 1024 * 1024;

/** The fields of a head: lower-case name to its values from the top, unfolded, otherwise as they came (bytes as Latin-1). */
export type Head = ReadonlyMap<string, readonly string[]>;

/** Head and body of a mail; the empty line between them belongs to neither. */
export function splitMail(mail: Uint8Array): { head: Buffer; body: Buffer } {
  const bytes = Buffer.from(mail.buffer, mail.byteOffset, mail.length);
  const near = bytes.subarray(0, MAX_HEAD);
  const ends = [near.indexOf('\r\n\r\n'), near.indexOf('\n\n')];
  const [crlf = -1, lf = -1] = ends;
  if (crlf >= 0 && (lf < 0 || crlf < lf)) return { head: bytes.subarray(0, crlf), body: bytes.subarray(crlf + 4) };
  if (lf >= 0) return { head: bytes.subarray(0, lf), body: bytes.subarray(lf + 2) };
  return { head: near, body: bytes.subarray(near.length) };
}

export function headOf(head: Uint8Array): Head {
  const fields = new Map<string, string[]>();
  const text = Buffer.from(head.buffer, head.byteOffset, head.length).toString('latin1');
  for (const line of text.split(/\r?\n(?![ \t])/)) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const name = line.slice(0, colon).toLowerCase();
    const value = line
      .slice(colon + 1)
      .replace(/\r?\n[ \t]/g, ' ')
      .trim();
    const known = fields.get(name);
    if (known) known.push(value);
    else fields.set(name, [value]);
  }
  return fields;
}

export const headerOf = (head: Head, name: string): string | undefined => head.get(name)?.[0];

export const headersOf = (head: Head, name: string): readonly string[] => head.get(name) ?? [];
