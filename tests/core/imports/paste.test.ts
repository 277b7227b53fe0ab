import { expect, it } from 'vitest';
import { readPaste } from '../../../src/core/imports/paste.ts';
import { textOfHtml } from '../../../src/platform/html.ts';

const NOW = new Date('2026-11-25T00:00:00Z');
const read = (text: string, url?: string) => readPaste({ text, url }, { timezone: 'Asia/Jakarta', now: NOW });

it('reads a page of a portal', () => {
  const text = [
    'Nomor tiket: LGWP12345678', '24-11-2026 09:15 WIB', 'Pelapor : Siti Aminah', 'No. HP: 0812-0000-0001', 'Judul: Lampu padam',
    'Isi laporan: Lampu jalan padam', 'sejak Senin, 23-11-2026.', 'https://laporgub.example/detail/LGWP12345678.html',
  ]; // biome-ignore format: line by line
  expect(read(text.join('\r\n'))).toEqual({
    ...{ text: 'Lampu jalan padam\nsejak Senin, 23-11-2026.', title: 'Lampu padam', reference: 'LGWP12345678' },
    ...{ receivedAt: new Date('2026-11-24T02:15:00Z'), name: 'Siti Aminah', phone: '0812-0000-0001' },
    permalink: 'https://laporgub.example/detail/LGWP12345678.html',
  });
});

it('takes a post as it is, and its link without what tells who shared it', () => {
  expect(read('@warga.kota jalan ke pasar rusak', 'https://a:b@x.example/p/1?igsh=abc&utm_source=x&id=7')).toEqual({
    ...{ text: '@warga.kota jalan ke pasar rusak', handle: 'warga.kota', permalink: 'https://x.example/p/1?id=7' },
  });
  expect(read('', 'javascript:alert(1)')).toEqual({ text: '' });
  expect(read('Rapat 24-12-2026 09:15').receivedAt).toBeUndefined();
});

it('takes the words out of a part of a page, and nothing that runs or hides', () => {
  const html =
    '<div>Lampu <b>padam</b> &amp; gelap</div><script>alert(1)</script><style>p{}</style><p>RT&nbsp;3<br>RW 4 &lt;utara&gt;</p><img src=x onerror=y>';
  expect(textOfHtml(html)).toBe('Lampu padam & gelap\nRT 3\nRW 4 <utara>');
});
