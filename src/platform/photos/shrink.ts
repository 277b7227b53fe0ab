import sharp from 'sharp';

/** The longest side that is kept, in pixels: enough to read a house number, a tenth of what phones send. */
const LONGEST = 2_048;
/** Larger ones are refused before a pixel is decoded: a small file can hold a picture of gigabytes. */
const MAX_PIXELS = 60_000_000;
const QUALITY = 80;

sharp.cache(false);
sharp.concurrency(1);

/**
 * A new JPEG of what the picture shows, upright, without anything else that the file held: place, time, camera, owner,
 * preview. Throws on what is no picture, or too large a one.
 */
export function shrink(bytes: Uint8Array): Promise<Buffer> {
  return sharp(bytes, { limitInputPixels: MAX_PIXELS, sequentialRead: true, pages: 1, failOn: 'truncated' })
    .rotate()
    .resize(LONGEST, LONGEST, { fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#ffffff' })
    .jpeg({ quality: QUALITY, progressive: true })
    .toBuffer();
}
