import { describe, expect, it } from 'vitest';
import type { ImportMapping } from '../../../src/core/imports/fields.ts';
import { beginTable, keyOf, type ReadTable, readSome, toMend } from '../../../src/core/imports/table.ts';
import { readCsv } from '../../../src/platform/tables/csv.ts';

const NOW = new Date('2026-11-24T03:00:00Z');
const readAll = (text: string, mapping: ImportMapping = {}) => {
  const { rows } = readCsv(text);
  const read = beginTable(rows, mapping);
  const rules = { mapping, surface: 'report' as const, timezone: 'Asia/Jakarta', now: NOW };
  if ('columns' in read) readSome(read, rows.slice(read.columns.from), rules);
  return read;
};
const read = (text: string, mapping?: ImportMapping) => readAll(text, mapping) as ReadTable;

it('reads a common export without any mapping, below its titles', () => {
  const { good, columns, faults } = read(
    [
      'REKAP ADUAN;;;;;;;;',
      ';;;;;;;;',
      'No.;No. Tiket;TANGGAL_MASUK;Judul;Isi Laporan;Nama Pelapor;No HP;Rahasia;Status',
      '1;LGWP12345678;24-11-2026 09:15 WIB;Lampu;"Lampu padam\nsejak Senin";Siti Aminah;81200000001;ya;Dalam Tindakan',
      '2;LGWP12345679;23/11/2026;;Jalan rusak;Anonim;;tidak;Lain dari yang lain',
    ].join('\n'),
  );
  expect(faults).toEqual([]);
  expect(columns.unused).toEqual(['No.']);
  expect(good).toMatchObject([
    {
      ...{ row: 4, id: 'LGWP12345678', status: { code: 'Dalam Tindakan', state: 'in_progress' } },
      item: {
        ...{ objectId: 'LGWP12345678', at: '2026-11-24T02:15:00.000Z', title: 'Lampu', secret: true },
        ...{ text: 'Lampu padam\nsejak Senin', ref: { reference: 'LGWP12345678' } },
        author: { name: 'Siti Aminah', phone: '+6281200000001', id: 'LGWP12345678' },
      },
    },
    { row: 5, status: { code: 'Lain dari yang lain' }, item: { text: 'Jalan rusak', anonymous: true } },
  ]);
  expect(good[1]?.item.author).toBeUndefined();
  expect(good[1]?.item.secret).toBeUndefined();
});

describe('a row', () => {
  it.each([
    ['Isi;Tanggal\n;24-11-2026', 'Isi', 'isinya kosong'],
    ['Isi;Tanggal\nx;32-13-2026', 'Tanggal', 'waktu "32-13-2026" tidak terbaca; tulis seperti 24-11-2026 09:15'],
    ['Isi;Tanggal\nx;24-12-2026', 'Tanggal', 'waktu "24-12-2026" belum tiba'],
    ['Isi;Anonim\nx;mungkin', 'Anonim', '"mungkin" tidak dikenal; tulis ya atau tidak'],
    ['Isi;Link\nx;javascript:alert(1)', 'Link', 'bukan alamat; tulis seperti https://...'],
    [`Isi;Nama\nx;${'n'.repeat(501)}`, 'Nama', 'nama pelapor terlalu panjang atau tidak sah'],
    ['Tiket;Isi\nA1;x\nA1;y', 'Tiket', 'nomor A1 sudah dipakai di baris 2 untuk isi yang lain'],
  ])('of %j says what is wrong', (text, column, reason) => {
    expect(read(text).faults).toMatchObject([{ column, reason }]);
  });

  it('has the same name wherever it stands, and in whatever kind of file', () => {
    const names = (text: string) =>
      read(text)
        .good.map(({ item }) => keyOf(item))
        .sort();
    const one = names('Tanggal;Isi;Nama\n24-11-2026 09:15;Lampu padam;Siti\n23-11-2026;Jalan;Budi');
    expect(names('nama,isi,tanggal\nBudi,Jalan,46349\nSiti,Lampu padam,2026-11-24T09:15:00')).toEqual(one);
    expect(new Set(one).size).toBe(2);
    expect(read('Isi\nsama\nsama').repeated).toBe(1);
    expect(names('Isi\nsama')).not.toEqual(names('Isi;Nama\nsama;Siti'));
  });
});

it('goes by what the channel says of columns, kinds, statuses and yes', () => {
  const mapping: ImportMapping = {
    ...{ columns: { text: ['Keluhan Warga'], category: ['Isi'] }, dates: ['MM/DD/YYYY'], yes: ['Sembunyikan'] },
    ...{ kinds: { Usul: 'aspiration' }, statuses: { Rampung: 'closed' } },
  };
  const text = 'Isi;Keluhan Warga;Tanggal;Jenis;Anonim;Status\nJalan;Berlubang;03/04/2026;usul;sembunyikan;RAMPUNG';
  expect(read(text, mapping).good).toMatchObject([
    {
      item: {
        text: 'Berlubang',
        category: 'Jalan',
        kind: 'aspiration',
        anonymous: true,
        at: '2026-03-03T17:00:00.000Z',
      },
      status: { state: 'closed' },
    },
  ]);
});

it('reads headers in two rows, and no row of a complaint as one', () => {
  const { good, faults } = read('Tiket;Isi;Pelapor;\n;;Nama;Telepon\nA1;Jalan rusak;Siti;081200000001');
  expect([faults, good.length, good[0]?.item.author]).toEqual([
    [],
    1,
    { id: 'A1', name: 'Siti', phone: '+6281200000001' },
  ]);
  expect(read('Tiket;Isi;Pelapor\nA1;;Siti\nA2;Lampu;Budi')).toMatchObject({
    faults: [{ row: 2 }],
    good: [{ id: 'A2' }],
  });
});

it('says which columns it saw where none has the text', () => {
  expect(readAll('Rekap\nNomor;Hal\n1;x')).toEqual({ headers: ['Nomor', 'Hal'] });
  expect(readAll('')).toEqual({ headers: [] });
});

it('gives the faulty rows to be mended: no formula runs, and they are read again as they were', () => {
  const source = readCsv('Isi;Tanggal;Nama\n"=HYPERLINK(""http://x"")";salah;"A;B"\nbaik;24-11-2026;C').rows;
  const { columns, faults } = read('Isi;Tanggal;Nama\n"=HYPERLINK(""http://x"")";salah;"A;B"\nbaik;24-11-2026;C');
  const csv = toMend(source, columns, faults) ?? '';
  expect(csv.split('\r\n')).toEqual([
    '\ufeffIsi;Tanggal;Nama;baris asal;kesalahan',
    `"'=HYPERLINK(""http://x"")";salah;"A;B";2;"Tanggal: waktu ""salah"" tidak terbaca; tulis seperti 24-11-2026 09:15"`,
    '',
  ]);
  const mended = csv.replace(';salah;', ';24-11-2026;').replace('\ufeff', '');
  expect(read(mended)).toMatchObject({
    faults: [],
    columns: { unused: [] },
    good: [{ item: { text: '=HYPERLINK("http://x")' } }],
  });
  const again = read(csv.replace('\ufeff', ''));
  expect(toMend(readCsv(csv.replace('\ufeff', '')).rows, again.columns, again.faults)).toBe(csv);
});
