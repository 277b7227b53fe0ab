import type { Photos } from '../../platform/photos/index.ts';
import { safeName } from '../../platform/safeName.ts';
import { dropPhotos, keepPhoto, photosOf, type WaitingPhoto } from '../../store/doorPhotos.ts';
import type { StoredFile } from '../enter.ts';
import type { DoorDeps } from './deps.ts';

/** A form that came back to be corrected keeps its photos for so long. */
const KEPT_MS = 2 * 60 * 60_000;
const SEALED_AS = 'door-photo';

/** Photos of a form that is not sent off yet. They are encrypted, without metadata, and gone after two hours. */
export interface Waiting {
  position: number;
  name: string;
  size: number;
}

/** Takes one file of a form. Its name says nothing of its owner. `refused`: why it was not taken; no word of it is kept. */
export async function takePhoto(
  deps: DoorDeps,
  form: string,
  position: number,
  bytes: Uint8Array,
): Promise<{ refused?: Extract<Awaited<ReturnType<Photos['take']>>, { refused: string }>['refused'] }> {
  const taken = await deps.photos.take(bytes);
  if ('refused' in taken) return { refused: taken.refused };
  const at = deps.clock.now();
  const photo: WaitingPhoto = {
    ...{ form, position, mime: taken.mime, size: taken.bytes.byteLength },
    name: safeName(taken.mime === 'application/pdf' ? `dokumen-${position}` : `foto-${position}`, taken.mime),
    sealed: deps.keyring.encrypt(taken.bytes, SEALED_AS),
  };
  await keepPhoto(deps.db, photo, { at, until: new Date(at.getTime() + KEPT_MS) });
  return {};
}

export async function waitingPhotos(deps: DoorDeps, form: string): Promise<Waiting[]> {
  const photos = await photosOf(deps.db, form, deps.clock.now());
  return photos.map(({ position, name, size }) => ({ position, name, size }));
}

export const leavePhotos = (deps: DoorDeps, form: string, positions: readonly number[]): Promise<void> =>
  dropPhotos(deps.db, form, positions);

/** Puts the photos of a form where all files of complaints are. */
export async function storePhotos(deps: DoorDeps, form: string): Promise<StoredFile[]> {
  const stored: StoredFile[] = [];
  for (const { sealed, name, mime } of await photosOf(deps.db, form, deps.clock.now())) {
    const { sha256, size } = await deps.files.put(deps.keyring.decrypt(sealed, SEALED_AS));
    stored.push({ name, mime, size, sha256 });
  }
  return stored;
}

export const forgetPhotos = (deps: DoorDeps, form: string): Promise<void> => dropPhotos(deps.db, form);
