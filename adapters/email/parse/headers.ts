/** The largest head that is looked at. What comes after it is body. */
const MAX_HEAD = 1024 * 1024;

/** Head and body of a mail, as bytes; the empty line between them belongs to neither. */
export function splitMail(mail: Uint8Array): { head: Buffer; body: Buffer } {
  const bytes = Buffer.from(mail.buffer, mail.byteOffset, mail.length);
  const near = bytes.subarray(0, MAX_HEAD);
  const ends = [near.indexOf('\r\n\r\n'), near.indexOf('\n\n')];
  const [crlf = -1, lf = -1] = ends;
  if (crlf >= 0 && (lf < 0 || crlf < lf)) return { head: bytes.subarray(0, crlf), body: bytes.subarray(crlf + 4) };
  if (lf >= 0) return { head: bytes.subarray(0, lf), body: bytes.subarray(lf + 2) };
  return { head: near, body: bytes.subarray(near.length) };
}

/** The value of the first header of this name, unfolded, otherwise as it came (bytes as Latin-1). */
export function headerOf(head: Buffer, name: string): string | undefined {
  return headersOf(head, name)[0];
}

/** All values of a header, from the top. */
export function headersOf(head: Buffer, name: string): string[] {
  const lines = head.toString('latin1').split(/\r?\n(?![ \t])/);
  const wanted = `${name.toLowerCase()}:`;
  return lines
    .filter((line) => line.slice(0, wanted.length).toLowerCase() === wanted)
    .map((line) =>
      line
        .slice(wanted.length)
        .replace(/\r?\n[ \t]/g, ' ')
        .trim(),
    );
}
