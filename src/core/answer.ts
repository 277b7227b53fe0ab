import { type AnswerRules, isPublic, parseDuration, type Surface } from '#contract';
import type { Fault } from './refusal.ts';

/** One message that is to be answered. */
export interface AnswerTarget {
  messageId: string;
  channel: string;
  surface: Surface;
  /** When the citizen last wrote in this thread. */
  lastCitizenAt: Date;
  deleted: boolean;
  /** The complaint it belongs to is not published. */
  secret: boolean;
  /** Absent: the channel has gone, or its adapter cannot answer. */
  rules: AnswerRules | undefined;
  /** It stands in public and is answered in private. */
  privately?: boolean;
  /** Somebody has answered it in private before, which can be done once. */
  privatelyUsed?: boolean;
}

export interface Answer {
  text: string;
  files: readonly { name: string; mime: string | null; size: number }[];
  targets: readonly AnswerTarget[];
  now: Date;
}

/** Everything that keeps this answer from being sent, known before anyone approves it. Empty: it can be sent. */
export function answerFaults(answer: Answer): Fault[] {
  return answer.targets.flatMap((target) =>
    targetFaults(answer, target).map((fault) => ({ ...fault, messageId: target.messageId })),
  );
}

function targetFaults(answer: Answer, target: AnswerTarget): Fault[] {
  const { rules, surface, channel } = target;
  if (!rules?.surfaces.includes(surface)) {
    if (target.privately)
      return [{ code: 'unsupported', message: `Kanal ${channel} tidak mengenal balasan pribadi di sini.` }];
    const message = `Kanal ${channel} tidak dapat menayangkan jawaban di sini. Jawab lewat kanal lain, lalu catat di catatan.`;
    return [{ code: 'unsupported', message }];
  }
  return [
    ...confidentiality(answer, target),
    ...onceInPrivate(target),
    ...lengthFaults(answer.text, rules),
    ...windowFaults(target, rules, answer.now),
    ...fileFaults(answer.files, rules),
  ];
}

function onceInPrivate({ privately, privatelyUsed }: AnswerTarget): Fault[] {
  if (!privately || !privatelyUsed) return [];
  const message =
    'Balasan pribadi untuk kiriman ini sudah terpakai; hanya boleh sekali. Jawab di tempat umum, atau tunggu warga menulis.';
  return [{ code: 'privately_used', message }];
}

function confidentiality({ text }: Answer, target: AnswerTarget): Fault[] {
  const { surface, secret, deleted, channel, privately } = target;
  const faults: Fault[] = [];
  if (deleted) faults.push({ code: 'gone', message: `Pesan warga di kanal ${channel} sudah dihapus.` });
  if (!isPublic(surface) || privately) return faults;
  if (secret)
    faults.push({
      code: 'secret',
      message: 'Aduan ini rahasia: tidak boleh dijawab di tempat umum. Jawab lewat pesan pribadi.',
    });
  if (hasIdentityNumber(text))
    faults.push({
      code: 'identity_number',
      message: 'Jawaban memuat nomor 16 angka (seperti NIK atau nomor KK). Hapus nomor itu sebelum ditayangkan.',
    });
  return faults;
}

/** Sixteen digits, also when written in groups. */
const IDENTITY_NUMBER = /(?<!\d)(?:\d[\s.-]{0,2}){15}\d(?!\d)/;
const hasIdentityNumber = (text: string): boolean => IDENTITY_NUMBER.test(text.normalize('NFKC'));

function lengthFaults(text: string, rules: AnswerRules): Fault[] {
  const length = rules.measure ? rules.measure(text) : text.length;
  if (length <= rules.maxChars) return [];
  const over = length - rules.maxChars;
  return [
    { code: 'too_long', message: `Terlalu panjang: ${length} dari paling banyak ${rules.maxChars}. Kurangi ${over}.` },
  ];
}

function windowFaults(target: AnswerTarget, rules: AnswerRules, now: Date): Fault[] {
  const until = windowEnd(rules, target.surface, target.lastCitizenAt);
  if (!until || until > now) return [];
  const message = `Batas waktu menjawab di kanal ${target.channel} sudah lewat. Tunggu warga menulis lagi, atau hubungi lewat kanal lain.`;
  return [{ code: 'window', message }];
}

/** When the time to answer ends; `null`: it does not. */
export function windowEnd(rules: AnswerRules | undefined, surface: Surface, lastCitizenAt: Date): Date | null {
  const window = rules?.window?.[surface];
  return window ? new Date(lastCitizenAt.getTime() + parseDuration(window)) : null;
}

function fileFaults(files: Answer['files'], rules: AnswerRules): Fault[] {
  const allowed = rules.attachments;
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
