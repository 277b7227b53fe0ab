import type { InboxRow } from '../../store/inbox.ts';
import { type ByHand, handLines, handStory } from './byHand.ts';
import type { NetworkUrls } from './networks.ts';
import { type ReviewLine, reviewLines, reviewStory } from './story.ts';

type Subject = Pick<InboxRow, 'id' | 'ticket_no' | 'title'>;

export interface Shown {
  url: string;
  appUrl: string;
  apiKey: string;
  /** Where keys and addresses are written. */
  file: string;
  mailUrl: string;
  socialUrl: string;
  portalUrl: string;
  sp4nUrl: string;
  complaint: Subject;
  mail: Subject;
  /** Of one star, and not yet judged. */
  review: { id: string };
  byHand: ByHand;
  networks: NetworkUrls;
  count: { complaints: number; unjudged: number };
}

const ANSWER =
  'Terima kasih atas laporannya. Petugas kami meninjau lokasi besok pagi dan akan memberi kabar lagi di sini.';

const MAIL_ANSWER =
  'Terima kasih atas suratnya. Petugas kami menindaklanjuti besok pagi; balas surat ini bila belum beres.';

type Line = Pick<Shown, 'mailUrl' | 'complaint' | 'mail' | 'byHand'> & ReviewLine;

/** Lines for a shell, each complete in itself: the inbox, an answer, its receipt; a mail's answer, and its
 * thread; what becomes of a review. */
export function curlLines({ url, mailUrl, apiKey, complaint, mail, review, byHand }: Line): string[] {
  const curl = `curl -sS -w '\\n' -H 'Authorization: Bearer ${apiKey}'`;
  const answer = (to: Subject, text: string) =>
    `${curl} -H 'Content-Type: application/json' -d '${JSON.stringify({ text, submit: true })}' '${url}/api/v1/complaints/${to.id}/drafts'`;
  return [
    `${curl} '${url}/api/v1/complaints?limit=5'`,
    answer(complaint, ANSWER),
    `${curl} '${url}/api/v1/publications?complaint=${complaint.id}&state=published'`,
    answer(mail, MAIL_ANSWER),
    `curl -sS '${mailUrl}/?cari=${mail.ticket_no}'`,
    ...reviewLines({ url, apiKey, review }),
    ...handLines({ url, apiKey, ...byHand }),
  ];
}

/** What the demo prints when it runs. Only the curl lines are longer than 80 columns: each must stay one line. */
export function screen(shown: Shown): string {
  const { url, appUrl, mailUrl, socialUrl, portalUrl, sp4nUrl, apiKey, file, complaint, mail, count, networks } = shown;
  const [inbox, answer, receipt, mailAnswer, thread, ...story] = curlLines(shown);
  return `
KANAL ADUAN - DEMO                         berhenti / stop: Ctrl-C

  Hub (API)        ${url}
  Dokumentasi API  ${url}/docs
  Halaman warga    ${appUrl}   (what citizens see)
  Surat warga      ${mailUrl}   (citizens' mail)
  Media sosial     ${socialUrl}   (Facebook, Instagram, WhatsApp)
  Lapor Bupati     ${portalUrl}   (the county's portal)
  SP4N-LAPOR!      ${sp4nUrl}   (the national portal)
  Ulasan Google    ${networks.google}   (reviews of the offices)
  YouTube          ${networks.youtube}   (comments below videos)
  X                ${networks.x}   (posts that mention the district)
  TikTok           ${networks.tiktok}   (comments below short videos)
  SMS              ${networks.sms}   (phones that send SMS)
  Formulir warga   ${url}/lapor   (the citizens' own form)
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

4. Jawab surel ${mail.ticket_no} "${mail.title}" (answer a mail):

${mailAnswer}

5. Percakapannya di kotak surat warga (its thread, as the citizen has it):

${thread}

Sepuluh detik kemudian warga membalas; balasannya masuk ke aduan yang sama.
(Ten seconds later the citizen writes back, into the same complaint.)

${reviewStory(networks, story.slice(0, 3))}
${handStory(url, story.slice(3))}
Komentar dan pesan di media sosial ada di meja yang sama; jawabannya tampil di
halaman masing-masing. (Comments and chats are in the same inbox.)

Jawaban Dinas PUPR menunggu orang kedua: kuncinya "approverKey" di berkas itu.
(Answers of Dinas PUPR wait for a second person: "approverKey" in that file.)

`;
}
