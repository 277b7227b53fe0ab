import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readChat } from '../../../src/core/imports/chat.ts';
import { chatItems } from '../../../src/core/imports/chatItems.ts';

const NOW = new Date('2026-11-25T00:00:00Z');
const read = (...lines: string[]) => readChat(lines.join('\n'), { timezone: 'Asia/Jakarta', now: NOW });
const short = (...lines: string[]) =>
  read(...lines)?.messages.map(({ at, author, text, file }) => [at.toISOString().slice(0, 19), author, text, file]);
const NINE = '2026-11-24T02:15:00';

describe('a line', () => {
  it.each([
    ['Android, Indonesian', '24/11/26 09.15 - Siti: Lampu: padam'],
    ['Android, English, 24 hours', '24/11/2026, 09:15 - Siti: Lampu: padam'],
    ['Android, American', '11/24/26, 9:15\u202fAM - Siti: Lampu: padam'],
    ['iOS, Indonesian', '[24/11/26 09.15.00] Siti: Lampu: padam'],
    ['iOS, with marks', '\u200e[24/11/2026, 9:15:00\u202fAM] ~ Siti: \u200eLampu: padam'],
    ['with dots', '24.11.26, 09:15 - Siti: Lampu: padam'],
    ['year first', '2026-11-24 09.15 - Siti: Lampu: padam'],
  ])('of %s', (_name, line) => expect(short(line)).toEqual([[NINE, 'Siti', 'Lampu: padam', null]]));

  it.each([
    ['12:05 AM', '2026-11-23T17:05:00'],
    ['12:05 PM', '2026-11-24T05:05:00'],
    ['9:05 p.m.', '2026-11-24T14:05:00'],
  ])('with the hour %s', (hour, at) => expect(short(`11/24/26, ${hour} - Siti: x`)?.[0]?.[0]).toBe(at));
});

it('keeps messages of several lines whole, and leaves out what nobody wrote', () => {
  const chat = read(
    '\ufeff24/11/26 09.14 - Pesan dan panggilan dienkripsi secara end-to-end. Hanya orang di chat ini yang bisa membaca.',
    '24/11/26 09.15 - Siti: Selamat pagi',
    '',
    'Jalan rusak: lubang besar',
    '24/11/26 09.16 - Siti: <Media tidak disertakan>',
    '24/11/26 09.16 - Siti: IMG-20261124-WA0001.jpg (file terlampir)',
    'Ini fotonya',
    '24/11/26 09.17 - Siti: Pesan ini dihapus',
    '24/11/26 09.17 - Kode keamanan Anda dengan Siti: berubah',
    '24/11/26 09.18 - Dinas: Baik, kami cek <Pesan ini diedit>',
    '[24/11/26 09.19.00] Siti: \u200e<attached: 00000012-PHOTO-2026.jpg>',
  );
  expect(chat).toMatchObject({ participants: ['Siti', 'Dinas'], skipped: 3 });
  expect(chat?.messages.map(({ text, file }) => [text, file])).toEqual([
    ['Selamat pagi\n\nJalan rusak: lubang besar', null],
    ['[Media tidak disertakan dalam ekspor]', null],
    ['Ini fotonya', 'IMG-20261124-WA0001.jpg'],
    ['Baik, kami cek', null],
    ['', '00000012-PHOTO-2026.jpg'],
  ]);
});

it('loses no message that only speaks of such things', () => {
  const words = [
    'Kemarin pesan dan panggilan dienkripsi ya?',
    'Saya sudah menghapus pesan ini',
    'Media tidak disertakan karena HP rusak sejak banjir kemarin sore itu pak',
  ];
  expect(read(...words.map((text) => `24/11/26 09.15 - Siti: ${text}`))?.messages.map(({ text }) => text)).toEqual(
    words,
  );
});

it('tells day from month by what is possible, and by time running forward', () => {
  const days = (...lines: string[]) =>
    short(...lines.map((date) => `${date} 09.15 - Siti: x`))?.map(([at]) => String(at).slice(0, 10));
  expect(days('03/04/26', '05/04/26')).toEqual(['2026-04-03', '2026-04-05']);
  expect(days('10/30/26', '11/02/26')).toEqual(['2026-10-30', '2026-11-02']);
  expect(days('09/10/26', '10/01/26', '11/02/26')).toEqual(['2026-09-10', '2026-10-01', '2026-11-02']);
});

it('is no chat where there is no time', () => {
  expect([read('Halo', 'apa kabar'), read(''), read('99/99/26 09.15 - Siti: x')]).toEqual([null, null, null]);
});

const CHAT = [
  '24/11/26 09.15 - +62 812-0000-0001: Lampu padam',
  '24/11/26 09.15 - +62 812-0000-0001: Tolong',
  '24/11/26 09.15 - +62 812-0000-0001: Tolong',
  '24/11/26 09.20 - Dinas: Kami cek',
];
const itemsOf = (lines: string[], order = {}) =>
  chatItems(read(...lines)?.messages ?? [], { ours: 'dinas', group: false, ...order });

describe('its items', () => {
  it('are one thread, known by the number, with the office as itself', () => {
    const items = itemsOf(CHAT).map(({ item }) => item);
    expect(new Set(items.map(({ threadId }) => threadId))).toEqual(new Set(['obrolan +6281200000001']));
    expect(items.map(({ fromUs, author }) => [fromUs, author?.phone])).toEqual([
      ...[1, 2, 3].map(() => [undefined, '+6281200000001']),
      [true, undefined],
    ]);
  });

  it('have the same keys in a longer export, without the deleted, and after the contact was saved', () => {
    const keys = (lines: string[], order = {}) => itemsOf(lines, order).map(({ key }) => key);
    const first = keys(CHAT);
    expect(new Set(first).size).toBe(4);
    expect(keys([...CHAT, '24/11/26 10.00 - +62 812-0000-0001: Sudah nyala']).slice(0, 4)).toEqual(first);
    expect(keys([CHAT[0]!, CHAT[1]!, CHAT[3]!])).toEqual([first[0], first[1], first[3]]);
    const saved = CHAT.map((line) => line.replace('+62 812-0000-0001', 'Bu Siti'));
    expect(keys(saved)).not.toEqual(first);
    expect(keys(saved, { contact: '+6281200000001' })).toEqual(keys(CHAT, { contact: '+6281200000001' }));
  });

  it('of a group are a thread for each, and the office speaks to whoever spoke last', () => {
    const group = [
      '09.15 - Siti: Lampu',
      '09.16 - Budi: Jalan',
      '09.17 - Dinas: Baik',
      '09.18 - Siti: Trims',
      '09.19 - Dinas: Ya',
    ];
    const items = itemsOf(
      group.map((line) => `24/11/26 ${line}`),
      { group: true },
    );
    expect(items.map(({ item }) => item.threadId)).toEqual(
      ['siti', 'budi', 'budi', 'siti', 'siti'].map((one) => `obrolan ${one}`),
    );
  });
});

it('is read in time whatever somebody sends', () => {
  const long = `${' '.repeat(300_000)}x`;
  expect(read(`24/11/26 09.15 - Siti: a${long}`)?.messages[0]?.text).toHaveLength(300_002);
});

it('reads anything without a crash, and every message that is one', () => {
  const pieces = fc.constantFrom(
    '24/11/26 09.15 - ',
    '[24/11/26 09.15.00] ',
    'Siti: ',
    '\n',
    '\u200e',
    '<Media omitted>',
    ':',
    ' ',
    ']',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(pieces, fc.string()), { maxLength: 100 }), (parts) => {
      for (const { at, author } of read(parts.join(''))?.messages ?? [])
        expect([at.getTime() > 0, author !== '']).toEqual([true, true]);
    }),
    { numRuns: 300 },
  );
  const word = fc.stringMatching(/^[a-z]{1,20}( [a-z]{1,20}){0,5}$/);
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 30 }), fc.string(), (texts, junk) => {
      const lines = texts.map((text) => `24/11/26 09.15 - Siti: ${text} 1\n${junk}`);
      expect(read(...lines)?.messages).toHaveLength(texts.length);
    }),
    { numRuns: 100 },
  );
});
