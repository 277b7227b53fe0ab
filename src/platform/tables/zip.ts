import { crc32, inflateRawSync } from 'node:zlib';
import { TableFault } from './fault.ts';

export interface ZipEntry {
  name: string;
  /** Its bytes. Throws a `TableFault` where they are damaged, or more than is left of the limit. */
  read(): Buffer;
}

export interface ZipLimits {
  entries: number;
  /** Of all entries together that are read, uncompressed. */
  bytes: number;
}

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const damaged = (): TableFault => new TableFault('berkas zip rusak atau terpotong; simpan atau ekspor ulang');

export const isZip = (bytes: Uint8Array): boolean => bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 0x03;

/**
 * The entries of a zip file, by its directory (APPNOTE.TXT 4.3.12). What an entry claims of its size is not believed: each
 * is unpacked only as far as the limit.
 */
export function openZip(bytes: Buffer, limits: ZipLimits): ZipEntry[] {
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || end + 22 > bytes.length || bytes.readUInt32LE(end) !== END) throw damaged();
  const count = bytes.readUInt16LE(end + 10);
  if (count > limits.entries)
    throw new TableFault(`berkas zip berisi ${count} berkas; paling banyak ${limits.entries}`);
  const budget = { left: limits.bytes, whole: limits.bytes };
  const entries: ZipEntry[] = [];
  let at = bytes.readUInt32LE(end + 16);
  for (let number = 0; number < count; number++) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== CENTRAL) throw damaged();
    const [name, extra, comment] = [28, 30, 32].map((place) => bytes.readUInt16LE(at + place)) as [
      number,
      number,
      number,
    ];
    const header = bytes.subarray(at, at + 46);
    entries.push({ name: bytes.toString('utf8', at + 46, at + 46 + name), read: () => unpack(bytes, header, budget) });
    at += 46 + name + extra + comment;
  }
  return entries;
}

function unpack(bytes: Buffer, header: Buffer, budget: { left: number; whole: number }): Buffer {
  if (header.readUInt16LE(8) & 1) throw new TableFault('berkas ini memakai kata sandi; simpan ulang tanpa kata sandi');
  const method = header.readUInt16LE(10);
  const local = header.readUInt32LE(42);
  if (local + 30 > bytes.length || bytes.readUInt32LE(local) !== LOCAL) throw damaged();
  const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
  const packed = bytes.subarray(start, start + header.readUInt32LE(20));
  const content = method === 0 ? packed : method === 8 ? inflate(packed, budget) : null;
  if (!content) throw damaged();
  if (content.length > budget.left) throw tooMuch(budget.whole);
  budget.left -= content.length;
  return content;
}

function inflate(packed: Buffer, budget: { left: number; whole: number }): Buffer {
  try {
    return inflateRawSync(packed, { maxOutputLength: budget.left + 1 });
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? tooMuch(budget.whole) : damaged();
  }
}

const tooMuch = (bytes: number): TableFault =>
  new TableFault(
    `isi berkas lebih dari ${Math.round(bytes / 1024 ** 2)} MB setelah dibuka; bagi menjadi beberapa berkas`,
  );

/** A zip of exactly these files, uncompressed: nothing stands in it that its reader could see and we did not. */
export function packZip(files: readonly { name: string; content: Buffer }[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, content } of files) {
    const label = Buffer.from(name);
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt32LE(crc32(content), 10);
    for (const place of [14, 18]) shared.writeUInt32LE(content.length, place);
    shared.writeUInt16LE(label.length, 22);
    parts.push(uint32(LOCAL), shared, label, content);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(at, 10);
    directory.push(uint32(CENTRAL), Buffer.from([20, 0]), shared, tail, label);
    at += 30 + label.length + content.length;
  }
  const end = Buffer.alloc(18);
  for (const place of [4, 6]) end.writeUInt16LE(files.length, place);
  end.writeUInt32LE(Buffer.concat(directory).length, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...parts, ...directory, uint32(END), end]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
