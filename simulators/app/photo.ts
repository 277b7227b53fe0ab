import { crc32, deflateSync } from 'node:zlib';

/** A small valid PNG: a sky, a road and, in it, a hole. `seed` changes colours and place. */
export function photo(seed: number, width = 96, height = 64): Uint8Array {
  const rows = Array.from({ length: height }, (_, y) => row(seed, y, width, height));
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const data = deflateSync(Buffer.concat(rows));
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]);
}

function row(seed: number, y: number, width: number, height: number): Buffer {
  const pixels = Array.from({ length: width }, (_, x) => colour(seed, x, y, height));
  return Buffer.from([0, ...pixels.flat()]);
}

function colour(seed: number, x: number, y: number, height: number): [number, number, number] {
  const horizon = height / 3;
  if (y < horizon) return [110 + (seed % 60), 160 + (seed % 40), 215];
  const hole = ((x - 30 - (seed % 40)) / 14) ** 2 + ((y - height * 0.7) / 7) ** 2;
  if (hole < 1) return [48, 40, 34];
  return y % 8 === seed % 8 ? [150, 150, 150] : [120 + (seed % 20), 118, 116];
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(8 + body.length);
  framed.writeUInt32BE(data.length, 0);
  framed.set(body, 4);
  framed.writeUInt32BE(crc32(body), 4 + body.length);
  return framed;
}
