import { expect, it } from 'vitest';
import { receiptShort } from '../../src/core/paper/receipt.ts';

const facts = {
  ...{ agency: null, ticketNo: 'K7M-4QD-X2P', code: '7K2M-Q9XD', receivedAt: new Date(0), timezone: 'Asia/Jakarta' },
  ...{
    channel: 'Loket',
    officer: 'Wati',
    title: null,
    text: 'x',
    site: 'Kab. Contoh',
    statusUrl: 'https://a.example/lacak',
  },
};
const CORE = 'Aduan Anda diterima. Nomor K7M-4QD-X2P, kode 7K2M-Q9XD.';

it.each([
  [facts, `${CORE} Cek https://a.example/lacak Kab. Contoh`],
  // 160 characters in one SMS, but 70 as soon as one of them is none of GSM 7 bit.
  [{ ...facts, site: 'x'.repeat(200) }, `${CORE} Cek https://a.example/lacak`],
  [{ ...facts, site: 'Kabupaten “Contoh”' }, `${CORE} Cek https://a.example/lacak`],
  [{ ...facts, statusUrl: null, site: 'Kab.✓' }, `${CORE} Kab.✓`],
])('a receipt fits into one SMS %#', (given, text) => {
  expect(receiptShort(given)).toBe(text);
});
