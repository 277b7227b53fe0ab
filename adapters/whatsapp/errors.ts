import type { ErrorTable } from '../_meta/errors.ts';

const PERMISSION =
  'Beri pengguna sistem akses ke akun WhatsApp ini (whatsapp_business_messaging, whatsapp_business_management)';
const ACCOUNT = 'Periksa keadaan akun dan nomor di WhatsApp Manager';
const TEMPLATE = 'Samakan answerTemplate di berkas kanal dengan templat di WhatsApp Manager';

/** After Meta, "WhatsApp Cloud API: error codes". Titles change, so only codes count. */
export const WHATSAPP_ERRORS: ErrorTable = {
  '0': ['auth', 'Buat token baru, lalu simpan'],
  '1': ['doubt'],
  '2': ['doubt'],
  '3': ['auth', PERMISSION],
  '4': ['limit'],
  '10': ['auth', PERMISSION],
  '33': ['auth', 'Periksa account dan business di berkas kanal, serta akses token'],
  '100': ['invalid'],
  '100/33': ['auth', 'Periksa account dan business di berkas kanal, serta akses token'],
  '190': ['auth', 'Buat token baru, lalu simpan'],
  '368': ['auth', `Meta menahan akun karena kebijakan. ${ACCOUNT}`],
  '80007': ['limit'],
  '80008': ['limit'],
  '130429': ['limit'],
  '130472': ['forbidden', 'Meta tidak mengantar pesan ini kepada orang tersebut (percobaan Meta)'],
  '130497': ['forbidden', 'Negara penerima tidak dilayani'],
  '130501': ['unsupported', 'Grup tidak menerima jenis pesan ini'],
  '131000': ['doubt'],
  '131005': ['auth', PERMISSION],
  '131008': ['invalid'],
  '131009': ['invalid'],
  '131016': ['doubt'],
  '131020': ['forbidden'],
  '131021': ['invalid', 'Pengirim dan penerima sama'],
  '131026': ['gone', 'Nomor ini tidak dapat menerima pesan WhatsApp'],
  '131030': ['forbidden', 'Nomor uji hanya boleh mengirim kepada penerima yang terdaftar'],
  '131031': ['auth', `Akun WhatsApp terkunci. ${ACCOUNT}`],
  '131037': ['auth', 'Nama tampilan nomor belum disetujui Meta'],
  '131041': ['forbidden'],
  '131042': ['auth', 'Pembayaran akun WhatsApp bermasalah: lengkapi di Meta Business'],
  '131045': ['auth', `Nomor belum terdaftar dengan benar. ${ACCOUNT}`],
  '131047': ['window', 'Warga terakhir menulis lebih dari 24 jam lalu: pakai templat, atau tunggu warga menulis'],
  '131048': ['spam', 'Terlalu banyak pesan dari nomor ini ditandai spam'],
  '131049': ['forbidden', 'Meta menahan pesan ini demi penerimanya. Coba lagi sesudah 24 jam, atau lewat kanal lain'],
  '131050': ['forbidden', 'Penerima menolak pesan semacam ini'],
  '131051': ['unsupported'],
  '131052': ['later'],
  '131053': ['content', 'Lampiran tidak dapat diproses WhatsApp'],
  '131056': ['limit'],
  '131057': ['doubt'],
  '131059': ['forbidden'],
  '131062': ['unsupported', 'Pesan ini hanya dapat dikirim ke nomor telepon'],
  '131063': ['forbidden', 'Templat pemasaran dimatikan untuk nomor ini'],
  '131064': ['limit'],
  '132000': ['invalid', `Jumlah isian templat tidak cocok. ${TEMPLATE}`],
  '132001': ['invalid', `Templat atau bahasanya tidak ada. ${TEMPLATE}`],
  '132005': ['content', 'Jawaban terlalu panjang untuk templat'],
  '132007': ['content', 'Isi templat melanggar kebijakan WhatsApp'],
  '132008': ['invalid', TEMPLATE],
  '132012': ['invalid', TEMPLATE],
  '132015': ['forbidden', 'Templat dijeda Meta karena mutunya rendah'],
  '132016': ['forbidden', 'Templat dimatikan Meta'],
  '132068': ['invalid', TEMPLATE],
  '132069': ['limit'],
  '133010': ['auth', `Nomor belum didaftarkan ke Cloud API. ${ACCOUNT}`],
  '133016': ['limit'],
  '135000': ['invalid'],
  '137000': ['forbidden', 'Nomor penerima berganti pemilik: pastikan dahulu orangnya'],
  ...Object.fromEntries(range(131_201, 131_215).map((code) => [code, ['forbidden'] as const])),
};

function range(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, index) => String(from + index));
}

/** What the code of a failed delivery means for people, in Indonesian. */
export const adviceFor = (code: string | undefined): string | undefined =>
  code === undefined ? undefined : WHATSAPP_ERRORS[code]?.[1];
