import { expect, it } from 'vitest';
import { type BriefFacts, briefOf } from '../../src/core/brief.ts';
import { NOTHING_HIDDEN, ownContacts } from '../../src/core/leaks/index.ts';

const facts = (about: Partial<BriefFacts> = {}): BriefFacts => ({
  ...{ ticketNo: 'K7M-4QD-X2P', channel: 'WhatsApp Kabupaten', category: 'infrastruktur', title: 'Jalan berlubang' },
  ...{ text: 'Jalan berlubang di depan pasar', place: 'Desa Karangsari', receivedAt: new Date('2026-11-24T02:15:00Z') },
  ...{ timezone: 'Asia/Jakarta', hidden: NOTHING_HIDDEN, own: ownContacts([]) },
  ...about,
});

it('says what happened, where and when, in a few lines', () => {
  expect(briefOf(facts())).toBe(
    [
      '*Aduan K7M-4QD-X2P*',
      'Diterima 24 November 2026 09.15 WIB lewat WhatsApp Kabupaten',
      ...['Jenis: infrastruktur', 'Lokasi: Desa Karangsari', '', 'Jalan berlubang di depan pasar'],
    ].join('\n'),
  );
  expect(briefOf(facts({ title: 'Laporan warga', category: null, place: null }))).toMatch(/\n\nLaporan warga\nJalan/);
});

it('names no reporter, nor what they typed by mistake', () => {
  const text = 'Saya Siti Aminah, NIK 3305011212900001, HP 0812-3456-7890: jalan berlubang';
  const told = briefOf(facts({ title: null, text, hidden: { names: ['Siti Aminah'], addresses: [] } }));
  expect(told).toContain('jalan berlubang');
  expect(told).not.toMatch(/Siti|Aminah|3305|0812/);
});

it('stays short, and cuts no letter in two', () => {
  const told = briefOf(facts({ title: null, text: `${'a'.repeat(599)}😀 akhir` }));
  expect(told).toMatch(/…$/);
  expect(told.isWellFormed()).toBe(true);
  expect(told.length).toBeLessThan(760);
});
