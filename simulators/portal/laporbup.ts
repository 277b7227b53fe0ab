import { type Asked, json } from '../app/respond.ts';
import { readForm, textsOf } from './multipart.ts';
import { entriesOf, fileUrl, type Parts, reporterOf, rowsIn, wordsIn } from './parts.ts';
import { readTime, yearFirst } from './times.ts';
import type { Report } from './world.ts';

/** The three statuses of the county's application. */
export const SHOWN: Readonly<Record<string, string>> = {
  menunggu: 'baru',
  diverifikasi: 'baru',
  diproses: 'proses',
  selesai: 'selesai',
};
const MEANT: Readonly<Record<string, string>> = { baru: 'menunggu', proses: 'diproses', selesai: 'selesai' };

/** A county's own application in PHP: pages with `links` and `meta`, multipart, three statuses. */
export function laporbup(parts: Parts, asked: Asked) {
  const { world, settings } = parts;
  if (asked.headers.authorization !== `Bearer ${settings.token}`) return json(401, { message: 'Unauthenticated.' });
  const [, , what, id, deed] = asked.path.split('/');
  if (what !== 'aduan') return json(404, { message: 'Not Found' });
  if (!id) return asked.method === 'POST' ? create(parts, asked) : list(parts, asked);
  const report = world.reports.get(id);
  if (!report) return json(404, { message: 'No query results for model [Aduan].' });
  if (asked.method === 'GET') return json(200, { data: reportJson(parts, report, true) });
  if (deed === 'tanggapan') return answer(parts, asked, report);
  return deed === 'status' ? setStatus(parts, asked, report) : json(404, { message: 'Not Found' });
}

function list(parts: Parts, { query }: Asked) {
  const found = query.get('referensi');
  const since = Math.floor(readTime(query.get('diubah_sejak')) / 1_000) * 1_000;
  const all = parts.world.changes().filter((one) => (found === null ? one.diubah >= since : one.referensi === found));
  const page = Math.max(1, Number(query.get('page') ?? 1) || 1);
  const size = parts.settings.pageSize;
  const rows = all.slice((page - 1) * size, page * size);
  const last = Math.max(1, Math.ceil(all.length / size));
  const next = page < last ? `${parts.url()}/api/aduan?page=${page + 1}` : null;
  const data = rowsIn(parts, rows).map((one) => reportJson(parts, one, false));
  return json(200, {
    data,
    links: { next },
    meta: { current_page: page, last_page: last, per_page: size, total: all.length },
  });
}

function reportJson(parts: Parts, report: Report, whole: boolean) {
  const { id, nomor, judul, isi, kategori, lokasi, anonim, rahasia, lampiran, status, dibuat, diubah } = report;
  const zone = !parts.faults.meets('zona_hilang');
  const files = (names: readonly string[]) =>
    names
      .flatMap((name) => parts.world.files.get(name) ?? [])
      .map((file) => ({ id: file.id, file_name: file.nama, link: fileUrl(parts, file.id) }));
  return {
    ...{ id: Number(id), kode: nomor, judul_pengaduan: judul, isi_pengaduan: wordsIn(parts, isi), kategori, lokasi },
    ...{
      is_anonim: anonim ? 1 : 0,
      is_rahasia: rahasia ? 1 : 0,
      pelapor: reporterOf(parts, report),
      foto: files(lampiran),
    },
    ...{ status: SHOWN[status] ?? status, created_at: yearFirst(dibuat, zone), updated_at: yearFirst(diubah, zone) },
    ...{ referensi: report.referensi ?? null, kunci: report.kunci ?? null },
    ...(whole && {
      tanggapan: entriesOf(parts, report, ['tindak_lanjut', 'balasan']).map((one) => ({
        ...{
          id: Number(one.id),
          oleh: one.jenis === 'balasan' ? 'pelapor' : 'opd',
          nama: one.dari,
          isi: wordsIn(parts, one.isi),
        },
        ...{ referensi: one.referensi ?? null, foto: files(one.lampiran), created_at: yearFirst(one.pada, zone) },
      })),
    }),
  };
}

/** It keeps what the agency gives as its reference, and looks at nothing else. */
function create(parts: Parts, asked: Asked) {
  const {
    judul = '',
    isi = '',
    lokasi = '-',
    referensi,
    kunci,
    is_anonim,
    is_rahasia,
    nama = 'Warga',
  } = JSON.parse(asked.body.toString()) as Record<string, string>;
  const [anonim, rahasia] = [String(is_anonim) === '1', String(is_rahasia) === '1'];
  const report = parts.world.file({
    ...{ judul, isi, lokasi, anonim, rahasia, pelapor: { nama } },
    ...(referensi && { referensi }),
    ...(kunci && { kunci }),
  });
  return json(201, { data: { id: Number(report.id), kode: report.nomor } });
}

function answer({ world }: Parts, asked: Asked, report: Report) {
  const form = readForm(asked.body, asked.headers['content-type']);
  const { isi = '', referensi } = textsOf(form);
  const files = form.flatMap((one) =>
    one.filename === undefined ? [] : [world.store(one.filename, one.mime, one.bytes).id],
  );
  const entry = world.answer(report, isi, { lampiran: files, ...(referensi && { referensi }) });
  return json(201, { data: { id: Number(entry.id) } });
}

function setStatus({ world }: Parts, asked: Asked, report: Report) {
  const { status = '' } = JSON.parse(asked.body.toString()) as { status?: string };
  const meant = MEANT[status];
  if (!meant) return json(422, { message: 'The selected status is invalid.' });
  if (report.status !== meant) world.setStatus(report, meant);
  return json(200, { data: { id: Number(report.id), status } });
}
