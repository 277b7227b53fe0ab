import { expect, it } from 'vitest';
import { EMPTY_CHAT, kanal, NOTHING_IMPORTED } from './recorder.ts';

const RESULT: typeof NOTHING_IMPORTED = {
  ...NOTHING_IMPORTED,
  columns: [{ field: 'text', header: 'Isi Laporan' }],
  unused: ['No'],
  counts: { ...NOTHING_IMPORTED.counts, rows: 3, new: 1, known: 1, faulty: 1 },
  faults: [{ row: 4, column: 'Tanggal', reason: 'waktu "x" tidak terbaca' }],
  mend: 'Isi Laporan;baris asal\r\n',
};

it('says what came of a file, and writes down what is to be mended', async () => {
  const { code, calls, out } = await kanal(['channel', 'import', 'laporgub', 'data.csv'], {
    importFile: async () => RESULT,
  });
  expect(code).toBe(0);
  expect(out.split('\n')).toEqual([
    '  isi              dari kolom "Isi Laporan"',
    '  tidak dipakai    "No"',
    '',
    '3 baris: 1 baru, 1 sudah ada, 1 salah.',
    '  baris 4, kolom "Tanggal": waktu "x" tidak terbaca',
    'Baris yang salah ditulis ke data.salah.csv; perbaiki, lalu impor berkas itu.',
    '',
  ]);
  expect(calls).toEqual([['writeMend', 'data.csv', RESULT.mend]]);
});

it('writes nothing in a trial', async () => {
  const { calls, out } = await kanal(['channel', 'import', 'laporgub', 'data.csv', '--dry'], {
    importFile: async () => RESULT,
  });
  expect([calls, out.split('\n').at(-2)]).toEqual([[], expect.stringContaining('Baru percobaan')]);
});

it('reads a chat where it is told who the office is', async () => {
  const chat = {
    ...EMPTY_CHAT,
    participants: ['Siti', 'Dinas'],
    counts: { ...EMPTY_CHAT.counts, messages: 3, new: 2, echoes: 1 },
  };
  const toConfirm = [{ publicationId: 'p1', at: new Date('2026-11-24T00:00:00Z') }];
  const given: unknown[] = [];
  const { out } = await kanal(['channel', 'import', 'wa-hp', 'c.zip', '--ours', 'Dinas', '--contact', '0812'], {
    importChat: async (...args) => {
      given.push(...args);
      return { ...chat, toConfirm };
    },
  });
  expect(given).toEqual(['wa-hp', 'c.zip', { ours: 'Dinas', contact: '0812', group: false, dry: false }]);
  expect(out).toBe(
    'Peserta: Siti, Dinas\n3 pesan: 2 pesan warga baru, 1 jawaban hub yang sudah ditempel di sana.\n' +
      'Jawaban ini menunggu konfirmasi, dan ada dalam obrolan:\n  p1, ditempel 2026-11-24T00:00:00.000Z\n',
  );
  const wrong = await kanal(['channel', 'import', 'wa-hp', 'c.zip', '--group']);
  expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining('--ours')]);
});
