import type { Multipart, MultipartFile } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { EMPTY, type Filled, FORM_FIELDS } from '../../../core/door/form.ts';
import type { SentForm } from '../../../flows/door/submit.ts';
import { doubtOf, readSent } from '../../../flows/door/submit.ts';
import { leavePhotos, takePhoto, waitingPhotos } from '../../../flows/door/waiting.ts';
import { sizeText } from '../../pages/photoFields.ts';
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
const largest = ({ deps }: DoorApi): number => Math.min(MAX_FILE, deps.config.hub.policies.attachments.maxBytes);
/** More parts than any form of ours has are a robot's. */
const LIMITS = { fieldSize: 100_000, fields: 40, parts: 80, files: 30, fieldNameSize: 60, headerPairs: 20 };

/**
 * Reads a form part by part. Its token and its trap stand first, so that no file of a robot is looked at. Each file is
 * shrunk as it comes: there is never more than one original in memory, and none on the disk.
 */
export async function readParts(api: DoorApi, request: FastifyRequest, may: { files: boolean }): Promise<Read> {
  const values = new Map<string, string[]>();
  const faults: string[] = [];
  const fileSize = largest(api);
  let files: FileTaker | undefined;
  for await (const part of partsOf(request, fileSize)) {
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

/** What cannot be read as a form is the sender's fault, or that of their line; what we do with its parts is not. */
async function* partsOf(request: FastifyRequest, fileSize: number): AsyncGenerator<Multipart> {
  const parts = request.parts({ limits: { ...LIMITS, fileSize } });
  for (;;) {
    const next = await parts.next().catch((cause: Error & { statusCode?: number }) => {
      throw Object.assign(new Error('the form could not be read', { cause }), { statusCode: cause.statusCode ?? 400 });
    });
    if (next.done) return;
    yield next.value;
  }
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

async function fileTaker(api: DoorApi, sent: SentForm, drop: readonly string[]): Promise<FileTaker> {
  const { deps, open } = api;
  const { token } = sent;
  const doubt = doubtOf(deps, sent);
  if (!token || (doubt && doubt !== 'stale')) return leave;
  if (drop.length > 0) await leavePhotos(deps, token.key, drop.map(Number).filter(Number.isSafeInteger));
  const waiting = await waitingPhotos(deps, token.key);
  // Those that are refused count, too: each was looked at.
  let tried = waiting.length;
  let position = waiting.at(-1)?.position ?? 0;
  return async (part) => {
    const name = part.filename?.slice(0, 60) ?? '';
    const fault = await api.room.hold(part.file, async (bytes) => {
      if (part.file.truncated) return `terlalu besar; paling besar ${sizeText(largest(api))}.`;
      if (bytes.byteLength === 0) return '';
      if (tried++ >= open.door.photos) return `tidak diikutkan: paling banyak ${open.door.photos} berkas.`;
      const { refused } = await takePhoto(deps, token.key, position + 1, bytes);
      if (refused) return REFUSED[refused];
      position += 1;
      return '';
    });
    return (fault ?? BUSY) ? `${name}: ${fault ?? BUSY}` : undefined;
  };
}

const BUSY = 'belum dapat diterima karena sedang banyak kiriman; coba lagi sebentar lagi, atau kirim tanpa berkas ini.';
const REFUSED = {
  heic: 'foto HEIC belum dapat kami baca. Di iPhone pilih Pengaturan, Kamera, Format, Paling Kompatibel; atau kirim tangkapan layarnya.',
  type: 'jenis berkas ini tidak kami terima; kirim foto (JPEG, PNG, WebP) atau PDF.',
  large: 'dokumen PDF paling besar 10 MB.',
  busy: BUSY,
  unreadable: 'foto ini rusak atau terlalu besar untuk dibaca; coba foto lain.',
} as const;
