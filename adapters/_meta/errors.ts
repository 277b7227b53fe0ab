import { ChannelError, type RefusalReason, retryAfter } from '#contract';
import { type Fields, fieldsOf, idOf } from './json.ts';
import { usageOf } from './usage.ts';

/**
 * What a code means:
 * `limit` too fast · `auth` nothing works until a person acts · `doubt` it may have been done · `later` surely not done,
 * may work later · `spam` the account must stop writing for a day · a reason: it will never work as it is.
 */
export type Meaning = 'limit' | 'auth' | 'doubt' | 'later' | 'spam' | RefusalReason;

/** `code`, or `code/subcode` which goes first, to its meaning and, for people, what to do (in Indonesian). */
export type ErrorTable = Readonly<Record<string, readonly [Meaning, string?]>>;

const NEW_TOKEN = 'Buat token baru';
const ROLE = 'Pastikan pemilik token masih berperan di Halaman, lalu buat token baru';
const PERMISSION = 'Izin aplikasi kurang: berikan izinnya di pengaturan aplikasi Meta, lalu buat token baru';
const PRIVATE_USED =
  'Balasan pribadi sudah terpakai atau tidak dapat dikirim. Jawab di komentar, atau tunggu warga menulis';

/** After Meta, "Graph API: error handling" and "Messenger Platform: error codes"; codes that both tell of stand once. */
export const PAGE_ERRORS: ErrorTable = {
  '1': ['doubt'],
  '2': ['doubt'],
  '-1': ['doubt'],
  '-2': ['doubt'],
  '3': ['auth', PERMISSION],
  '4': ['limit'],
  '9': ['limit'],
  '17': ['limit'],
  '32': ['limit'],
  '341': ['limit'],
  '613': ['limit'],
  '80001': ['limit'],
  '80002': ['limit'],
  '80006': ['limit'],
  '80007': ['limit'],
  '80008': ['limit'],
  '10': ['auth', PERMISSION],
  '10/2018278': ['window'],
  '10/2534022': ['window'],
  '10/2018065': ['window'],
  '10/2018108': ['gone', 'Orang ini tidak dapat menerima pesan'],
  '10/1893063': ['auth', 'Meta membatasi pengiriman Halaman ini: periksa Kualitas Halaman di Meta'],
  '12': ['unsupported'],
  '100': ['invalid'],
  '100/33': ['gone'],
  '100/2018001': ['gone', 'Orang ini tidak dikenal Meta lagi'],
  '100/2018008': ['later'],
  '100/2018047': ['later'],
  '100/2018294': ['later'],
  '100/2018109': ['content', 'Lampiran terlalu besar'],
  '100/2018074': ['invalid', 'Unggahan lampiran sudah kedaluwarsa'],
  '100/2534015': ['content'],
  '100/2534037': ['content'],
  '100/2534025': ['forbidden', PRIVATE_USED],
  '102': ['auth', NEW_TOKEN],
  '104': ['auth', 'Periksa appSecret di berkas kanal'],
  '190': ['auth', NEW_TOKEN],
  '190/458': ['auth', `Aplikasi dicabut oleh pemilik token. ${NEW_TOKEN}`],
  '190/459': ['auth', `Pemilik token harus masuk ke Facebook dan menyelesaikan pemeriksaan keamanan. ${NEW_TOKEN}`],
  '190/460': ['auth', `Sandi pemilik token berubah. ${NEW_TOKEN}`],
  '190/463': ['auth', `Token kedaluwarsa. ${NEW_TOKEN}`],
  '190/464': ['auth', `Akun pemilik token belum dikonfirmasi. ${NEW_TOKEN}`],
  '190/467': ['auth', `Token tidak berlaku lagi. ${NEW_TOKEN}`],
  '190/492': ['auth', ROLE],
  '200': ['auth', PERMISSION],
  '200/1545041': ['gone', 'Orang ini tidak dapat dihubungi'],
  '200/2534041': [
    'auth',
    'Pemilik akun mematikan akses pesan: nyalakan "Izinkan akses ke pesan" di aplikasi Instagram',
  ],
  '230': ['auth', PERMISSION],
  '283': ['auth', 'Izin pages_read_user_content belum ada: berikan, lalu buat token baru'],
  '368': ['spam', 'Meta menahan akun ini karena dianggap spam. Jangan kirim apa pun; periksa Kualitas Halaman di Meta'],
  '506': ['doubt'],
  '551': ['gone', 'Orang ini tidak dapat dihubungi'],
  '1705': ['auth', 'Token ini milik orang, bukan Halaman: buat token Halaman'],
  '10900': ['forbidden', PRIVATE_USED],
  '1609005': ['content', 'Tautan tidak dapat dibuka Meta: kirim tanpa tautan'],
  '2500': ['invalid'],
  '2018300': ['auth', PERMISSION],
  '2018321': ['auth', PERMISSION],
  '2018247': ['auth', PERMISSION],
  '2534001': ['gone', 'Percakapan sudah diarsipkan'],
  '2534013': ['forbidden', PRIVATE_USED],
  '2534014': ['forbidden', PRIVATE_USED],
  '9000001': ['gone'],
  '11357046': ['doubt'],
};

/** Where Instagram differs (Meta, "Instagram Platform: error codes"). */
export const INSTAGRAM_ERRORS: ErrorTable = {
  ...PAGE_ERRORS,
  '100': ['gone', 'Komentar sudah dihapus, disembunyikan, atau dari siaran langsung'],
  '200/1545041': ['window'],
};

/** What stands on somebody else's page: a missing permission there says that it cannot be seen, and nothing of our token. */
export const elsewhere = (table: ErrorTable): ErrorTable => ({
  ...table,
  ...{ '10': ['gone'], '200': ['gone'], '283': ['gone'], '100': ['gone'] },
});

export interface Failed {
  status: number;
  headers: Readonly<Record<string, string>>;
  /** The body as read, or anything else where it was no JSON. */
  body: unknown;
}

export interface Asked {
  /** Begins the message, in Indonesian: `Membalas komentar`. */
  what: string;
  /** Does the request change something? Then an unclear answer is a doubt. */
  writes: boolean;
  now: Date;
  table: ErrorTable;
  /** How a new token comes here: `Simpan dengan: …`. */
  renewal: string;
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** The error of an answer of Graph; `null` when it is none. A 2xx can hold an error, too. Pure. */
export function graphError({ status, headers, body }: Failed, asked: Asked): ChannelError | null {
  const error = fieldsOf(fieldsOf(body).error);
  const code = idOf(error.code);
  if (status >= 200 && status < 300 && code === undefined) return null;
  const subcode = idOf(error.error_subcode);
  const named = code === undefined ? `HTTP ${status}` : subcode ? `${code}/${subcode}` : code;
  const trace = idOf(error.fbtrace_id);
  const [meaning, advice] = meaningOf(status, error, asked);
  return build(meaning, { asked, headers, named, advice, ...(trace && { trace }) });
}

/** Transient goes before the code, a subcode before its code, the code before the status. */
function meaningOf(status: number, error: Fields, { writes, table }: Asked): readonly [Meaning, string?] {
  if (error.is_transient === true) return ['doubt'];
  const code = idOf(error.code);
  const known = table[`${code}/${idOf(error.error_subcode)}`] ?? table[String(code)] ?? rangeOf(code);
  if (known)
    return /retired|deprecated.*tag|tag.*no longer/i.test(String(error.message)) && code === '100' ? ['window'] : known;
  if (status === 429) return ['limit'];
  if (code === undefined && status === 401) return ['auth', NEW_TOKEN];
  if (code === undefined && status === 404) return ['gone'];
  if (status >= 500 || status < 400) return ['doubt'];
  // Refused clearly, for a reason we do not know: what was to be written surely is not there.
  return writes ? ['invalid'] : ['later'];
}

/** 200 to 299 all are about permissions. */
const rangeOf = (code: string | undefined): readonly [Meaning, string?] | undefined =>
  code !== undefined && /^2\d\d$/.test(code) ? ['auth', PERMISSION] : undefined;

interface Built {
  asked: Asked;
  headers: Failed['headers'];
  named: string;
  advice: string | undefined;
  trace?: string;
}

function build(meaning: Meaning, { asked, headers, named, advice, trace }: Built): ChannelError {
  const where = `${named}${trace ? `, ${trace}` : ''}`;
  const say = (words: string) => `${asked.what}: ${words} (${where}).${advice ? ` ${advice}` : ''}`;
  const code = named;
  switch (meaning) {
    case 'limit':
      return new ChannelError('throttled', say('terlalu cepat bagi Meta'), {
        retryAfterMs: waitOf(headers, asked.now),
        code,
      });
    case 'spam':
      return new ChannelError('throttled', say('akun ditahan'), { retryAfterMs: DAY_MS, code });
    case 'auth':
      return new ChannelError('auth', `${say('ditolak Meta')}${saveIt(advice, asked.renewal)}`, { code });
    case 'doubt':
      return new ChannelError('retry', say('Meta sedang terganggu'), { code });
    case 'later':
      return new ChannelError('retry', say('belum berhasil'), { nothingSent: true, code });
    default:
      return new ChannelError('refused', say('tidak diterima Meta'), { reason: meaning, code });
  }
}

const saveIt = (advice: string | undefined, renewal: string): string =>
  /token/i.test(advice ?? '') ? `. ${renewal}` : '';

/** As long as Meta says; without a word, ten minutes: calls during throttling prolong it. */
function waitOf(headers: Failed['headers'], now: Date): number {
  const said = usageOf(headers).regainMs;
  return said || (retryAfter(headers['retry-after'], now) ?? 10 * MINUTE_MS);
}
