import type { PhotoFault } from '../../platform/photos/index.ts';
import { safeName } from '../../platform/safeName.ts';
import { dropPhotos, keepPhoto, photosOf, type WaitingPhoto } from '../../store/doorPhotos.ts';
import type { StoredFile } from '../enter.ts';
import type { DoorDeps } from './deps.ts';

/** A form that came back to be corrected keeps its photos for so long. */
const KEPT_MS = 2 * 60 * 60_000;
const SEALED_AS = 'door-photo';
const MIB = 1024 ** 2;
/** A document is kept as it came. */
const LARGEST_PDF = 10 * MIB;
/** All that waits, of all forms together: whoever sends files and never a form must not fill the disk. */
const MOST_WAITING = 500 * MIB;

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
): Promise<{ refused?: PhotoFault | 'large' | 'busy' }> {
  const taken = await deps.photos.take(bytes);
  if ('refused' in taken) return { refused: taken.refused };
  if (taken.mime === 'application/pdf' && bytes.byteLength > LARGEST_PDF) return { refused: 'large' };
  const at = deps.clock.now();
  const photo: WaitingPhoto = {
    ...{ form, position, mime: taken.mime, size: taken.bytes.byteLength },
    name: safeName(taken.mime === 'application/pdf' ? `dokumen-${position}` : `foto-${position}`, taken.mime),
    sealed: deps.keyring.encrypt(taken.bytes, SEALED_AS),
  };
  const until = new Date(at.getTime() + KEPT_MS);
  return (await keepPhoto(deps.db, photo, { at, until, most: MOST_WAITING })) ? {} : { refused: 'busy' };
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
