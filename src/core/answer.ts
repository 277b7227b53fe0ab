import { type AnswerRules, isPublic, parseDuration, type Surface } from '#contract';
import { findLeaks, type Hidden, type Leak, type LeakKind, NOTHING_HIDDEN, type OwnContacts } from './leaks/index.ts';
import type { Fault } from './refusal.ts';
import { shorten } from './shorten.ts';

/** One message that is to be answered. */
export interface AnswerTarget {
  messageId: string;
  channelId: string;
  /** As people call it. */
  channel: string;
  surface: Surface;
  /** When the citizen last wrote in this thread. */
  lastCitizenAt: Date;
  deleted: boolean;
  /** The complaint it belongs to is not published. */
  secret: boolean;
  /** What is known of the reporters and must not be said here. */
  hidden: Hidden;
  /** Absent: the channel has gone, or its adapter cannot answer. */
  rules: AnswerRules | undefined;
  /** It stands in public and is answered in private. */
  privately?: boolean;
  /** Somebody has answered it in private before, which can be done once. */
  privatelyUsed?: boolean;
  /** What is said here instead of the answer's text. */
  text?: string;
  /** What is known of reporters whose complaints are linked to this one. */
  others?: Hidden;
  /** Of those who want to stay unknown. */
  anonymous?: Hidden;
  /** Ticket numbers of those complaints. */
  otherTickets?: readonly string[];
  /** Where the reporter can read everything. */
  statusPage?: string | null;
}

export interface Answer {
  text: string;
  files: readonly { name: string; mime: string | null; size: number }[];
  targets: readonly AnswerTarget[];
  now: Date;
  /** The government's own contacts: they may be named. */
  own: OwnContacts;
}

/** Everything that keeps this answer from being sent, known before anyone approves it. Empty: it can be sent. */
export function answerFaults(answer: Answer): Fault[] {
  return answer.targets.flatMap((target) =>
    targetFaults(answer, target).map((fault) => ({ ...fault, messageId: target.messageId })),
  );
}

function targetFaults(whole: Answer, target: AnswerTarget): Fault[] {
  const answer = { ...whole, text: target.text ?? whole.text };
  const { rules, surface, channel } = target;
  if (!rules?.surfaces.includes(surface)) {
    if (target.privately)
      return [{ code: 'unsupported', message: `Kanal ${channel} tidak mengenal balasan pribadi di sini.` }];
    const message = `Kanal ${channel} tidak dapat menayangkan jawaban di sini. Jawab lewat kanal lain, lalu catat di catatan.`;
    return [{ code: 'unsupported', message }];
  }
  const over = isOver(target, rules, answer.now);
  const limits = over && rules.afterWindow ? rules.afterWindow : rules;
  return [
    ...confidentiality(answer, target),
    ...onceInPrivate(target),
    ...lengthFaults(answer, target, limits),
    ...ticketFaults(answer, target),
    ...(over && !rules.afterWindow ? [windowFault(target)] : []),
    ...fileFaults(answer.files, limits),
  ];
}

function onceInPrivate({ privately, privatelyUsed }: AnswerTarget): Fault[] {
  if (!privately || !privatelyUsed) return [];
  const message =
    'Balasan pribadi untuk kiriman ini sudah terpakai; hanya boleh sekali. Jawab di tempat umum, atau tunggu warga menulis.';
  return [{ code: 'privately_used', message }];
}

function confidentiality({ text, own }: Answer, target: AnswerTarget): Fault[] {
  const { surface, secret, deleted, channel, hidden, privately } = target;
  const faults: Fault[] = [];
  if (deleted) faults.push({ code: 'gone', message: `Pesan warga di kanal ${channel} sudah dihapus.` });
  if (!isPublic(surface) || privately) return [...faults, ...unmasked(text, own, target)];
  if (secret)
    faults.push({
      code: 'secret',
      message: 'Aduan ini rahasia: tidak boleh dijawab di tempat umum. Jawab lewat pesan pribadi.',
    });
  return [...faults, ...leaksOf(text, own, hidden).map((leak) => ({ ...leak, message: `${leak.message} ${REMOVE}` }))];
}

/** Who reports without a name is named to nobody; other data of theirs cannot be told from the reader's own. */
const unmasked = (text: string, own: OwnContacts, { anonymous }: AnswerTarget): Fault[] =>
  anonymous
    ? leaksOf(text, own, anonymous)
        .filter(({ code }) => code === 'leak_name' || code === 'leak_address')
        .map((leak) => ({ ...leak, message: `${leak.message} Pelapor ini anonim: hapus datanya.` }))
    : [];

const REMOVE = 'Hapus sebelum ditayangkan, atau jawab lewat pesan pribadi.';
const PRIVATE_DATA: Record<LeakKind, string> = {
  nik: 'NIK',
  kk: 'nomor Kartu Keluarga',
  phone: 'nomor telepon pribadi',
  email: 'alamat email pribadi',
  address: 'alamat rumah',
  name: 'nama pelapor',
};

/** One for each kind: the first place, shown so that its author finds it, but not whole. */
function leaksOf(text: string, own: OwnContacts, hidden: Hidden): Fault[] {
  const first = new Map<LeakKind, Leak>();
  for (const leak of findLeaks(text, own, hidden)) if (!first.has(leak.kind)) first.set(leak.kind, leak);
  return [...first.values()].map(({ kind, start, end }) => {
    const shown = `${text.slice(start, Math.min(start + 4, end))}…`;
    return { code: `leak_${kind}`, message: `Jawaban memuat ${PRIVATE_DATA[kind]} ("${shown}").` };
  });
}

/** What the author should know although it keeps nobody back: personal data in an answer that only its reader gets. */
export function answerWarnings({ text: usual, own, targets }: Pick<Answer, 'text' | 'own' | 'targets'>): string[] {
  const warnings = targets
    .filter((target) => target.privately || !isPublic(target.surface))
    .flatMap(({ text = usual, others = NOTHING_HIDDEN }) => leaksOf(text, own, others))
    .map(({ message }) => `${message} Pastikan ini memang data penerima jawaban.`);
  return [...new Set(warnings)];
}

type Limits = Pick<AnswerRules, 'maxChars' | 'measure' | 'attachments'>;

function lengthFaults(
  { text, files }: Pick<Answer, 'text' | 'files'>,
  target: AnswerTarget,
  { maxChars, measure, attachments }: Limits,
): Fault[] {
  const lengthOf = measure ?? ((said: string) => said.length);
  const length = lengthOf(text);
  const beside = files.length > 0 ? attachments?.maxChars : undefined;
  const most = Math.min(maxChars, beside ?? maxChars);
  if (length <= most) return [];
  const where = most < maxChars ? ' bersama lampiran' : '';
  const tail = target.statusPage ? `Selengkapnya: ${target.statusPage}` : '';
  const proposal = shorten(text, { max: most, measure: lengthOf, tail });
  const { channelId, channel } = target;
  const message = `Terlalu panjang untuk ${channel}${where}: ${length} dari paling banyak ${most}. Kurangi ${length - most}, atau tulis teks yang lebih pendek khusus untuk kanal ini.`;
  return [
    { code: 'too_long', message, tooLong: { channel: channelId, length, max: most, over: length - most, proposal } },
  ];
}

/** A ticket number belongs to its reporter alone. */
function ticketFaults({ text }: Answer, { otherTickets = [], channel }: AnswerTarget): Fault[] {
  const bare = (ticket: string) => ticket.toUpperCase().replace(/[\s.\-_/]/g, '');
  const found = otherTickets.find((ticket) => bare(text).includes(bare(ticket)));
  if (!found) return [];
  const message = `Jawaban memuat nomor ${found}, milik pelapor lain, dan juga dikirim ke ${channel}. Hapus nomornya.`;
  return [{ code: 'foreign_ticket', message }];
}

function isOver(target: AnswerTarget, rules: AnswerRules, now: Date): boolean {
  const until = windowEnd(rules, target.surface, target.lastCitizenAt);
  return until !== null && until <= now;
}

function windowFault({ channel }: AnswerTarget): Fault {
  const message = `Batas waktu menjawab di kanal ${channel} sudah lewat. Tunggu warga menulis lagi.`;
  return { code: 'window', message };
}

/** When the time to answer ends; `null`: it does not. */
export function windowEnd(rules: AnswerRules | undefined, surface: Surface, lastCitizenAt: Date): Date | null {
  const window = rules?.window?.[surface];
  return window ? new Date(lastCitizenAt.getTime() + parseDuration(window)) : null;
}

function fileFaults(files: Answer['files'], { attachments: allowed }: Limits): Fault[] {
  if (files.length === 0) return [];
  if (!allowed) return [{ code: 'attachments', message: 'Kanal ini tidak menerima lampiran. Hapus lampirannya.' }];
  const faults: Fault[] = [];
  const fault = (message: string) => faults.push({ code: 'attachments', message });
  if (files.length > allowed.maxCount) fault(`Paling banyak ${allowed.maxCount} lampiran di kanal ini.`);
  for (const file of files) {
    if (file.size > allowed.maxBytes) fault(`Lampiran ${file.name} lebih besar dari ${allowed.maxBytes} bita.`);
    if (!file.mime || !allowed.mimes.includes(file.mime))
      fault(`Jenis lampiran ${file.name} tidak diterima; yang diterima: ${allowed.mimes.join(', ')}.`);
  }
  return faults;
}
