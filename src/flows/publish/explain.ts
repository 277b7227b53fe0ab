/** What an operator reads about a publication that is not simply published: what happened, and what to do. */
const EXPLANATIONS: Readonly<Record<string, string>> = {
  throttled: 'Platform meminta kami menunggu. Akan dikirim lagi otomatis.',
  auth: 'Akses ke platform ditolak (token mati atau salah). Perbarui token kanal; pengiriman lanjut sendiri setelah itu.',
  unreachable: 'Platform tidak dapat dihubungi, belum ada yang terkirim. Akan dicoba lagi otomatis.',
  unanswered: 'Permintaan sudah dikirim, tetapi platform tidak memberi jawaban yang pasti. Sedang dicari di platform.',
  lease: 'Pengiriman terputus di tengah jalan, jadi belum pasti terkirim. Sedang dicari di platform.',
  notFound: 'Jawaban belum ditemukan di platform. Dicari lagi otomatis.',
  content: 'Platform menolak isi jawaban ini. Tulis jawaban baru dengan isi yang diperbaiki.',
  window: 'Batas waktu menjawab di platform ini sudah lewat. Gunakan kanal lain untuk menghubungi pelapor.',
  gone: 'Pesan yang dijawab sudah tidak ada di platform. Gunakan kanal lain untuk menghubungi pelapor.',
  forbidden: 'Akun kami tidak diizinkan menjawab di sini. Minta pengelola kanal memeriksa izin akun.',
  unsupported: 'Platform tidak mendukung jawaban seperti ini. Jawab lewat kanal lain.',
  invalid: 'Platform tidak menerima permintaan ini. Laporkan kepada pengelola kanal beserta nomor tiketnya.',
};

const UNKNOWN = 'Terjadi galat saat mengirim, jadi belum pasti terkirim. Sedang dicari di platform.';

const FOR_PERSON =
  'Periksa langsung di platform: bila jawaban sudah tampil, pilih "konfirmasi" dan isi tautannya; bila benar-benar belum ada, pilih "kirim ulang".';
const UNREACHABLE_FOR_PERSON =
  'Platform tidak dapat dihubungi setelah beberapa kali percobaan; belum ada yang terkirim. Pilih "kirim ulang" setelah gangguan selesai.';

/** `detail` is the platform's own message, without secrets; it follows in brackets. */
export function explain(reason: string, needsPerson: boolean, detail?: string): string {
  const text = needsPerson ? forPerson(reason) : (EXPLANATIONS[reason] ?? UNKNOWN);
  return detail ? `${text} (${detail.slice(0, 300)})` : text;
}

function forPerson(reason: string): string {
  if (reason === 'unreachable') return UNREACHABLE_FOR_PERSON;
  return `Belum pasti apakah jawaban ini sudah terkirim. ${FOR_PERSON}`;
}
