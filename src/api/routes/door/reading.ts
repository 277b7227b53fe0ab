import type { MultipartFile } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { EMPTY, type Filled, FORM_FIELDS } from '../../../core/door/form.ts';
import type { SentForm } from '../../../flows/door/submit.ts';
import { doubtOf, readSent } from '../../../flows/door/submit.ts';
import { leavePhotos, takePhoto, waitingPhotos } from '../../../flows/door/waiting.ts';
import type { DoorApi } from './door.ts';

/** What a form brought. */
export interface Read {
  sent: SentForm;
  filled: Filled;
  /** What is to be said of its files. */
  photoError: string | undefined;
}

const MIB = 1024 ** 2;
const MAX_FILE = 25 * MIB;
/** More parts than any form of ours has are a robot's. */
const LIMITS = { fieldSize: 100_000, fields: 40, parts: 80, files: 30, fieldNameSize: 60, headerPairs: 20 };

/**
 * Reads a form part by part. Its token and its trap stand first, so that no file of a robot is looked at. Each file is
 * shrunk as it comes: there is never more than one original in memory, and none on the disk.
 */
export async function readParts(api: DoorApi, request: FastifyRequest, may: { files: boolean }): Promise<Read> {
  const values = new Map<string, string[]>();
  const faults: string[] = [];
  const fileSize = Math.min(MAX_FILE, api.deps.config.hub.policies.attachments.maxBytes);
  let files: FileTaker | undefined;
  for await (const part of request.parts({ limits: { ...LIMITS, fileSize } })) {
    if (part.type === 'field') {
      const texts = values.get(part.fieldname) ?? [];
      values.set(part.fieldname, [...texts, String(part.value)]);
      continue;
    }
    files ??= may.files ? await fileTaker(api, sentOf(api, values), values.get('drop') ?? []) : leave;
    const fault = await files(part);
    if (fault) faults.push(fault);
  }
  const sent = sentOf(api, values);
  if (!files) await fileTaker(api, sent, values.get('drop') ?? []);
  return { sent, filled: filledOf(api, values), photoError: faults.length > 0 ? faults.join(' ') : undefined };
}

const last = (values: ReadonlyMap<string, string[]>, name: string): string => values.get(name)?.at(-1) ?? '';

const sentOf = (api: DoorApi, values: ReadonlyMap<string, string[]>): SentForm =>
  readSent(api.deps, last(values, 'token'), last(values, 'situs'));

/** What is not asked is not read. */
function filledOf({ open }: DoorApi, values: ReadonlyMap<string, string[]>): Filled {
  const always = ['text', 'category', 'identity', 'secret'];
  const asked = FORM_FIELDS.filter((name) => always.includes(name) || (open.door.ask as string[]).includes(name));
  // Browsers send a line break as two characters; people count one.
  const typed = (name: string) => last(values, name).replace(/\r\n?/g, '\n');
  return { ...EMPTY, ...Object.fromEntries(asked.map((name) => [name, typed(name)])) };
}

/** Takes a file, or says why not. */
type FileTaker = (part: MultipartFile) => Promise<string | undefined>;

const leave: FileTaker = async (part) => void part.file.resume();

async function fileTaker({ deps, open }: DoorApi, sent: SentForm, drop: readonly string[]): Promise<FileTaker> {
  const { token } = sent;
  const doubt = doubtOf(deps, sent);
  if (!token || (doubt && doubt !== 'stale')) return leave;
  if (drop.length > 0) await leavePhotos(deps, token.key, drop.map(Number).filter(Number.isSafeInteger));
  const waiting = await waitingPhotos(deps, token.key);
  let { length: count } = waiting;
  let position = waiting.at(-1)?.position ?? 0;
  return async (part) => {
    const bytes = await part.toBuffer().catch((error: { code?: string }) => {
      if (error.code === 'FST_REQ_FILE_TOO_LARGE') return null;
      throw error;
    });
    const name = part.filename?.slice(0, 60) ?? '';
    if (bytes === null) return `${name} terlalu besar; paling besar 25 MB.`;
    if (bytes.byteLength === 0) return undefined;
    if (count >= open.door.photos) return `${name} tidak diikutkan: paling banyak ${open.door.photos} berkas.`;
    const { refused } = await takePhoto(deps, token.key, position + 1, bytes);
    if (refused) return `${name}: ${REFUSED[refused]}`;
    count += 1;
    position += 1;
    return undefined;
  };
}

const REFUSED = {
  heic: 'foto HEIC belum dapat kami baca. Di iPhone pilih Pengaturan, Kamera, Format, Paling Kompatibel; atau kirim tangkapan layarnya.',
  type: 'jenis berkas ini tidak kami terima; kirim foto (JPEG, PNG, WebP) atau PDF.',
  unreadable: 'foto ini rusak atau terlalu besar untuk dibaca; coba foto lain.',
} as const;
