import { randomBytes } from 'node:crypto';
import { headerOf, headOf } from './headers.ts';

/** A mail whose large attachments were left out, and the size of each in bytes by the text that stands in its place. */
export interface Light {
  mail: Buffer;
  sizes: ReadonlyMap<string, number>;
}

/** Below it, decoding takes no longer than looking. */
const LARGE = 8 * 1024;
/** The head of a part is short; a longer one is left to the library. */
const MAX_PART_HEAD = 8 * 1024;
const BOUNDARY = /^multipart\/(?:mixed|related)\s*;.*?\bboundary=(?:"([^"\\]{1,70})"|([^\s";]{1,70}))/is;

/**
 * Leaves out the bodies of large attachments, so that the parser need not decode what nobody reads yet: `extract` takes
 * them from the whole mail when they are wanted. Only what is surely an attachment of the mail itself: parts of the
 * outermost multipart, in base64 of even lines, that are neither text nor mails (RFC 2046 section 5.1.1). Everything else
 * stays as it is. `contentType`: of the mail.
 */
export function withoutFiles(mail: Buffer, contentType = ''): Light {
  const [, quoted, plain] = BOUNDARY.exec(contentType) ?? [];
  const boundary = quoted ?? plain;
  const sizes = new Map<string, number>();
  if (boundary === undefined) return { mail, sizes };
  const kept: Buffer[] = [];
  let from = 0;
  for (const { start, end } of bodiesOf(mail, `\n--${boundary}`)) {
    const size = decodedSize(mail.subarray(start, end));
    if (size === undefined) continue;
    const mark = randomBytes(18).toString('hex');
    sizes.set(mark, size);
    kept.push(mail.subarray(from, start), Buffer.from(Buffer.from(mark).toString('base64')));
    from = end;
  }
  return { mail: sizes.size === 0 ? mail : Buffer.concat([...kept, mail.subarray(from)]), sizes };
}

/** Where the bodies of large base64 attachments lie, without the line end before the next boundary. */
function* bodiesOf(mail: Buffer, delimiter: string): Iterable<{ start: number; end: number }> {
  for (let at = mail.indexOf(delimiter); at >= 0; ) {
    const next = mail.indexOf(delimiter, at + delimiter.length);
    if (next < 0) return;
    const head = mail.subarray(at + delimiter.length, Math.min(next, at + MAX_PART_HEAD));
    const empty = head.indexOf('\r\n\r\n');
    const start = at + delimiter.length + empty + 4;
    const end = mail[next - 1] === 13 ? next - 1 : next;
    if (empty >= 0 && end - start >= LARGE && isFile(head.subarray(0, empty))) yield { start, end };
    at = next;
  }
}

function isFile(head: Buffer): boolean {
  const endsLine = head.indexOf('\r\n');
  // What goes on behind the boundary belongs to another, longer one.
  if (endsLine < 0 || head.toString('latin1', 0, endsLine).trim() !== '') return false;
  const fields = headOf(head.subarray(endsLine + 2));
  const type = headerOf(fields, 'content-type');
  const encoding = headerOf(fields, 'content-transfer-encoding')?.toLowerCase();
  return encoding === 'base64' && type !== undefined && !/^(?:text|message|multipart)\//i.test(type);
}

/** Of base64 in lines of one length; `undefined` for anything else, which only a decoder can tell. */
function decodedSize(body: Buffer): number | undefined {
  const lineLength = body.indexOf('\r\n');
  if (lineLength <= 0 || lineLength % 4 !== 0) return undefined;
  const step = lineLength + 2;
  const lines = Math.floor(body.length / step);
  for (let line = 0; line < lines; line += 1) {
    const at = line * step + lineLength;
    if (body[at] !== 13 || body[at + 1] !== 10) return undefined;
  }
  const last = body.toString('latin1', lines * step).trimEnd();
  if (last.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(last)) return undefined;
  const ending = last || body.toString('latin1', (lines - 1) * step, (lines - 1) * step + lineLength);
  return ((lines * lineLength + last.length) / 4) * 3 - (/=*$/.exec(ending)?.[0].length ?? 0);
}
