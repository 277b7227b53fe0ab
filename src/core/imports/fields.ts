import type { KINDS, State } from '#contract';

/** What a column of a file can say of a complaint. */
export const IMPORT_FIELDS = [
  'id', 'at', 'title', 'text', 'name', 'phone', 'email', 'address', 'handle', 'kind', 'category', 'location',
  'occurredAt', 'anonymous', 'secret', 'status', 'permalink',
] as const; // biome-ignore format: one glance
export type ImportField = (typeof IMPORT_FIELDS)[number];

/** How a channel's file, or whoever imports, says what stands where. What is not said is as usual. */
export interface ImportMapping {
  /** The headers of the column, the likeliest first. */
  columns?: Partial<Record<ImportField, readonly string[] | undefined>> | undefined;
  /** How times are written, such as `DD-MM-YYYY HH:mm` or `d-m-Y H:i:s`; tried before the usual ones. */
  dates?: readonly string[] | undefined;
  /** The zone of times that name none. */
  timezone?: string | undefined;
  kinds?: Readonly<Record<string, (typeof KINDS)[number]>> | undefined;
  /** What means yes, where it is neither `ya` nor `1`: such as `Rahasia`. */
  yes?: readonly string[] | undefined;
  statuses?: Readonly<Record<string, State>> | undefined;
  sheet?: string | undefined;
}

/**
 * Headers of common exports, by the names that public complaint applications of Indonesian agencies use. A running number
 * (`no`) is never an id: it begins anew in each export.
 */
export const USUAL_COLUMNS: Record<ImportField, readonly string[]> = {
  id: [
    'id', 'tiket', 'ticket', 'nomor tiket', 'no tiket', 'ticket number', 'nomor aduan', 'no aduan', 'nomer aduan', 'nomor laporan',
    'no laporan', 'nomor pengaduan', 'no pengaduan', 'kode', 'kode aduan', 'kode laporan', 'kode tiket', 'nomor lacak', 'tracking id', 'id pengaduan', 'id laporan', 'id aduan',
  ],
  at: [
    'tanggal', 'tgl', 'waktu', 'tanggal masuk', 'tanggal laporan', 'tanggal aduan', 'tanggal pengaduan', 'tgl pengaduan', 'tgl masuk',
    'tgl laporan', 'waktu masuk', 'waktu laporan', 'tanggal dibuat', 'dibuat pada', 'created at', 'date',
  ],
  title: ['judul', 'title', 'subject', 'subjek', 'perihal', 'judul laporan', 'judul pengaduan', 'judul aduan'],
  text: [
    'isi', 'isi laporan', 'isi pengaduan', 'isi aduan', 'laporan', 'aduan', 'pengaduan', 'uraian', 'uraian pengaduan', 'uraian laporan', 'content',
    'details', 'description', 'deskripsi', 'keluhan', 'pesan', 'komentar',
  ],
  name: ['pelapor', 'nama', 'nama pelapor', 'nama lengkap', 'reporter name', 'reporter', 'pengirim', 'nama pengadu', 'user'],
  phone: ['telepon', 'telp', 'no telp', 'no telepon', 'nomor telepon', 'hp', 'no hp', 'nomor hp', 'wa', 'no wa', 'nomor wa', 'whatsapp', 'nomor whatsapp', 'reporter wa', 'phone'],
  email: ['email', 'e-mail', 'surel', 'alamat email', 'reporter email'],
  address: ['alamat', 'alamat pelapor', 'address'],
  handle: ['akun', 'nama akun', 'username', 'handle'],
  kind: ['klasifikasi', 'jenis', 'jenis laporan', 'jenis aduan', 'classification', 'tipe'],
  category: ['kategori', 'category', 'sektor', 'bidang', 'topik'],
  location: ['lokasi', 'location', 'lokasi kejadian', 'tempat kejadian'],
  occurredAt: ['tanggal kejadian', 'waktu kejadian', 'tgl kejadian', 'event date', 'date of incident'],
  anonymous: ['anonim', 'anonymous', 'is anonymous'],
  secret: ['rahasia', 'secret', 'is secret'],
  status: ['status', 'status laporan', 'status aduan', 'status pengaduan'],
  permalink: ['tautan', 'link', 'url', 'permalink', 'alamat laporan'],
}; // biome-ignore format: a list for each

export const FIELD_NAMES: Record<ImportField, string> = {
  id: 'nomor di sana',
  at: 'waktu masuk',
  title: 'judul',
  text: 'isi',
  name: 'nama pelapor',
  phone: 'telepon',
  email: 'email',
  address: 'alamat',
  handle: 'nama akun',
  kind: 'klasifikasi',
  category: 'kategori',
  location: 'lokasi',
  occurredAt: 'waktu kejadian',
  anonymous: 'anonim',
  secret: 'rahasia',
  status: 'status',
  permalink: 'tautan',
};

/** Words as they are compared: without case, dots and the like. */
export const plain = (words: string): string =>
  words
    .toLowerCase()
    .normalize('NFKC')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
