import type { Actor } from '../../core/access.ts';
import { Refusal } from '../../core/refusal.ts';
import { type FileStore, sniff } from '../../platform/files.ts';
import { safeName } from '../../platform/safeName.ts';
import { newId } from '../../store/database.ts';
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

/** A file for an answer of this complaint. It is stored first, so that the row never points at nothing. */
export async function upload(
  deps: DeskDeps & { files: Pick<FileStore, 'put'> },
  actor: Actor,
  complaintId: string,
  file: NewUpload,
): Promise<Uploaded> {
  const { maxBytes } = deps.config.hub.policies.attachments;
  if (file.bytes.byteLength > maxBytes)
    throw new Refusal('too_large', `the file has ${file.bytes.byteLength} bytes; at most ${maxBytes} are accepted`);
  if (file.bytes.byteLength === 0)
    throw new Refusal('unknown_attachment', 'the file is empty; send its bytes as the body');
  const mime = (await sniff(file.bytes)) ?? file.mime;
  return atDesk(deps, actor, 'draft', complaintId, async (desk) => {
    const { sha256, size } = await deps.files.put(file.bytes);
    const uploaded = { id: newId(), name: safeName(file.name, mime), mime, size };
    await insertUpload(desk.tx, { ...uploaded, complaintId, sha256, userId: actor.userId });
    await record(desk, complaintId, 'attachment.uploaded', { attachmentId: uploaded.id, sha256 });
    return uploaded;
  });
}
