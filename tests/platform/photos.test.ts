import { readdirSync, readFileSync } from 'node:fs';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { createPhotos } from '../../src/platform/photos/index.ts';
import { eventually } from '../helpers/eventually.ts';

const photos = createPhotos();
afterAll(() => photos.close());

const plain = (width: number, height: number) => sharp({ create: { width, height, channels: 3, background: '#357' } });

/** A photo as a phone takes it: where it was, when, with what, and turned. */
const phonePhoto = () =>
  plain(4_000, 3_000)
    .withExif({
      IFD0: { Make: 'Kamera Uji', Artist: 'Siti Aminah', Orientation: '6' },
      IFD3: { GPSLatitudeRef: 'S', GPSLatitude: '7/1 40/1 12/1', GPSLongitudeRef: 'E', GPSLongitude: '109/1 39/1 0/1' },
    })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();

async function taken(bytes: Uint8Array) {
  const result = await photos.take(bytes);
  if ('refused' in result) throw new Error(result.refused);
  return result;
}

describe('photos that citizens send', () => {
  it('lose place, time, camera and owner; stay upright; become smaller', async () => {
    const original = await phonePhoto();
    expect((await sharp(original).metadata()).exif?.includes('Siti Aminah')).toBe(true);
    const { mime, bytes } = await taken(original);
    const about = await sharp(bytes).metadata();
    expect(mime).toBe('image/jpeg');
    expect([about.exif, about.xmp, about.iptc, about.icc, about.orientation]).toEqual(Array(5).fill(undefined));
    expect([about.width, about.height]).toEqual([1_536, 2_048]);
    for (const trace of ['Siti', 'Kamera', 'Exif', 'GPS']) expect(Buffer.from(bytes).includes(trace)).toBe(false);
  });

  it('may be PNG, WebP or GIF, and are not enlarged', async () => {
    const files = [plain(64, 48).png(), plain(64, 48).webp(), plain(64, 48).gif()];
    for (const file of files) {
      const { mime, bytes } = await taken(await file.toBuffer());
      expect([mime, (await sharp(bytes).metadata()).width]).toEqual(['image/jpeg', 64]);
    }
  });

  it('are refused where nobody can read them, and the next one is read', async () => {
    const good = await plain(64, 48).jpeg().toBuffer();
    const heic = Buffer.from([0, 0, 0, 24, ...Buffer.from('ftypheic'), 0, 0, 0, 0, ...Buffer.from('mif1heic')]);
    expect(await photos.take(heic)).toEqual({ refused: 'heic' });
    expect(await photos.take(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'))).toEqual({ refused: 'type' });
    expect(await photos.take(Buffer.from('MZ program'))).toEqual({ refused: 'type' });
    expect(await photos.take((await phonePhoto()).subarray(0, 2_000))).toEqual({ refused: 'unreadable' });
    expect(await photos.take(good)).toMatchObject({ mime: 'image/jpeg' });
  });

  it('that would fill the memory are refused by their head', async () => {
    // A PNG of a few hundred bytes that says that it is 60,000 by 60,000 pixels.
    const bomb = await plain(1, 1).png().toBuffer();
    bomb.writeUInt32BE(60_000, 16);
    bomb.writeUInt32BE(60_000, 20);
    expect(await photos.take(bomb)).toEqual({ refused: 'unreadable' });
  });

  it('that take too long are given up, and the next one is read', async () => {
    const told: string[] = [];
    const hurried = createPhotos({ eachMs: 1, log: { warn: (_, words) => void told.push(words) } });
    expect(await hurried.take(await phonePhoto())).toEqual({ refused: 'unreadable' });
    expect(told).toEqual(['photos: the process that reads them died, or was stopped after too long']);
    hurried.close();
    expect(await photos.take(await plain(64, 48).jpeg().toBuffer())).toMatchObject({ mime: 'image/jpeg' });
  });
});

/** Processes that this one has started to read photos. */
const readers = (): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const mine = readFileSync(`/proc/${pid}/status`, 'utf8').includes(`\nPPid:\t${process.pid}\n`);
        return mine && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('photos/child');
      } catch {
        return false;
      }
    });

it('a reader that died while nobody asked it anything costs nobody their photo', async () => {
  const good = await plain(64, 48).jpeg().toBuffer();
  await taken(good);
  const [pid = 0, ...others] = readers();
  expect([pid > 0, others]).toEqual([true, []]);
  process.kill(pid, 'SIGKILL');
  // Gone once this process has taken notice of it.
  await eventually(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'));
  await taken(good);
});

it('a PDF is kept as it came', async () => {
  const pdf = Buffer.from('%PDF-1.7\n1 0 obj\n<< /Author (Siti) >>\nendobj\ntrailer\n%%EOF\n');
  expect(await photos.take(pdf)).toEqual({ mime: 'application/pdf', bytes: pdf });
});
