import { setTimeout as sleep } from 'node:timers/promises';
import { photo } from '../app/photo.ts';
import type { NewReport, Portal } from './index.ts';

const PEOPLE = ['Rina Wulandari', 'Joko Susilo', 'Dewi Lestari', 'Agus Prasetyo', 'Siti Aminah'];
const REPORTS: readonly NewReport[] = [
  {
    judul: 'Lampu jalan mati',
    isi: 'Lampu jalan di depan pasar mati sudah tiga malam. Mohon diperbaiki.',
    kategori: 'Perhubungan',
  },
  { judul: 'Sampah menumpuk', isi: 'TPS di belakang terminal penuh sejak Senin.', kategori: 'Lingkungan Hidup' },
  { judul: 'Antrean KTP', isi: 'Sudah dua kali datang, loket KTP tutup sebelum jam dua belas.', anonim: true },
  {
    judul: 'Bantuan tidak tepat',
    isi: 'Nama warga yang sudah meninggal masih menerima bantuan.',
    rahasia: true,
    kategori: 'Bantuan Sosial',
  },
  { judul: 'Air keruh', isi: 'Air PDAM di RT 05 keruh sejak kemarin.', kategori: 'Layanan Air Minum' },
];

function next(portal: Portal, number: number): void {
  const report = REPORTS[number % REPORTS.length]!;
  const nama = PEOPLE[number % PEOPLE.length]!;
  const lampiran = number % 2 === 0 ? [portal.world.store('foto.png', 'image/png', photo(number)).id] : [];
  portal.file({
    ...report,
    pelapor: { nama, telepon: `0812-0000-${String(number % 10_000).padStart(4, '0')}` },
    lampiran,
  });
}

/** The first reports, unless they came in an earlier run, then one from time to time. */
export async function feed(
  portal: Portal,
  { everyMs, signal }: { everyMs: number; signal: AbortSignal },
): Promise<void> {
  for (let number = portal.world.reports.size; number < REPORTS.length; number++) next(portal, number);
  for (let number = portal.world.reports.size; !signal.aborted; number++) {
    await sleep(everyMs, undefined, { signal }).catch(() => {});
    if (!signal.aborted) next(portal, number);
  }
}
