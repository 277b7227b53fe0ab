import type { Item, MessageItem } from '#contract';
import { STATE_LABELS } from '../core/labels.ts';

/** What one item holds, field by field, in Indonesian; what is missing stands at its end. */
export function describeItem(read: Item): string {
  switch (read.type) {
    case 'message':
      return lines(messageFields(read));
    case 'status':
      return lines([
        ['jenis', 'status'],
        ['laporan', read.objectId],
        ['waktu', localTime(read.at)],
        ['kata portal', read.label && read.label !== read.code ? `${read.code} (${read.label})` : read.code],
        [
          'bagi kita',
          read.state
            ? STATE_LABELS[read.state]
            : read.unknown
              ? 'TIDAK DIKENAL: disimpan apa adanya, petugas dikabari'
              : 'tidak mengubah apa-apa',
        ],
      ]);
    case 'deletion':
      return lines([
        ['jenis', 'dicabut atau dihapus'],
        ['laporan', read.objectId],
        ['waktu', localTime(read.at)],
      ]);
    case 'receipt':
      return lines([
        ['jenis', 'kabar tentang kiriman kita'],
        ['keadaan', read.state],
      ]);
  }
}

type Field = [label: string, value: string | undefined];

function messageFields(read: MessageItem): Field[] {
  const below = read.parentId !== undefined;
  const kind = read.fromUs ? 'jawaban kita sendiri' : below ? 'tulisan lanjutan pelapor' : 'laporan';
  const shared: Field[] = [
    ['jenis', read.edited ? `${kind}, sudah disunting` : kind],
    [below ? 'di bawah' : 'nomor laporan', below ? read.parentId : read.objectId],
    ['waktu', localTime(read.at)],
    ['isi', shortened(read.text)],
    ['lampiran', read.attachments?.map((one) => one.name ?? one.url ?? 'tanpa nama').join(', ')],
  ];
  return below ? shared : [...shared, ...reportFields(read)];
}

const KIND_LABELS = {
  complaint: 'Pengaduan',
  aspiration: 'Aspirasi',
  information_request: 'Permintaan informasi',
} as const;

const yesNo = (value: boolean | undefined): string | undefined =>
  value === undefined ? undefined : value ? 'ya' : 'tidak';

function reportFields(read: MessageItem): Field[] {
  const { author, location, ref } = read;
  const place =
    location?.lat === undefined ? location?.text : `${location.text ?? ''} (${location.lat}, ${location.lon})`.trim();
  const ticket = typeof ref === 'object' && ref !== null && !Array.isArray(ref) ? ref.ticket : undefined;
  return [
    ['judul', read.title],
    ['nomor lacak', ticket === undefined ? undefined : String(ticket)],
    ['pelapor', author?.name],
    ['telepon', author?.phone],
    ['surel', author?.email],
    ['klasifikasi', read.kind && KIND_LABELS[read.kind]],
    ['kategori', read.category],
    ['lokasi', place],
    ['waktu kejadian', read.occurredAt && localTime(read.occurredAt)],
    ['anonim', yesNo(read.anonymous)],
    ['rahasia', yesNo(read.secret)],
    ['tautan', read.permalink],
  ];
}

function lines(fields: readonly Field[]): string {
  const given = fields.filter((field): field is [string, string] => field[1] !== undefined && field[1] !== '');
  const missing = fields.filter(([, value]) => value === undefined || value === '').map(([label]) => label);
  const text = given.map(([label, value]) => `   ${label.padEnd(16)} ${value}\n`).join('');
  return missing.length > 0 ? `${text}   ${'tidak ada'.padEnd(16)} ${missing.join(', ')}\n` : text;
}

const clock = new Intl.DateTimeFormat('id-ID', { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'Asia/Jakarta' });
const localTime = (at: string): string => `${clock.format(new Date(at))} WIB`;

function shortened(text: string): string {
  const line = text.replaceAll('\n', ' / ');
  return line.length > 200 ? `${line.slice(0, 200)}… (${text.length} huruf)` : line;
}
