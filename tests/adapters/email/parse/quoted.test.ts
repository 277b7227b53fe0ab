import { describe, expect, it } from 'vitest';
import { CUT_MARK } from '../../../../adapters/email/cutMark.ts';
import { withoutQuoted } from '../../../../adapters/email/parse/quoted.ts';

const OWN = 'Lampunya masih mati, Pak.\nMohon dicek lagi.';

describe('what is quoted goes out of the view', () => {
  it.each([
    [
      'Gmail in English',
      'On Tue, Nov 24, 2026 at 8:00 AM Dinas Kominfo <aduan@kab.example> wrote:\n\n> Sudah kami cek.\n>\n> Salam',
    ],
    [
      'Gmail in Indonesian',
      'Pada Sel, 24 Nov 2026 pukul 08.00 Dinas Kominfo <aduan@kab.example>\nmenulis:\n\n> Sudah kami cek.',
    ],
    [
      'Gmail in Indonesian, older',
      'Pada tanggal Sel, 24 Nov 2026 pukul 08.00 Dinas Kominfo <\naduan@kab.example> menulis:\n\n> Sudah kami cek.',
    ],
    [
      'Apple Mail in Indonesian',
      'Pada 24 Nov 2026, pukul 08.00, Dinas Kominfo <aduan@kab.example> menulis:\n\n> Sudah kami cek.',
    ],
    [
      'Yahoo, without quote marks',
      'Pada Selasa, 24 November 2026 pukul 08.00.00 WIB, Dinas <aduan@kab.example> menulis:\n\nSudah kami cek.\n\nSalam',
    ],
    [
      'Outlook in English',
      '________________________________\nFrom: Dinas <aduan@kab.example>\nSent: Tuesday, November 24, 2026 8:00 AM\nTo: Budi <budi@x.example>\nSubject: Re: Lampu\n\nSudah kami cek.',
    ],
    [
      'Outlook in Indonesian',
      'Dari: Dinas <aduan@kab.example>\nTerkirim: 24 November 2026 8:00\nKepada: Budi <budi@x.example>\nSubjek: Re: Lampu\n\nSudah kami cek.',
    ],
    [
      'Outlook, bold, "Dikirim"',
      '*Dari:* Dinas <aduan@kab.example>\n*Dikirim:* 24 November 2026 8:00\n*Ke:* Budi\n*Perihal:* Re: Lampu\n\nSudah',
    ],
    ['Outlook, older', '-----Original Message-----\nFrom: Dinas\nSudah kami cek.'],
    ['Outlook, older, in Indonesian', '-----Pesan Asli-----\nDari: Dinas\nSudah kami cek.'],
    ['our own mark', `Pada Sel, 24 Nov 2026 pukul 08.00 Dinas <a@kab.example> menulis:\n\n> ${CUT_MARK}\n>\n> Sudah`],
    ['our own mark, unquoted', `${CUT_MARK}\n\nYth. Bapak Budi,\n\nSudah kami cek.`],
    ['a signature', '-- \nBudi Santoso\nJl. Melati 3'],
    ['a telephone', 'Dikirim dari iPhone saya'],
    [
      'a telephone and a quoted mail',
      'Dikirim dari Yahoo Mail untuk Android\n\nPada Sel, 24 Nov 2026 pukul 08.00 Dinas <a@kab.example> menulis:\n> Sudah',
    ],
    ['bare quoted lines at the end', '> Sudah kami cek.\n> Salam'],
  ])('%s', (_, quoted) => {
    expect(withoutQuoted(`${OWN}\n\n${quoted}\n`)).toBe(OWN);
    expect(withoutQuoted(`${OWN}\n\n${quoted}\n`.replaceAll('\n', '\r\n'))).toBe(OWN);
  });

  it('answers between and below quoted lines stay', () => {
    const text =
      'Pada Sel, 24 Nov 2026 pukul 08.00 Dinas <a@kab.example> menulis:\n> Di mana?\n\nDi RT 03.\n\n> Sejak kapan?\n\nSejak Senin.';
    expect(withoutQuoted(text)).toBe('Di RT 03.\n\n> Sejak kapan?\n\nSejak Senin.');
  });

  it.each([
    [
      'a sentence that begins like an attribution',
      'Pada hari Senin petugas menulis laporan di buku tamu.\nSampai kini belum ada kabar.',
    ],
    ['a list of persons', 'Dari: RT 03\nJumlah: 12 rumah\nMohon bantuannya.'],
    [
      'a mail that is nothing but forwarded',
      'Dari: Warga\nTerkirim: kemarin\nKepada: saya\n\nJalan di desa kami rusak.',
    ],
    ['dashes inside', 'Daftar:\n--- satu\n--- dua'],
    ['an empty mail', ''],
  ])('%s stays whole', (_, text) => {
    expect(withoutQuoted(text)).toBe(text);
  });

  it('takes linear time for a hostile text', () => {
    const hostile = ['On a'.repeat(50_000), 'Pada x\n'.repeat(50_000), 'From: \n'.repeat(50_000), '> '.repeat(100_000)];
    for (const text of hostile) expect(withoutQuoted(text).length).toBeLessThanOrEqual(text.length);
  });
});
