import type { PlatformWorld } from '../platform.ts';
import { googlePart } from './google.ts';
import { metaWorld } from './meta.ts';
import { worldOf } from './part.ts';
import { tiktokPart } from './tiktok.ts';
import { xPart } from './x.ts';
import { youtubePart } from './youtube.ts';

/** Platforms of `npm run crash`, by the name of their option. */
export const WORLDS = {
  ...{
    meta: metaWorld,
    google: worldOf(googlePart),
    youtube: worldOf(youtubePart),
    x: worldOf(xPart),
    tiktok: worldOf(tiktokPart),
  },
} as const satisfies Record<string, (backend: 'postgres' | 'redis') => Promise<PlatformWorld>>;

/** Those of which everything can be looked up, in one hub. */
export const lookedUp = worldOf(googlePart, youtubePart, xPart, tiktokPart);
