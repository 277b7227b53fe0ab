import type { InboxRow } from '../../store/inbox.ts';

export interface Shown {
  url: string;
  appUrl: string;
  apiKey: string;
  /** Where keys and addresses are written. */
  file: string;
  complaint: Pick<InboxRow, 'id' | 'ticket_no' | 'title'>;
  count: { complaints: number; unjudged: number };
}

const ANSWER =
  'Terima kasih atas laporannya. Petugas kami meninjau lokasi besok pagi dan akan memberi kabar lagi di sini.';

/** Three lines for a shell, each complete in itself: the inbox, an answer, its receipt. */
export function curlLines({ url, apiKey, complaint }: Pick<Shown, 'url' | 'apiKey' | 'complaint'>): string[] {
  const curl = `curl -sS -w '\\n' -H 'Authorization: Bearer ${apiKey}'`;
  const body = JSON.stringify({ text: ANSWER, submit: true });
  return [
    `${curl} '${url}/api/v1/complaints?limit=5'`,
    `${curl} -H 'Content-Type: application/json' -d '${body}' '${url}/api/v1/complaints/${complaint.id}/drafts'`,
    `${curl} '${url}/api/v1/publications?complaint=${complaint.id}&state=published'`,
  ];
}

/** What the demo prints when it runs. Only the curl lines are longer than 80 columns: each must stay one line. */
export function screen(shown: Shown): string {
  const { url, appUrl, apiKey, file, complaint, count } = shown;
  const [inbox, answer, receipt] = curlLines(shown);
  return `
KANAL ADUAN - DEMO                         berhenti / stop: Ctrl-C

  Hub (API)        ${url}
  Dokumentasi API  ${url}/docs
  Halaman warga    ${appUrl}   (what citizens see)
  Kunci API        ${apiKey}
  Berkas / file    ${file}

Di meja sekarang: ${count.complaints} aduan, ${count.unjudged} kiriman publik belum ditriase.
Salin baris berikut ke terminal lain. (Paste these into another terminal.)

1. Meja aduan (the inbox):

${inbox}

2. Jawab aduan ${complaint.ticket_no} "${complaint.title}" (answer it):

${answer}

3. Bukti tayang jawaban itu, sedetik kemudian (the published receipt):

${receipt}

Lalu lihat halaman warga: jawabannya ada di sana, satu kali.
(Then look at the citizens' page: the answer is there, once.)
Jawaban Dinas PUPR menunggu orang kedua: kuncinya "approverKey" di berkas itu.
(Answers of Dinas PUPR wait for a second person: "approverKey" in that file.)

`;
}
