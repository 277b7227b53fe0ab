import { CUT_MARK } from '../cutMark.ts';

/** A line is looked at no further than this: nobody writes such a header line by hand. */
const MAX_LINE = 400;
const QUOTE = /^\s{0,3}>/;
/** `On Tue, Nov 24, 2026 at 8:00 AM Budi <b@x> wrote:`, `Pada Sel, 24 Nov 2026 pukul 08.00 Budi <b@x> menulis:` */
const ATTRIBUTION = /^\s{0,3}(?:On|Pada)\s.{5,}\s(?:wrote|menulis)\s*:\s*$/i;
const ATTRIBUTION_START = /^\s{0,3}(?:On|Pada)\s/i;
/** Outlook and its kin: `From:`, `Sent:`, `To:`, `Subject:` above what is quoted, in English and Indonesian. */
const FROM = /^\s{0,3}\*?(?:From|Dari)\s*:\*?\s/i;
const SENT = /^\s{0,3}\*?(?:Sent|Date|Dikirim|Terkirim|Tanggal)\s*:\*?\s/i;
const TO = /^\s{0,3}\*?(?:To|Kepada|Ke|Untuk|Subject|Subjek|Perihal)\s*:\*?\s/i;
const ORIGINAL =
  /^\s{0,3}-{3,}\s*(?:Original Message|Original Appointment|Pesan Asli|Surat Asli|Pesan asli)\s*-{3,}\s*$/i;
const SIGNATURE = /^-- ?$/;
const DEVICE =
  /^\s*(?:Sent from my \S.{0,60}|Dikirim dari \S.{0,80}|Get Outlook for \S.{0,40}|Dapatkan Outlook untuk \S.{0,40}|Sent from (?:Mail|Yahoo Mail|Outlook)\b.{0,60}|Terkirim dari \S.{0,60})$/i;

/**
 * What somebody wrote, without what their mail program put below it: the mail they answer, their signature, "sent from
 * my phone". Answers between quoted lines stay. Where nothing would be left, the text stays whole. Pure.
 */
export function withoutQuoted(text: string): string {
  const lines = text.replace(/\r\n?/g, '\n').split('\n');
  const own = withoutTail(answers(lines.slice(0, hardCut(lines))));
  const cut = own.join('\n').trim();
  return cut === '' ? text.trim() : cut;
}

/** From here on everything is quoted, whatever it looks like. */
function hardCut(lines: readonly string[]): number {
  const at = lines.findIndex(
    (line, index) => line.includes(CUT_MARK) || ORIGINAL.test(line.slice(0, MAX_LINE)) || isHeaderBlock(lines, index),
  );
  if (at < 0) return lines.length;
  // The line that announces our mark ("Pada ... menulis:") stands just above it.
  return lines[at]!.includes(CUT_MARK) ? aboveMark(lines, at) : at;
}

function aboveMark(lines: readonly string[], mark: number): number {
  for (let at = mark - 1; at >= Math.max(0, mark - 8); at--) {
    if (attributionEnd(lines, at) !== undefined || isHeaderBlock(lines, at)) return at;
  }
  return mark;
}

/** A line `Dari:` counts only with its companions close below. */
function isHeaderBlock(lines: readonly string[], at: number): boolean {
  if (!FROM.test(lines[at]!.slice(0, MAX_LINE))) return false;
  const below = lines.slice(at + 1, at + 7).map((line) => line.slice(0, MAX_LINE));
  return below.some((line) => SENT.test(line)) && below.some((line) => TO.test(line));
}

/** The line after an attribution that begins here; mail programs break it over up to four lines. */
function attributionEnd(lines: readonly string[], at: number): number | undefined {
  if (!ATTRIBUTION_START.test(lines[at]!)) return undefined;
  for (let count = 1; count <= 4; count++) {
    const joined = lines.slice(at, at + count).join(' ');
    if (joined.length > 2 * MAX_LINE) return undefined;
    if (ATTRIBUTION.test(joined)) return at + count;
  }
  return undefined;
}

/** Leaves out attributions with their quoted lines; one without quoted lines below announces that all the rest is. */
function answers(lines: readonly string[]): string[] {
  const own: string[] = [];
  for (let at = 0; at < lines.length; at++) {
    const end = attributionEnd(lines, at);
    if (end === undefined) {
      own.push(lines[at]!);
      continue;
    }
    const quoteEnd = endOfQuote(lines, end);
    if (quoteEnd === undefined) return own;
    at = quoteEnd - 1;
  }
  return own;
}

function endOfQuote(lines: readonly string[], from: number): number | undefined {
  let at = from;
  while (at < lines.length && lines[at]!.trim() === '') at += 1;
  if (at < lines.length && !QUOTE.test(lines[at]!)) return undefined;
  while (at < lines.length && (QUOTE.test(lines[at]!) || lines[at]!.trim() === '')) at += 1;
  return at;
}

/** Without signature, quoted lines at the end, and what a phone adds. */
function withoutTail(lines: readonly string[]): string[] {
  const sign = lines.findIndex((line) => SIGNATURE.test(line));
  const own = sign < 0 ? [...lines] : lines.slice(0, sign);
  while (own.length > 0 && isTail(own.at(-1)!)) own.pop();
  return own;
}

const isTail = (line: string): boolean =>
  line.trim() === '' || QUOTE.test(line) || /^\s*_{10,}\s*$/.test(line) || DEVICE.test(line.slice(0, MAX_LINE));
