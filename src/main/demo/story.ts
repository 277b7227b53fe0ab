import { type NetworkUrls, REVIEWED } from './networks.ts';

export interface ReviewLine {
  url: string;
  apiKey: string;
  review: { id: string };
}

const FIRST = 'Mohon maaf atas antreannya. Mulai Senin kami buka dua loket tambahan.';
const SECOND =
  'Terima kasih sudah mengabari lagi. Hari ini petugas ditambah, dan antrean dapat diambil lewat aplikasi.';

/** Lines for a shell: a review becomes a complaint, gets an answer, and later another one. */
export function reviewLines({ url, apiKey, review }: ReviewLine): string[] {
  const post = (what: string, body: object) =>
    `curl -sS -w '\\n' -H 'Authorization: Bearer ${apiKey}' -H 'Content-Type: application/json' -d '${JSON.stringify(body)}' '${url}/api/v1/complaints/${review.id}/${what}'`;
  return [
    post('accept', { agency: REVIEWED }),
    post('drafts', { text: FIRST, submit: true }),
    post('drafts', { text: SECOND, submit: true }),
  ];
}

/** The story as it is printed, around its lines. */
export function reviewStory({ google }: Pick<NetworkUrls, 'google'>, lines: readonly string[]): string {
  const [accept, first, second] = lines;
  return `6. Terima ulasan bintang satu (take on a one-star review):

${accept}

7. Jawab ulasan itu (answer it):

${first}

Lima detik kemudian warga menyunting ulasannya; lihat ${google}
(Five seconds later the citizen edits the review; look there.)

8. Jawab suntingannya (answer the edit):

${second}

Google memberi satu balasan per ulasan: jawaban baru di atas, yang pertama tetap
di bawahnya. (One reply per review: the first answer stays below the new one.)
`;
}
