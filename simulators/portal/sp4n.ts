import { type Asked, json } from '../app/respond.ts';
import { readForm, textsOf } from './multipart.ts';
import { entriesOf, fileUrl, type Parts, reporterOf, rowsIn, wordsIn } from './parts.ts';
import { dayFirst, readTime } from './times.ts';
import type { Entry, Report } from './world.ts';

/** Our account and institution at the portal. */
export const OUR_USER = '5012';
const OUR_INSTITUTION = '330100';

export const SHOWN: Readonly<Record<string, string>> = {
  ...{ menunggu: 'Belum diverifikasi', diverifikasi: 'Terdisposisi', diproses: 'Proses', selesai: 'Selesai' },
  ...{ ditolak: 'Arsip', dikembalikan: 'Bukan Wewenang', dicabut: 'Dicabut' },
};
const MEANT = new Map(Object.entries(SHOWN).map(([status, name]) => [name, status]));
const CLASSES = { pengaduan: 'Pengaduan', aspirasi: 'Aspirasi', permintaan_informasi: 'Permintaan Informasi' } as const;

const envelope = (data: unknown, more: object = {}) =>
  json(200, { status: true, message: 'OK', results: { data, ...more } });
const failure = (code: number, message: string) => json(code, { status: false, message, results: null });

/** As public clients see it: an envelope, two headers, multipart follow-ups, lists of files as text, no key of ours. */
export function sp4n(parts: Parts, asked: Asked) {
  const { headers, method, path } = asked;
  const { token, secondToken } = parts.settings;
  if (headers.authorization !== `Bearer ${token}` || headers.token !== secondToken) return failure(401, 'Unauthorized');
  if (`${method} ${path}` === 'GET /complaints') return list(parts, asked);
  if (path === '/complaints/complaint/file') return upload(parts, asked);
  if (path === '/complaints/complaint-lmw') return submit(parts, asked);
  if (path === '/complaints/followup/add') return followUp(parts, asked);
  const process = /^\/complaints\/process\/(\w+)\/(status|reject)$/.exec(path);
  const read = /^\/complaints\/(\w+)\/(complaint|followups)$/.exec(path);
  const report = parts.world.reports.get(process?.[1] ?? read?.[1] ?? '');
  if (!report) return failure(404, 'Not found');
  if (process) return process[2] === 'reject' ? reject(parts, asked, report) : setStatus(parts, asked, report);
  return read?.[2] === 'followups' ? followUps(parts, report) : detail(parts, report);
}

function list(parts: Parts, { query }: Asked) {
  const since = Math.floor(readTime(query.get('updated_since')) / 1_000) * 1_000;
  const sought = query.get('search');
  const all = parts.world.changes().filter((one) => (sought === null ? one.diubah >= since : one.isi.includes(sought)));
  const size = Math.min(Number(query.get('page_size') ?? 50) || 50, parts.settings.pageSize);
  const page = Math.max(1, Number(query.get('page') ?? 1) || 1);
  const rows = rowsIn(parts, all.slice((page - 1) * size, page * size));
  return envelope(
    rows.map((one) => summary(one)),
    { total: all.length, page },
  );
}

const summary = ({ id, nomor, judul, status, diubah, dibuat, versi }: Report) => ({
  ...{ id: Number(id), tracking_id: nomor, title: judul, status_code: versi, status_name: SHOWN[status] ?? status },
  ...{ created_at: dayFirst(dibuat), updated_at: dayFirst(diubah), version: versi },
});

function detail(parts: Parts, report: Report) {
  const { isi, kategori, lokasi, klasifikasi, anonim, rahasia, lampiran } = report;
  const files = lampiran.flatMap((id) => parts.world.files.get(id) ?? []);
  const docs = files.map((file) => ({
    id: file.id,
    path: fileUrl(parts, file.id),
    file_name: file.nama,
    extension: file.nama.split('.').at(-1),
  }));
  const { nama, telepon, email } = reporterOf(parts, report);
  const data = {
    ...{ ...summary(report), content: wordsIn(parts, isi), category_name: kategori, location_name: lokasi },
    ...{ classification_name: CLASSES[klasifikasi], is_anonymous: anonim ? 1 : 0, is_secret: rahasia ? 1 : 0 },
    ...{
      disposition_id: OUR_INSTITUTION,
      disposition_name: 'Pemerintah Kabupaten Contoh',
      reporter: { name: nama, phone: telepon, email },
    },
    attachments: JSON.stringify(docs),
  };
  const logs = entriesOf(parts, report, ['status']).map(log);
  return json(200, { status: true, message: 'OK', results: { data, data_logs: logs } });
}

/** A template with what stands for its names beside it. */
const log = (one: Entry) => ({
  content: '<b>{{institution_from}}</b> mengubah status dari {{status_old}} menjadi {{status_new}}',
  ...{ institution_from: { id: OUR_INSTITUTION, name: one.dari }, institution_to: null, attachments: [] },
  status_old: { name: SHOWN[one.lama ?? ''] ?? one.lama, color: 'grey' },
  status_new: { name: SHOWN[one.isi.split(' -> ').at(-1) ?? ''] ?? one.isi, color: 'blue' },
  created_at: dayFirst(one.pada),
});

function followUps(parts: Parts, report: Report) {
  const rows = entriesOf(parts, report, ['tindak_lanjut', 'balasan']).map((one) => {
    const files = one.lampiran.flatMap((id) => parts.world.files.get(id) ?? []);
    return {
      ...{ id: Number(one.id), user_id: one.jenis === 'balasan' ? 9_900_000 : Number(OUR_USER), user_name: one.dari },
      ...{ content: wordsIn(parts, one.isi), is_secret: one.rahasia ? 1 : 0, created_at: dayFirst(one.pada) },
      attachments: JSON.stringify(
        files.map((file) => ({ id: file.id, path: fileUrl(parts, file.id), file_name: file.nama })),
      ),
    };
  });
  return envelope(rows);
}

function upload({ world }: Parts, asked: Asked) {
  const files = readForm(asked.body, asked.headers['content-type']).filter((one) => one.filename !== undefined);
  const docs = files.map((one) => ({ id: world.store(one.filename ?? 'berkas', one.mime, one.bytes).id }));
  return json(200, { status: true, message: 'OK', results: { docs } });
}

function submit(parts: Parts, asked: Asked) {
  const given = JSON.parse(asked.body.toString()) as Record<string, string>;
  const { title = '', content = '', nameUser = 'Warga', attachments = '[]', tags_raw = '' } = given;
  const report = parts.world.file({
    ...{ judul: title, isi: content, pelapor: { nama: nameUser }, lampiran: JSON.parse(attachments) as string[] },
    ...{ anonim: Number(given.is_anonymous) === 1, rahasia: Number(given.is_secret) === 1, status: 'diverifikasi' },
    referensi: tags_raw.replace(/^#/, ''),
  });
  return json(200, { status: true, message: 'OK', complaint_id: Number(report.id), tracking_id: report.nomor });
}

function followUp({ world }: Parts, asked: Asked) {
  const form = readForm(asked.body, asked.headers['content-type']);
  const { complaint_id = '', content = '', is_secret = '0' } = textsOf(form);
  const report = world.reports.get(complaint_id);
  if (!report) return failure(404, 'Not found');
  const lampiran = form.flatMap((one) =>
    one.filename === undefined ? [] : [world.store(one.filename, one.mime, one.bytes).id],
  );
  const entry = world.answer(report, content, { rahasia: is_secret === '1', lampiran });
  return json(200, { status: true, message: 'OK', results: { id: Number(entry.id) } });
}

function setStatus({ world }: Parts, asked: Asked, report: Report) {
  const { status = '' } = JSON.parse(asked.body.toString()) as { status?: string };
  const meant = MEANT.get(status);
  if (!meant) return failure(422, 'Unknown status');
  if (report.status !== meant) world.setStatus(report, meant);
  return json(200, { status: true, message: 'OK', results: { id: Number(report.id), status_name: status } });
}

function reject({ world }: Parts, asked: Asked, report: Report) {
  report.alasan = String((JSON.parse(asked.body.toString()) as Record<string, string>).reason_description ?? '');
  if (report.status !== 'dikembalikan') world.setStatus(report, 'dikembalikan');
  return json(200, { status: true, message: 'OK', results: { id: Number(report.id) } });
}
