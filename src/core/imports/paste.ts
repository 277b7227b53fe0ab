import { readDate } from './dates.ts';

/** What somebody copied from a page or a chat, read as far as it can be recognised. */
export interface Pasted {
  text: string;
  title?: string;
  /** Its number there. */
  reference?: string;
  receivedAt?: Date;
  name?: string;
  phone?: string;
  handle?: string;
  permalink?: string;
}

const TICKETS = [
  /\b(LG[A-Z]{2}\d{8})\b/,
  /\b(?:no(?:mor)?\.?\s*(?:tiket|aduan|laporan|pengaduan)|kode\s+(?:tiket|laporan|aduan)|tracking\s*id|ticket)\s*[:#]?\s*([A-Z0-9][A-Z0-9/-]{3,30})/i,
];
const CLOCK = String.raw`(?:,?\s+(?:pukul\s+|jam\s+)?\d{1,2}[.:]\d{2}(?:[.:]\d{2})?)?(?:\s*\(?(?:WIB|WITA|WIT)\b\)?)?`;
const DATES = [
  /\b\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?/,
  new RegExp(String.raw`\b\d{1,2}[-/.]\d{1,2}[-/.]\d{4}${CLOCK}`, 'i'),
  new RegExp(String.raw`\b\d{4}-\d{2}-\d{2}${CLOCK}`, 'i'),
  new RegExp(String.raw`\b\d{1,2}\s+[A-Za-z]{3,9}\s+\d{4}${CLOCK}`, 'i'),
];

/** Lines that say one thing of the report, and are no part of its words. */
const LABELS: [field: 'name' | 'phone' | 'title' | 'text' | 'none', label: RegExp][] = [
  ['name', /^(?:pelapor|nama(?: pelapor)?|pengirim|oleh|dari)\s*:\s*/i],
  ['phone', /^(?:hp|telp|telepon|wa|whatsapp|no(?:mor)?\.?\s*(?:hp|wa|telp|telepon|whatsapp))\.?\s*:\s*/i],
  ['title', /^(?:judul|perihal|subjek)\s*:\s*/i],
  ['text', /^(?:isi(?: laporan| aduan| pengaduan)?|laporan|aduan|uraian)\s*:\s*/i],
  [
    'none',
    /^(?:no(?:mor)?\.?\s*(?:tiket|aduan|laporan|pengaduan)|kode\s+(?:tiket|laporan|aduan)|tracking\s*id|tanggal|tgl|waktu)\b.{0,60}$/i,
  ],
];

/** Pure; nothing is looked up, and no link is followed. */
export function readPaste(
  given: { text: string; url?: string | undefined },
  { timezone, now }: { timezone: string; now: Date },
): Pasted {
  const whole = given.text
    .replace(/\r\n?/g, '\n')
    .replace(/\u00a0/g, ' ')
    .trim();
  const said: Partial<Record<'name' | 'phone' | 'title', string>> = {};
  const words: string[] = [];
  for (const line of whole.split('\n')) {
    const [field, label] = LABELS.find(([, pattern]) => pattern.test(line.trim())) ?? [];
    const rest = label ? line.trim().replace(label, '').trim() : '';
    if (field === 'name' || field === 'phone' || field === 'title') said[field] ??= rest.slice(0, 300);
    else if (field === 'text') words.push(rest);
    else if (field === undefined && !isMeta(line)) words.push(line);
  }
  const reference = TICKETS.map((pattern) => pattern.exec(whole)?.[1]).find((found) => found);
  const receivedAt = timeIn(whole, timezone, now);
  const permalink = linkOf(given.url ?? /^https?:\/\/\S+$/m.exec(whole)?.[0]);
  const handle = /(?:^|\s)@([A-Za-z0-9._]{2,50})\b/.exec(whole)?.[1];
  return {
    text: words
      .join('\n')
      .replace(/\n{3,}/g, '\n\n')
      .trim(),
    ...Object.fromEntries(Object.entries(said).filter(([, value]) => value)),
    ...(reference && { reference }),
    ...(receivedAt && { receivedAt }),
    ...(handle && !said.name && { handle }),
    ...(permalink && { permalink }),
  };
}

/** A line with nothing but a number, a time or a link. */
function isMeta(line: string): boolean {
  const rest = [TICKETS[0]!, ...DATES].reduce((left, pattern) => left.replace(pattern, ''), line);
  return line.trim() !== '' && (rest.trim() === '' || /^https?:\/\/\S+$/.test(line.trim()));
}

function timeIn(text: string, timezone: string, now: Date): Date | undefined {
  const found = DATES.map((pattern) => pattern.exec(text)).filter((one) => one !== null);
  const first = found.sort((a, b) => a.index - b.index)[0];
  const at = first && readDate(first[0], { timezone });
  return at && at <= now ? at : undefined;
}

const TRACKING = /^(?:utm_\w+|fbclid|gclid|igsh|igshid|mibextid|__\w+|si|feature)$/i;

/** Without what only tells who shared it. */
function linkOf(written: string | undefined): string | undefined {
  if (written === undefined || !URL.canParse(written)) return undefined;
  const url = new URL(written);
  if (!/^https?:$/.test(url.protocol)) return undefined;
  for (const name of [...url.searchParams.keys()]) if (TRACKING.test(name)) url.searchParams.delete(name);
  Object.assign(url, { username: '', password: '' });
  return url.href;
}
