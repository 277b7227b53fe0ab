/** What came back from a consent screen: by the browser, or pasted by a person. */
export interface ConsentAnswer {
  code?: string;
  state?: string;
  /** The platform's word for why not (RFC 6749 section 4.1.2.1). */
  error?: string;
}

/** TikTok Business calls it otherwise. */
const CODES = ['code', 'auth_code'];

export function answerOf(query: URLSearchParams): ConsentAnswer {
  const code = CODES.map((name) => query.get(name)).find(Boolean);
  const error = query.get('error');
  // Meta and Microsoft say the closer word beside it.
  const closer = wordIn(`${query.get('error_subcode') ?? ''} ${query.get('error_description') ?? ''}`);
  const state = query.get('state');
  return {
    ...(code && { code: code.replace(/#_$/, '') }),
    ...(state && { state }),
    ...(error && { error: closer ?? error }),
  };
}

/** A pasted address, a bare code, or the text of an error page. `null`: nothing of the kind. */
export function readPasted(text: string): ConsentAnswer | null {
  const pasted = text.trim();
  const query = pasted.includes('?') ? pasted.slice(pasted.indexOf('?') + 1) : /^[\w]+=/.test(pasted) ? pasted : '';
  const found = query && answerOf(new URLSearchParams(query.replace(/#(?!_).*$/, '')));
  if (found && (found.code || found.error)) return found;
  const error = wordIn(pasted);
  if (error) return { error };
  return /^[\w./~%-]{8,4000}$/.test(pasted) ? { code: decodeURIComponentSafely(pasted) } : null;
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** What a refusal means and how it is mended, in plain Indonesian. */
const REFUSALS: Readonly<Record<string, string>> = {
  access_denied:
    'Izinnya ditolak di layar persetujuan. Ulangi dan pilih "Izinkan". Bila tombol itu tidak ada: aplikasi masih dalam mode uji, jadi tambahkan akun itu sebagai penguji (test user), atau terbitkan aplikasinya',
  redirect_uri_mismatch:
    'Alamat kembali belum terdaftar di aplikasi. Daftarkan alamat kembali yang tertulis di atas, huruf demi huruf, lalu ulangi',
  invalid_client: 'Aplikasi tidak dikenal. Periksa clientId di berkas kanal, dan simpan lagi rahasia clientSecret',
  unauthorized_client: 'Aplikasi ini tidak boleh memakai cara masuk ini. Periksa jenis aplikasi dan clientId',
  invalid_scope: 'Ada izin yang belum dimiliki aplikasi. Nyalakan API dan izinnya di halaman pengembang, lalu ulangi',
  invalid_grant:
    'Kodenya sudah dipakai atau kedaluwarsa. Ulangi dari awal; satu kode hanya berlaku sekali dan beberapa menit',
  invalid_request: 'Permintaannya tidak diterima. Periksa alamat kembali dan clientId, lalu ulangi',
  admin_policy_enforced: 'Administrator organisasi melarang aplikasi ini. Minta administrator mengizinkan clientId-nya',
  org_internal: 'Aplikasi hanya untuk akun organisasinya sendiri. Masuk dengan akun dari organisasi itu',
  consent_required: 'Administrator organisasi harus menyetujui aplikasi ini dulu (admin consent)',
  app_not_active: 'Aplikasi masih dalam mode pengembangan. Terbitkan (Live), atau beri akun itu peran di aplikasi',
  temporarily_unavailable: 'Platform sedang terganggu. Coba lagi nanti',
  server_error: 'Platform sedang terganggu. Coba lagi nanti',
};

/** How Microsoft and Meta say the same. */
const SAME: readonly (readonly [RegExp, string])[] = [
  [/AADSTS50011|redirect_?uri.{0,40}(mismatch|not match|isn.t included)|URL Blocked/i, 'redirect_uri_mismatch'],
  [/AADSTS(700016|7000215|7000222)|Invalid App ID/i, 'invalid_client'],
  [/AADSTS(65001|90094|90093)/i, 'consent_required'],
  [/AADSTS65004|user_denied/i, 'access_denied'],
  [/AADSTS(70011|650053)|Invalid Scopes/i, 'invalid_scope'],
  [/AADSTS(54005|70008|70000)/i, 'invalid_grant'],
  [/AADSTS50020/i, 'org_internal'],
  [/app not (active|setup|live)|development mode/i, 'app_not_active'],
];

function wordIn(text: string): string | undefined {
  const alike = SAME.find(([words]) => words.test(text))?.[1];
  return alike ?? Object.keys(REFUSALS).find((word) => text.includes(word));
}

export const explainRefusal = (error: string): string =>
  `${REFUSALS[error] ?? 'Platform menolak. Periksa clientId, izin aplikasi, dan alamat kembali, lalu ulangi'} (${error.slice(0, 60)}).`;
