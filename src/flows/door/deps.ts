import type { FileStore } from '../../platform/files.ts';
import type { Photos } from '../../platform/photos/index.ts';
import type { DeskDeps } from '../deps.ts';

export interface DoorDeps extends DeskDeps {
  files: FileStore;
  photos: Photos;
}
