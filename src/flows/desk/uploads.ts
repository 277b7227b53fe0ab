import { type Actor, areas } from '../../core/access.ts';
import { Refusal } from '../../core/refusal.ts';
import { type FileStore, sniff } from '../../platform/files.ts';
import { safeName } from '../../platform/safeName.ts';
import { newId, type Tx } from '../../store/database.ts';
import { insertUpload } from '../../store/drafts.ts';
import type { DeskDeps } from '../deps.ts';
import { atDesk, record } from './desk.ts';

export interface NewUpload {
  name: string | undefined;
  /** As the client says; what the first bytes say counts more. */
  mime: string;
  bytes: Uint8Array;
}

export interface Uploaded {
  id: string;
  name: string;
  mime: string;
  size: number;
}

type UploadDeps = DeskDeps & { files: Pick<FileStore, 'put'> };

/** A file for an answer of this complaint. It is stored first, so that the row never points at nothing. */
export async function upload(deps: UploadDeps, actor: Actor, complaintId: string, file: NewUpload): Promise<Uploaded> {
  const mime = await mustBeFile(deps, file);
  return atDesk(deps, actor, 'draft', complaintId, async (desk) => {
    const { uploaded, sha256 } = await store(deps, desk.tx, actor, { file, mime, complaintId });
    await record(desk, complaintId, 'attachment.uploaded', { attachmentId: uploaded.id, sha256 });
    return uploaded;
  });
}

/** A file for a complaint that is about to be entered: a scanned letter, a photo. Only who uploaded it can use it. */
export async function uploadAhead(deps: UploadDeps, actor: Actor, file: NewUpload): Promise<Uploaded> {
  if (areas(actor, 'enter').length === 0)
    throw new Refusal('forbidden', 'your roles do not allow "enter"; ask an administrator');
  const mime = await mustBeFile(deps, file);
  const { uploaded } = await deps.db
    .transaction()
    .execute((tx) => store(deps, tx, actor, { file, mime, complaintId: null }));
  return uploaded;
}

/** Its type, as its first bytes say. */
async function mustBeFile({ config }: DeskDeps, { bytes, mime }: NewUpload): Promise<string> {
  const { maxBytes } = config.hub.policies.attachments;
  if (bytes.byteLength > maxBytes)
    throw new Refusal('too_large', `the file has ${bytes.byteLength} bytes; at most ${maxBytes} are accepted`);
  if (bytes.byteLength === 0) throw new Refusal('unknown_attachment', 'the file is empty; send its bytes as the body');
  return (await sniff(bytes)) ?? mime;
}

async function store(
  { files }: UploadDeps,
  tx: Tx,
  { userId }: Actor,
  { file, mime, complaintId }: { file: NewUpload; mime: string; complaintId: string | null },
): Promise<{ uploaded: Uploaded; sha256: string }> {
  const { sha256, size } = await files.put(file.bytes);
  const uploaded = { id: newId(), name: safeName(file.name, mime), mime, size };
  await insertUpload(tx, { ...uploaded, complaintId, sha256, userId });
  return { uploaded, sha256 };
}
