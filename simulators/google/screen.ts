import { safe } from '../app/page.ts';
import type { GoogleSettings } from './options.ts';
import type { Review, World } from './world.ts';

const clock = new Intl.DateTimeFormat('id-ID', { dateStyle: 'short', timeStyle: 'short', timeZone: 'Asia/Jakarta' });
const NEWEST = 50;
const STATES: Readonly<Record<string, string>> = { PENDING: 'sedang diperiksa', REJECTED: 'ditolak' };

/** What citizens see below each place: stars, words, and the one reply. Plain HTML without scripts. */
export function screen(world: World, { locations }: GoogleSettings): string {
  const places = locations.map(({ id, title }) => {
    const rows = [...world.reviews.values()].filter((one) => one.location === id).slice(-NEWEST);
    return `<h2>${safe(title)}</h2>${rows.reverse().map(article).join('\n') || '<p>Belum ada ulasan.</p>'}`;
  });
  return `<!doctype html>
<html lang="id"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="5"><title>Ulasan tempat (simulasi)</title><style>${STYLE}</style></head>
<body><header><h1>Ulasan tempat</h1><p>Simulasi. Semua nama dan tulisan di sini rekaan.</p></header>
<main>${places.join('\n')}</main></body></html>`;
}

function article({ name, who, stars, text, created, updated, reply }: Review): string {
  const edited = updated > created ? ' · disunting' : '';
  const state = reply && STATES[reply.state] ? ` · ${STATES[reply.state]}` : '';
  const answer = reply
    ? `<section><p class="who"><b>Tanggapan pemilik</b> · ${when(reply.at)}${state}</p><p class="text">${safe(reply.comment)}</p></section>`
    : '';
  return `<article id="${safe(name.split('/').at(-1) ?? '')}"><p class="who"><b>${safe(who)}</b> · ${when(updated)}${edited}</p>
<p aria-label="${stars} dari 5 bintang">${'★'.repeat(stars)}${'☆'.repeat(5 - stars)}</p><p class="text">${safe(text)}</p>${answer}</article>`;
}

const when = (at: number): string => `<time>${safe(clock.format(new Date(at)))} WIB</time>`;

const STYLE = `
body{font:16px/1.5 system-ui,sans-serif;margin:0;background:#f3f4f6;color:#1f2937}
header{background:#166534;color:#fff;padding:1rem}header h1{margin:0;font-size:1.3rem}header p{margin:0}
main{max-width:42rem;margin:0 auto;padding:.5rem}h2{font-size:1.1rem}article{background:#fff;border-radius:.5rem;padding:.75rem 1rem;margin:.75rem 0}
section{background:#f0fdf4;border-radius:.5rem;padding:.4rem .7rem;margin:.4rem 0 0}p{margin:.25rem 0}
.who{color:#4b5563;font-size:.85rem}.text{white-space:pre-wrap;overflow-wrap:anywhere}`;
