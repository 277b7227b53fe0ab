import type { ImapFaults } from './imapFaults.ts';
import type { StoredMail } from './mailbox.ts';

export interface FetchAnswer {
  bytes: Buffer;
  /** It held a mail's bytes. */
  counts: boolean;
  /** The connection ends in its middle. */
  breaks: boolean;
}

/** One FETCH answer, as the faults want it. `sent`: mails that went over this connection before. */
export function fetchAnswer(
  mail: StoredMail,
  sequence: number,
  items: readonly string[],
  faults: ImapFaults,
  sent: number,
): FetchAnswer {
  const head = `* ${sequence} FETCH (${described(mail, items).join(' ')}`;
  const section = items.find((one) => /^BODY(\.PEEK)?\[/i.test(one));
  if (!section) return { bytes: Buffer.from(`${head})\r\n`), counts: false, breaks: false };
  const name = section.replace(/\.PEEK/i, '');
  if (faults.hollow?.has(mail.uid))
    return { bytes: Buffer.from(`${head} ${name} NIL)\r\n`), counts: true, breaks: false };
  const bytes = bytesOf(mail.raw, section);
  const opening = Buffer.from(`${head} ${name} {${bytes.length}}\r\n`);
  const breaks = faults.poisoned?.has(mail.uid) || (faults.dropAfter !== undefined && sent >= faults.dropAfter);
  return breaks
    ? { bytes: Buffer.concat([opening, bytes.subarray(0, bytes.length >> 1)]), counts: true, breaks }
    : { bytes: Buffer.concat([opening, bytes, Buffer.from(')\r\n')]), counts: true, breaks: false };
}

function described({ uid, flags, at, raw }: StoredMail, items: readonly string[]): string[] {
  const parts = [`UID ${uid}`];
  if (items.includes('FLAGS')) parts.push(`FLAGS (${[...flags].join(' ')})`);
  if (items.includes('INTERNALDATE')) parts.push(`INTERNALDATE "${internalDate(at)}"`);
  if (items.includes('RFC822.SIZE')) parts.push(`RFC822.SIZE ${raw.length}`);
  return parts;
}

function bytesOf(raw: Buffer, section: string): Buffer {
  const [, name = '', from, count] = /\[([^\]]*)\](?:<(\d+)(?:\.(\d+))?>)?/.exec(section) ?? [];
  const end = raw.indexOf('\r\n\r\n');
  const whole = name.toUpperCase() === 'HEADER' ? raw.subarray(0, end < 0 ? raw.length : end + 4) : raw;
  return from === undefined ? whole : whole.subarray(Number(from), Number(from) + Number(count ?? whole.length));
}

function internalDate(at: Date): string {
  const [day, month, year] = [at.getUTCDate(), at.toUTCString().slice(8, 11), at.getUTCFullYear()];
  return `${String(day).padStart(2, ' ')}-${month}-${year} ${at.toISOString().slice(11, 19)} +0000`;
}
