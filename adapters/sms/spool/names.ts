import { createHash } from 'node:crypto';

/** Names of gammu-smsd's service `files` (gammu-smsd-files(7)). */
const INBOX = /^(IN(\d{8}_\d{6})_(\d\d)_(.+))_(\d\d)\.(txt|bin)$/s;

export interface InboxName {
  name: string;
  /** Without its part and ending. */
  stem: string;
  /** The network's time, `YYYYMMDD_HHMMSS`, without a zone. */
  at: string;
  serial: string;
  sender: string;
  /** 0, 1, ... */
  part: number;
  kind: 'txt' | 'bin';
}

export function inboxName(name: string): InboxName | null {
  const [, stem = '', at = '', serial = '', sender = '', part = '', kind] = INBOX.exec(name) ?? [];
  if (kind !== 'txt' && kind !== 'bin') return null;
  return { name, stem, at, serial, sender, part: Number(part), kind };
}

/**
 * `OUT<priority><date>_<time>_<serial>_<recipient>_<note>.txt`, the same for all attempts of a reply. The note is ignored by
 * gammu-smsd and holds our key. It reads names of less than 100 bytes.
 */
export function outboxName({ key, to, since }: { key: string; to: string; since: Date }): string {
  const [date = '', time = ''] = since.toISOString().replace(/[-:]/g, '').slice(0, 15).split('T');
  return `OUTC${date}_${time}_00_${to}_${noteOf(key)}.txt`;
}

const NOTE = /^OUTC(\d{8})_(\d{6})_00_\+\d{8,15}_(ka|kh)-([A-Za-z0-9-]{1,40})\.txt$/;

/** A key that could not stand in a name goes as its hash. */
function noteOf(key: string): string {
  if (/^[A-Za-z0-9-]{1,40}$/.test(key)) return `ka-${key}`;
  return `kh-${createHash('sha256').update(key).digest('hex').slice(0, 40)}`;
}

/** Is this a file of ours? When its first attempt began; `null`: somebody else's. */
export function sinceOf(name: string): number | null {
  const [, date, time] = NOTE.exec(name) ?? [];
  if (!date || !time) return null;
  const iso = `${date}T${time}Z`.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
  return Date.parse(iso);
}

/** The key of the reply that a file of ours holds, where its name says it. */
export function publicationKeyOf(name: string): string | undefined {
  const [, , , kind, key] = NOTE.exec(name) ?? [];
  return kind === 'ka' ? key : undefined;
}

/** UTF-16 with a byte order mark: with it gammu-smsd asks no locale what the bytes mean. */
export const encode = (text: string): Uint8Array => Buffer.from(`\uFEFF${text}`, 'utf16le');

const MARKS: readonly (readonly [number, number, string])[] = [
  [0xfe, 0xff, 'utf-16be'],
  [0xff, 0xfe, 'utf-16le'],
];

/**
 * The words of all parts. InboxFormat `unicode` begins each file with a byte order mark, `standard` is in the system's
 * charset (gammu-smsdrc(5)). A sign cut at the edge of two parts becomes whole again.
 */
export function decode(parts: readonly Uint8Array[], charset: string): string {
  const [first] = parts;
  const mark = MARKS.find((one) => begins(first, one));
  const bytes = Buffer.concat(parts.map((one) => (mark && begins(one, mark) ? written(one.subarray(2)) : one)));
  return new TextDecoder(mark?.[2] ?? charset).decode(bytes);
}

/**
 * Up to the first NUL: gammu-smsd 1.42 counts bytes of the locale where it should count units, and writes as many zeros
 * behind a text as it has bytes too many (seen with curly quotes and emoji).
 */
function written(units: Uint8Array): Uint8Array {
  for (let n = 0; n + 1 < units.length; n += 2) if (units[n] === 0 && units[n + 1] === 0) return units.subarray(0, n);
  return units;
}

const begins = (bytes: Uint8Array | undefined, [a, b]: (typeof MARKS)[number]): boolean =>
  bytes?.[0] === a && bytes[1] === b;
