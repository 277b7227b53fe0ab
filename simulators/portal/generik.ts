import { type Asked, json } from '../app/respond.ts';
import { readForm } from './multipart.ts';
import { entriesOf, fileUrl, type Parts, reporterOf, rowsIn, wordsIn } from './parts.ts';
import { dayFirst } from './times.ts';
import type { Report, Status } from './world.ts';
import { STATUSES } from './world.ts';

/** Where a report may go from each status. */
const MOVES: Readonly<Record<string, readonly Status[]>> = {
  menunggu: ['diverifikasi', 'diproses', 'selesai', 'ditolak', 'dikembalikan'],
  diverifikasi: ['diproses', 'selesai', 'ditolak', 'dikembalikan'],
  diproses: ['selesai', 'ditolak', 'dikembalikan'],
  selesai: ['diproses'],
};

/** The profile that counties are offered as a specification. */
export function generik(parts: Parts, asked: Asked) {
  const { world, settings } = parts;
  if (asked.headers.authorization !== `Bearer ${settings.token}`)
    return json(401, { kesalahan: 'token tidak dikenal' });
  const [, , what, id, deed] = asked.path.split('/');
  const name = `${asked.method} ${what}${id ? '/:id' : ''}${deed ? `/${deed}` : ''}`;
  if (name === 'GET laporan') return list(parts, asked);
  if (name === 'POST laporan') return create(parts, asked);
  if (name === 'POST lampiran') return upload(parts, asked);
  if (asked.method === 'GET' && what === 'master') return json(200, { data: MASTERS[id ?? ''] ?? [] });
  const report = world.reports.get(id ?? '');
  if (!report) return json(404, { kesalahan: 'laporan tidak ada' });
  if (name === 'GET laporan/:id') return json(200, reportJson(parts, report, true));
  if (name === 'POST laporan/:id/tindak-lanjut') return answer(parts, asked, report);
  if (name === 'POST laporan/:id/status') return setStatus(parts, asked, report);
  if (name === 'POST laporan/:id/kembalikan') return sendBack(parts, asked, report);
  return json(404, { kesalahan: 'tidak ada di sini' });
}

const MASTERS: Readonly<Record<string, unknown>> = {
  status: STATUSES.map((kode) => ({ kode })),
  klasifikasi: ['pengaduan', 'aspirasi', 'permintaan_informasi'].map((kode) => ({ kode })),
};

function list(parts: Parts, { query }: Asked) {
  const after = Number((query.get('sejak') ?? 'k0').slice(1)) || 0;
  const limit = Math.min(Number(query.get('batas') ?? 50) || 50, parts.settings.pageSize);
  const sought = query.get('referensi');
  const newer = parts.world.changes().filter((one) => (sought === null ? one.urut > after : one.referensi === sought));
  const rows = newer.slice(0, limit);
  const data = rowsIn(parts, rows).map((one) => reportJson(parts, one, false));
  return json(200, { data, kursor_berikut: `k${rows.at(-1)?.urut ?? after}`, masih_ada: newer.length > rows.length });
}

export function reportJson(parts: Parts, report: Report, whole: boolean) {
  const {
    id,
    nomor,
    klasifikasi,
    judul,
    isi,
    kategori,
    lokasi,
    anonim,
    rahasia,
    lampiran,
    status,
    dibuat,
    diubah,
    versi,
  } = report;
  const files = lampiran.flatMap((name) => parts.world.files.get(name) ?? []);
  return {
    ...{
      id,
      nomor_lacak: nomor,
      kanal: 'web',
      klasifikasi,
      berkadar_pengawasan: false,
      judul,
      isi: wordsIn(parts, isi),
    },
    ...{ kategori: { id: '7', nama: kategori }, lokasi: { teks: lokasi, kode_wilayah: '33.05', lat: null, lon: null } },
    ...{
      tanggal_kejadian: null,
      anonim,
      rahasia,
      pelapor: reporterOf(parts, report),
      instansi: { id: '33.05.12', nama: 'Dinas Contoh' },
    },
    lampiran: files.map((file) => ({ id: file.id, nama: file.nama, mime: file.mime, url: fileUrl(parts, file.id) })),
    ...{ status, dibuat_pada: dayFirst(dibuat), diubah_pada: dayFirst(diubah), versi, kunci: report.kunci ?? null },
    ...(whole && {
      riwayat: entriesOf(parts, report, ['tindak_lanjut', 'balasan', 'status']).map((one) => ({
        ...one,
        isi: wordsIn(parts, one.isi),
        pada: dayFirst(one.pada),
      })),
    }),
  };
}

const keyOf = ({ headers }: Asked): string | undefined => headers['idempotency-key']?.toString();
const fieldsOf = ({ body }: Asked) => JSON.parse(body.toString() || '{}') as Record<string, never>;

/** The same key makes no second one. */
function create(parts: Parts, asked: Asked) {
  const kunci = keyOf(asked);
  const stands = kunci && [...parts.world.reports.values()].find((one) => one.kunci === kunci);
  if (stands) return json(200, { id: stands.id, nomor_lacak: stands.nomor });
  const {
    judul = '',
    isi = '',
    referensi,
    anonim = false,
    rahasia = false,
    pelapor,
    lampiran = [],
    lokasi = '-',
  } = fieldsOf(asked) as Partial<Report>;
  const report = parts.world.file({
    ...{ judul, isi, anonim, rahasia, lampiran, lokasi, pelapor: pelapor ?? { nama: 'Warga' } },
    ...(kunci && { kunci }),
    ...(referensi && { referensi }),
  });
  return json(201, { id: report.id, nomor_lacak: report.nomor });
}

function upload({ world }: Parts, asked: Asked) {
  const file = readForm(asked.body, asked.headers['content-type']).find((one) => one.filename !== undefined);
  if (!file) return json(422, { kesalahan: 'tidak ada berkas' });
  return json(201, { id: world.store(file.filename ?? 'berkas', file.mime, file.bytes).id });
}

function answer(parts: Parts, asked: Asked, report: Report) {
  const referensi = keyOf(asked);
  const known = referensi && report.riwayat.find((one) => one.referensi === referensi);
  const { isi = '', lampiran = [] } = fieldsOf(asked) as { isi?: string; lampiran?: string[] };
  const entry = known || parts.world.answer(report, isi, { lampiran, ...(referensi && { referensi }) });
  return json(known ? 200 : 201, { id: entry.id, url: `${parts.url()}/#${report.id}` });
}

function setStatus({ world }: Parts, asked: Asked, report: Report) {
  const { status = '', alasan } = fieldsOf(asked) as { status?: Status; alasan?: string };
  if (report.status === status) return json(200, { id: report.id, status, versi: report.versi });
  const legal = MOVES[report.status] ?? STATUSES;
  if (!legal.includes(status as Status))
    return json(409, { kesalahan: `dari ${report.status} tidak dapat ke ${status}` });
  if (alasan) report.alasan = alasan;
  world.setStatus(report, status);
  return json(200, { id: report.id, status, versi: report.versi });
}

function sendBack({ world }: Parts, asked: Asked, report: Report) {
  const { alasan = '' } = fieldsOf(asked) as { alasan?: string };
  report.alasan = alasan;
  if (report.status !== 'dikembalikan') world.setStatus(report, 'dikembalikan');
  return json(200, { id: report.id, status: report.status, versi: report.versi });
}
