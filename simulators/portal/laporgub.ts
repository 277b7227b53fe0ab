import { type Asked, json } from '../app/respond.ts';
import { entriesOf, fileUrl, type Parts, rowsIn, wordsIn } from './parts.ts';
import { withZone } from './times.ts';
import type { Report } from './world.ts';

export const SHOWN: Readonly<Record<string, string>> = {
  ...{ menunggu: 'Menunggu', diverifikasi: 'Diverifikasi', diproses: 'Dalam Tindakan', selesai: 'Tuntas' },
  ...{ ditolak: 'Tidak Layak', dikembalikan: 'Dikembalikan', dicabut: 'Dicabut' },
};

/** The province: it can be read, and nothing can be sent there. */
export function laporgub(parts: Parts, asked: Asked) {
  if (asked.headers.authorization !== `Bearer ${parts.settings.token}`) return json(401, { error: 'token' });
  if (asked.method !== 'GET') return json(405, { error: 'hanya dapat dibaca' });
  const [, , what, id] = asked.path.split('/');
  if (what !== 'laporan') return json(404, { error: 'tidak ada' });
  if (!id) return list(parts, asked);
  const report = [...parts.world.reports.values()].find((one) => ticketOf(one) === id);
  return report ? json(200, reportJson(parts, report, true)) : json(404, { error: 'tidak ada' });
}

/** `LGWP` and eight figures. */
export const ticketOf = ({ id }: Report): string => `LGWP${id.padStart(8, '0')}`;

/** Newest change first, by offset. */
function list(parts: Parts, { query }: Asked) {
  const from = Number(query.get('mulai') ?? 0) || 0;
  const all = parts.world.changes().reverse();
  const rows = rowsIn(parts, all.slice(from, from + parts.settings.pageSize));
  return json(200, { jumlah: all.length, laporan: rows.map((one) => reportJson(parts, one, false)) });
}

function reportJson(parts: Parts, report: Report, whole: boolean) {
  const { judul, isi, kategori, lokasi, anonim, rahasia, lampiran, status, dibuat, diubah, versi } = report;
  const zone = !parts.faults.meets('zona_hilang');
  const files = lampiran.flatMap((id) => parts.world.files.get(id) ?? []);
  const shown = SHOWN[status] ?? status;
  return {
    ...{ tiket: ticketOf(report), jenis: rahasia ? 'Rahasia' : 'Publik', melalui: 'Website', judul, kategori, lokasi },
    ...{
      pelapor: anonim || rahasia ? 'Anonim' : report.pelapor.nama,
      laporan: wordsIn(parts, isi),
      status: shown,
      versi,
    },
    ...{
      tanggal: withZone(dibuat, zone),
      diperbarui: withZone(diubah, zone),
      lampiran: files.map((file) => fileUrl(parts, file.id)),
    },
    ...(whole && {
      linimasa: entriesOf(parts, report, ['tindak_lanjut', 'balasan']).map((one) => ({
        ...{ no: one.id, judul: one.jenis === 'balasan' ? 'Tanggapan pelapor' : 'Tindak lanjut', oleh: one.dari },
        ...{ tanggal: withZone(one.pada, zone), uraian: wordsIn(parts, one.isi) },
      })),
    }),
  };
}
