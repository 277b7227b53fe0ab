import type { Actor } from '../../core/access.ts';
import type { DeskDeps } from '../../flows/deps.ts';
import { saveDraft } from '../../flows/desk/drafts.ts';
import { enterByHand } from '../../flows/desk/enter.ts';
import { publicationsOfComplaint } from '../../store/publications.ts';

/** Channels without a machine at their other end, and the citizen's own door. */
export const handYaml = (hubUrl: string): Record<string, string> => ({
  laporgub: LAPORGUB,
  loket: COUNTER,
  'formulir-warga': doorYaml(hubUrl),
});

const LAPORGUB = `# LaporGub belum punya API: petugas mencatat yang masuk, menempel jawaban, lalu mengonfirmasinya.
id: laporgub
label: LaporGub Jawa Tengah
adapter: http-json
account: kab-contoh
mode: assisted
agency: diskominfo
`;

const COUNTER = `# Loket, telepon dan surat: dicatat petugas.
id: loket
label: Loket Pengaduan
adapter: manual
account: loket
agency: diskominfo
settings: { surface: form }
`;

const doorYaml = (url: string): string => `# Formulir /lapor dan halaman status /lacak.
id: formulir-warga
label: Formulir aduan warga
adapter: website
account: formulir-warga
agency: diskominfo
publish: { receipts: false }
settings:
  address: ${url}
  required: [name, phone]
  privacy:
    controller: Pemerintah Kabupaten Contoh
    officer: { name: Bagian Hukum Setda, email: pdp@contohkab.example }
`;

const REPLY =
  'Terima kasih atas laporannya. Lampu di simpang itu kami ganti hari ini; petugas sudah di lokasi sejak pagi.';

/** An answer that an officer is to put there by hand. */
export interface ByHand {
  publication: string;
  page: string;
}

/**
 * A report as an officer copied it from LaporGub, and its answer, which waits for them. One that was confirmed in an
 * earlier demo stays, and another follows it.
 */
export async function enterLaporgub(deps: DeskDeps, officer: Actor, number = 1): Promise<ByHand> {
  const reference = `LGWP${10_004_710 + number}`;
  const page = `https://laporgub.contoh.example/detail/${reference}.html`;
  const { complaintId } = await enterByHand(deps, officer, {
    ...{ channel: 'laporgub', agency: 'diskominfo', key: `demo ${reference}`, reference, permalink: page },
    title: 'Lampu lalu lintas padam di simpang pasar',
    text: 'Lampu lalu lintas di simpang pasar padam sejak Minggu, pengendara saling serobot. Mohon segera diperbaiki.',
  });
  const answer = async () =>
    (await publicationsOfComplaint(deps.db, complaintId)).find(({ kind }) => kind === 'answer');
  if (!(await answer())) await saveDraft(deps, officer, complaintId, { text: REPLY, submit: true });
  const { id: publication, state } = (await answer())!;
  return state === 'published' ? enterLaporgub(deps, officer, number + 1) : { publication, page };
}

export interface HandLine extends ByHand {
  url: string;
  apiKey: string;
}

/** Lines for a shell: what waits for a hand, its confirmation, and a complaint at the counter. */
export function handLines({ url, apiKey, publication, page }: HandLine): string[] {
  const curl = `curl -sS -w '\\n' -H 'Authorization: Bearer ${apiKey}'`;
  const post = (path: string, body: object) =>
    `${curl} -H 'Content-Type: application/json' -d '${JSON.stringify(body)}' '${url}/api/v1/${path}'`;
  return [
    `${curl} '${url}/api/v1/publications?state=assist'`,
    post(`publications/${publication}/confirm`, { permalink: `${page}#tanggapan-2` }),
    post('complaints', {
      ...{ channel: 'loket', text: 'Selokan di depan balai desa mampet.', answerBy: 'SMS' },
      reporter: { name: 'Siti Aminah', phone: '0812-0000-0101' },
    }),
  ];
}

/** The story as it is printed, around its lines. */
export function handStory(url: string, lines: readonly string[]): string {
  const [waiting, confirm, counter] = lines;
  return `9. Jawaban LaporGub menunggu petugas (an answer waits for its officer):
LaporGub tidak punya API; petugas menempel "text" di sana, lalu mengonfirmasi.

${waiting}

10. Sudah ditempel? Konfirmasi dengan tautannya (confirm it with its link):

${confirm}

11. Catat aduan di loket, dapat nomor tiket dan tanda terima (at the counter):

${counter}

12. Pintu warga (the citizens' own form and status page), tanpa JavaScript:

  ${url}/lapor
  ${url}/lacak
`;
}
