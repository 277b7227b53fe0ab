import { describe, expect, it } from 'vitest';
import { findLeaks, mask, NOTHING_HIDDEN, ownContacts } from '../../../src/core/leaks/index.ts';

const OWN = ownContacts([
  {
    phones: ['0287-381234', '0811-2611-100', '112'],
    emails: ['pengaduan@contohkab.go.id', '@dpupr.contohkab.go.id'],
    addresses: ['Jl. Merdeka No. 2 Contoh'],
  },
]);
const found = (text: string, hidden = NOTHING_HIDDEN): string[] =>
  findLeaks(text, OWN, hidden).map(({ kind, start, end }) => `${kind} ${text.slice(start, end)}`);

describe('numbers of persons and families', () => {
  it.each([
    ['3305011212900001', 'nik 3305011212900001'],
    ['3305 0112 1290 0001.', 'nik 3305 0112 1290 0001'],
    ['33-05-01-52-12-90-00-01', 'nik 33-05-01-52-12-90-00-01'],
    ['３３０５０１１２１２９００００１', 'nik ３３０５０１１２１２９００００１'],
    ['33050112129\u200b00001', 'nik 33050112129\u200b00001'],
    ['٣٣٠٥٠١١٢١٢٩٠٠٠٠١', 'nik ٣٣٠٥٠١١٢١٢٩٠٠٠٠١'],
    ['No. KK 3305011212080003', 'kk 3305011212080003'],
    ['NIK: 9999999999999999', 'nik 9999999999999999'],
  ])('%s', (text, leak) => expect(found(text)).toEqual([leak]));

  it.each([
    ['a NIP', 'NIP 19800101 200501 1 001'],
    ['money', 'Rp3.305.011.212.900.001'],
    ['no region', '8888011212900001'],
    ['no date', '3305013213900001'],
    ['seventeen digits', '33050112129000011'],
    ['coordinates', '-7.671045, 109.652870'],
  ])('not %s', (_what, text) => expect(found(text)).toEqual([]));
});

describe('telephones', () => {
  it.each([
    '081234567890',
    '0812-3456-7890',
    '(0812) 3456 7890',
    '+62 812-3456-7890',
    '0812.3456.7890',
    '(0287) 551234',
    '021-7654321',
    '+60 12-345 6789',
  ])('%s', (phone) => expect(found(`Hubungi ${phone}.`)).toEqual([`phone ${phone}`]));

  it('is found inside an address, after a NIK, and without its zero', () => {
    expect(found('https://wa.me/6281234567890')).toEqual(['phone 6281234567890']);
    expect(found('3305011212900001 081234567890')).toEqual(['nik 3305011212900001', 'phone 081234567890']);
    expect(found('WA 81234567890')).toEqual(['phone 81234567890']);
  });

  it.each([
    '0287-381234, (0287) 381234, 0287381234',
    '+62 811-2611-100 atau 08112611100',
    '112, 0800-1-500-112, 1500-567',
    'tanggal 08-12-2026 14.30 WIB',
    'pukul 08.15 09.15 10.15',
    'Rp 812.345.678',
    'surat nomor 600/0812/DPUPR/2026',
    'rekening 5.1.02.01.01.0024',
  ])('not: %s', (text) => expect(found(text)).toEqual([]));
});

describe('e-mail', () => {
  it.each([
    'siti.aminah@contoh.com',
    'SITI+1@CONTOH.CO.ID',
    'siti [at] contoh (dot) com',
    'siti at gmail dot com',
    'siti at gmail',
  ])('%s', (email) => expect(found(`Kirim ke ${email}`)).toEqual([`email ${email}`]));
  it.each(['pengaduan@contohkab.go.id', 'budi@dpupr.contohkab.go.id', '@diskominfo', 'https://contoh.go.id'])(
    'not: %s',
    (text) => expect(found(`Lihat ${text} ya`)).toEqual([]),
  );
});

describe('what is known of the reporter', () => {
  const hidden = { names: ['Siti Nur Aminah'], addresses: ['Jl. Melati No. 12 RT 03 RW 05, Desa Karangsari'] };
  it.each([
    ['siti nur aminah', 'name siti nur'],
    ['Laporan Nur Aminah selesai', 'name Nur Aminah'],
    ['Yth. Ibu Aminah', 'name Ibu Aminah'],
    ['Jalan Melati Nomor 12 sudah dicek', 'address Jalan Melati Nomor 12'],
    ['rumah di Jl. Kenanga No. 4 sudah dicek', 'address Jl. Kenanga No. 4'],
  ])('%s', (text, leak) => expect(found(text, hidden)).toEqual([leak]));
  it.each([
    'Siti adalah nama jembatan itu', // one word alone is also anybody's
    'Aminahwati',
    'Jl. Melati sudah diperbaiki, RT 03 RW 05 menyusul',
    'Jl. Melati No. 1 adalah pasar',
    'datang ke alamat Jl. Merdeka No. 2 Contoh',
  ])('not: %s', (text) => expect(found(text, hidden)).toEqual([]));
});

it('masks what a citizen wrote by mistake, and nothing else', () => {
  const text =
    'Lampu mati. NIK saya ３３０５０１１２１２９００００１, HP 0812-3456-7890, email a@b.com. Kantor 0287-381234.';
  expect(mask(text, OWN)).toBe(
    'Lampu mati. NIK saya [NIK disamarkan], HP [nomor telepon disamarkan], email [email disamarkan]. Kantor 0287-381234.',
  );
  expect(mask('Terima kasih.', OWN)).toBe('Terima kasih.');
});

it.each([
  'a'.repeat(300_000),
  '0 '.repeat(150_000),
  '@'.repeat(300_000),
  'a.'.repeat(150_000),
  ' at '.repeat(75_000),
  'jl '.repeat(100_000),
])('reads hostile text of 300,000 characters to its end (%#)', (text) => expect(mask(text, OWN)).toBe(text));
