import { instantOf } from './dates.ts';

/** One message of an exported WhatsApp chat. */
export interface ChatMessage {
  at: Date;
  /** As the phone shows them: a saved name, or a number. */
  author: string;
  text: string;
  /** The name of a file that came with it. */
  file: string | null;
}

export interface Chat {
  messages: ChatMessage[];
  /** Whoever wrote something, the most talkative first. */
  participants: string[];
  /** Lines of WhatsApp itself, and messages that were deleted. */
  skipped: number;
}

/** Marks of writing direction, which WhatsApp puts before its own words. */
const MARKS = /[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

/**
 * Android: `24/11/26 09.15 - Siti: teks`, `11/24/26, 9:15 PM - ...`. iOS: `[24/11/26 09.15.30] Siti: teks`. The order of day
 * and month is that of the phone's language.
 */
const STAMP =
  /^\[?(\d{1,4})[./-](\d{1,2})[./-](\d{2,4}),?\s+(?:pukul\s+)?(\d{1,2})[.:](\d{2})(?:[.:](\d{2}))?(?:\s?([ap])\.?\s?m\.?)?(?:\]|\s+[-–])\s?(.*)$/i;

const SYSTEM = [
  /end-to-end|dienkripsi secara/i,
  /^.{0,100}\b(created (?:this )?group|membuat grup|menambahkan|added|keluar\b|left$|removed|mengeluarkan|bergabung|joined using)/i,
  /changed (?:the|this|to|their)|mengubah|mengganti (?:subjek|ikon|deskripsi|nomor)|(?:security code|kode keamanan)/i,
  /^(?:missed (?:voice|video) call|panggilan (?:suara|video) tak terjawab)/i,
];
/** Of WhatsApp about somebody who did write: here the words begin as WhatsApp's own do, so no citizen's text is lost. */
const SYSTEM_OF_AUTHOR = [
  /^(?:messages and calls are end-to-end|pesan dan panggilan dienkripsi secara|pesan ke chat ini|messages to this)/i,
  /^(?:missed (?:voice|video) call|panggilan (?:suara|video) tak terjawab)[.,]?(?:\s.{0,40})?$/i,
];
const DELETED =
  /^(?:pesan ini (?:telah )?dihapus|anda (?:telah )?menghapus pesan ini|this message was deleted|you deleted this message)\.?$/i;
const OMITTED =
  /^<?(?:media|gambar|foto|video|audio|stiker|dokumen|gif|kontak|image|sticker|document|contact card)[^<>\n]{0,60}(?:tidak disertakan|omitted)>?$/i;
const FILE =
  /^<(?:terlampir|attached|lampiran):\s*([^<>\n]{1,200})>|^([^\n<>]{1,200}\.\w{2,5}) \((?:file terlampir|berkas terlampir|file attached)\)/i;
const EDITED = /<(?:pesan ini diedit|this message was edited)>$/i;

interface Stamped {
  numbers: [number, number, number];
  clock: { hour: number; minute: number; second: number };
  lines: string[];
}

/** Reads the text of an export. What stands before the first time belongs to nobody. `null`: it is no such text. Pure. */
export function readChat(text: string, { timezone, now }: { timezone: string; now: Date }): Chat | null {
  const stamped = stampsOf(text);
  const timeOf = stamped.length > 0 ? orderOf(stamped, timezone, now) : null;
  if (!timeOf) return null;
  const messages: ChatMessage[] = [];
  for (const one of stamped) {
    const at = timeOf(one);
    const message = at && messageOf(one.lines);
    if (message) messages.push({ at, ...message });
  }
  const counts = Map.groupBy(messages, ({ author }) => author);
  const participants = [...counts].sort(([, a], [, b]) => b.length - a.length).map(([author]) => author);
  return { messages, participants, skipped: stamped.length - messages.length };
}

function stampsOf(text: string): Stamped[] {
  const stamped: Stamped[] = [];
  for (const line of text.split(/\r?\n/)) {
    const found = STAMP.exec(line.replace(MARKS, '').replaceAll('\u202f', ' '));
    if (!found) {
      stamped.at(-1)?.lines.push(line);
      continue;
    }
    const [, a, b, c, hour, minute, second, half, rest] = found;
    const clock = { hour: hourOf(Number(hour), half), minute: Number(minute), second: Number(second ?? 0) };
    stamped.push({ numbers: [Number(a), Number(b), Number(c)], clock, lines: [rest ?? ''] });
  }
  return stamped;
}

const hourOf = (hour: number, half: string | undefined): number =>
  half === undefined ? hour : (hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0);

type TimeOf = (stamped: Stamped) => Date | null;

/** Of the orders in which every date exists and has come, the one in which time runs forward; day first where both do. */
function orderOf(stamped: readonly Stamped[], timezone: string, now: Date): TimeOf | null {
  const orders: ((numbers: readonly [number, number, number]) => [year: number, month: number, day: number])[] = [
    ([a, b, c]) => [c, b, a],
    ([a, b, c]) => [c, a, b],
    ([a, b, c]) => [a, b, c],
  ];
  const scored = orders.map((order) => {
    const timeOf: TimeOf = ({ numbers, clock }) => {
      const [year, month, day] = order(numbers);
      return instantOf({ year: year < 100 ? 2000 + year : year, month, day, ...clock }, timezone);
    };
    return { timeOf, faults: faultsOf(stamped.map(timeOf), now) };
  });
  const best = scored.reduce((a, b) => (b.faults < a.faults ? b : a));
  return best.faults < Number.POSITIVE_INFINITY ? best.timeOf : null;
}

const DAY = 86_400_000;

/** How often time runs backward; a date that is none, or to come, weighs as much as all of them. */
function faultsOf(times: readonly (Date | null)[], now: Date): number {
  let faults = 0;
  let last = 0;
  for (const at of times) {
    if (!at || at.getTime() > now.getTime() + DAY) faults += times.length;
    else {
      if (at.getTime() < last) faults += 1;
      last = at.getTime();
    }
  }
  return times.every((at) => at === null) ? Number.POSITIVE_INFINITY : faults;
}

/** `null`: WhatsApp's own words, or a message that is gone. */
function messageOf(lines: readonly string[]): Omit<ChatMessage, 'at'> | null {
  const [first = '', ...more] = lines;
  const found = /^([^:\n]{1,100}): ?(.*)$/.exec(first);
  if (!found || SYSTEM.some((words) => words.test(found[1]!))) return null;
  const author = found[1]!.replace(MARKS, '').replace(/^~\s*/, '').trim();
  const whole = [found[2]!, ...more].join('\n').replace(MARKS, '').trim().replace(EDITED, '').trim();
  if (!author || !whole || DELETED.test(whole) || SYSTEM_OF_AUTHOR.some((words) => words.test(whole))) return null;
  const file = FILE.exec(whole);
  if (file) return { author, text: whole.slice(file[0].length).trim(), file: (file[1] ?? file[2])!.trim() };
  return { author, text: OMITTED.test(whole) ? '[Media tidak disertakan dalam ekspor]' : whole, file: null };
}
