import type { FileStore } from '../../platform/files.ts';
import { createPhotos, type Photos } from '../../platform/photos/index.ts';
import type { DeskDeps } from '../deps.ts';

export interface DoorDeps extends DeskDeps {
  files: FileStore;
  photos: Photos;
}

/** Photos are read in a process of their own, which begins with the first one; `photos.close()` ends it. */
export const doorDeps = (deps: DeskDeps & { files: FileStore }): DoorDeps => ({
  ...deps,
  photos: createPhotos({ log: deps.log }),
});
