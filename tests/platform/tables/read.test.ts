import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCsv } from '../../../src/platform/tables/csv.ts';
import { readTableApart, TABLE_LIMITS } from '../../../src/platform/tables/index.ts';
import { readTable } from '../../../src/platform/tables/read.ts';
import { packZip } from '../../../src/platform/tables/zip.ts';
import { workbook, xlsx, zipBomb } from '../../helpers/xlsx.ts';

const cellsOf = (text: string) => readCsv(text).rows.map(({ cells }) => cells);
const fault = async (bytes: Buffer): Promise<string> =>
  readTable(bytes).then(
    () => 'read',
    (error: Error) => `${error.name}: ${error.message}`,
  );

describe('CSV', () => {
  it.each([
    [
      'a;b\n1;2,5',
      [
        ['a', 'b'],
        ['1', '2,5'],
      ],
    ],
    [
      'a,b\r\n1,"x\r\ny, z"',
      [
        ['a', 'b'],
        ['1', 'x\r\ny, z'],
      ],
    ],
    [
      'a\tb\n1\t2',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'sep=|\na|b;c;d\n1|2',
      [
        ['a', 'b;c;d'],
        ['1', '2'],
      ],
    ],
    [
      'a;b\r1;2',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'a;b\n1;pipa 3" bocor\n2;"kata ""itu"""',
      [
        ['a', 'b'],
        ['1', 'pipa 3" bocor'],
        ['2', 'kata "itu"'],
      ],
    ],
  ])('divides %j', (text, rows) => expect(cellsOf(text)).toEqual(rows));

  it('loses no row to a quote that is never closed', () => {
    const { rows } = readCsv('a;b;c\n1;"rusak;x\n2;baik;y\n3;"putus\n4;baik;z');
    expect(rows.map(({ number, cells }) => [number, cells[0]])).toEqual([
      [1, 'a'],
      [2, '1'],
      [3, '2'],
      [4, '3'],
      [5, '4'],
    ]);
    expect(rows.map(({ fault }) => fault)).toEqual([
      undefined,
      undefined,
      undefined,
      'tanda kutip (") tidak berpasangan',
      undefined,
    ]);
  });

  it.each([
    ['utf8', Buffer.from('\ufeffisi\nJalan “rusak” é 🚧')],
    ['utf16le', Buffer.from('\ufeffisi\nJalan “rusak” é 🚧', 'utf16le')],
  ])('reads %s', async (_name, bytes) => {
    expect((await readTable(bytes)).rows.map(({ cells }) => cells[0])).toEqual(['isi', 'Jalan “rusak” é 🚧']);
  });

  it('reads what Windows writes', async () => {
    const bytes = Buffer.from([...Buffer.from('isi\ncaf'), 0xe9, 0x20, 0x93, 0x41, 0x94]);
    expect((await readTable(bytes)).rows[1]?.cells).toEqual(['café “A”']);
  });

  it('reads or names every row of anything, in time', () => {
    const pieces = fc.constantFrom('"', ';', ',', '\n', '\r\n', 'isi', ' ', '""', '\t', 'x');
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string()), { maxLength: 200 }), (parts) => {
        const { rows } = readCsv(parts.join(''));
        expect(rows.map(({ number }) => number).at(-1) ?? 0).toBeGreaterThanOrEqual(rows.length);
      }),
      { numRuns: 200 },
    );
    const sound = fc.array(
      fc.string().filter((text) => !/["\r\n;]/.test(text)),
      { minLength: 2, maxLength: 2 },
    );
    fc.assert(
      fc.property(fc.array(sound, { minLength: 5, maxLength: 20 }), fc.nat(20), (rows, at) => {
        const lines = rows.map((cells) => `x${cells[0]};${cells[1]}`);
        lines.splice(at, 0, '"rusak');
        const read = cellsOf(`sep=;\n${lines.join('\n')}`).map((cells) => cells.join(';'));
        for (const [index, line] of lines.entries()) if (index !== at) expect(read).toContain(line);
      }),
      { numRuns: 100 },
    );
  });
});

describe('Excel', () => {
  it('reads what is shown: dates without a zone, results of formulas, the first sheet that is not hidden', async () => {
    const bytes = xlsx(
      { name: 'Rahasia & lama', state: 'hidden', rows: [['isi'], ['tersembunyi']] },
      {
        name: 'Data',
        rows: [
          ['LAPORAN', null, null],
          [],
          ['Tanggal', 'Isi', 'Nomor'],
          [
            { date: 46350.385416666664 },
            { formula: 'HYPERLINK("http://x.example","Lihat")', shows: 'Lihat' },
            12345678,
          ],
        ],
      },
    );
    const { sheet, rows } = await readTable(bytes);
    expect(sheet).toBe('Data');
    expect(rows.map(({ number }) => number)).toEqual([1, 2, 3, 4]);
    expect(rows[3]?.cells).toEqual(['2026-11-24T09:15:00', 'Lihat', '12345678']);
    expect((await readTable(bytes, { sheet: 'Rahasia & lama' })).rows[1]?.cells).toEqual(['tersembunyi']);
    await expect(readTable(bytes, { sheet: 'Lain' })).rejects.toThrow('tidak ada lembar "Lain"; yang ada: Data');
  });

  it.each([
    [
      'an external entity',
      xlsx({ name: 'A', rows: [['isi']], extra: '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' }),
      'DOCTYPE',
    ],
    ['a cell far below', xlsx({ name: 'A', rows: [['isi']], extra: '<!--<c r="A1048576"/>-->' }), 'baris 1048576'],
    ['a cell far to the right', xlsx({ name: 'A', rows: [['isi']], extra: '<!--<c r="XFD1"/>-->' }), 'kolom ke-16384'],
    ['a bomb', zipBomb('xl/workbook.xml', TABLE_LIMITS.zip.bytes + 1_000_000), 'setelah dibuka'],
    ['another zip', packZip([{ name: 'a.xml', content: Buffer.from('<a/>') }]), 'bukan berkas Excel'],
    ['half a file', xlsx({ name: 'A', rows: [['isi']] }).subarray(0, 900), 'rusak atau terpotong'],
    [
      'broken XML',
      packZip(
        workbook([{ name: 'A', rows: [['isi']] }]).map((file) => ({ ...file, content: file.content.subarray(0, 90) })),
      ),
      'tidak terbaca',
    ],
    ['old Excel', Buffer.from('d0cf11e0a1b11ae1', 'hex'), '.xls lama'],
    ['a picture', Buffer.from('\x89PNG\r\n\x1a\n\0\0\0', 'latin1'), 'bukan berkas teks'],
    ['nothing', Buffer.alloc(0), 'kosong'],
  ])('refuses %s with what to do', async (_name, bytes, words) => {
    expect(await fault(bytes)).toMatch(new RegExp(`^TableFault: .*${words}`));
  });
});

describe('apart', () => {
  it('gives the same, and takes too large a file for what it is', async () => {
    const lines = Array.from({ length: 1_200 }, (_, at) => `${at};Jalan ${at} rusak`);
    const { rows, format } = await readTableApart(Buffer.from(`id;isi\n${lines.join('\n')}`));
    expect([format, rows.length, rows[1_200]?.cells]).toEqual(['csv', 1_201, ['1199', 'Jalan 1199 rusak']]);
    await expect(readTableApart(Buffer.alloc(TABLE_LIMITS.fileBytes + 1))).rejects.toThrow('lebih besar dari 16 MB');
  });

  it('outlives a reader that dies or takes too long', async () => {
    const big = Buffer.from(`id;isi\n${'1;x\n'.repeat(49_000)}`);
    await expect(readTableApart(big, {}, { timeoutMs: 1 })).rejects.toThrow('tidak selesai dibaca');
    await expect(readTableApart(big, {}, { memoryMb: 8 })).rejects.toThrow('terlalu besar atau rusak');
  });
});
