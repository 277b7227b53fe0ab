import { safe } from '../app/page.ts';
import type { Comment, World } from './world.ts';

const clock = new Intl.DateTimeFormat('id-ID', { dateStyle: 'short', timeStyle: 'short', timeZone: 'Asia/Jakarta' });
const NEWEST = 50;

/** What people see below the videos. Plain HTML without scripts. */
export function screen(world: World): string {
  const top = [...world.comments.values()].filter(({ parent }) => parent === undefined).slice(-NEWEST);
  const body = top.toReversed().map((one) => article(world, one));
  return `<!doctype html>
<html lang="id"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="5"><title>Komentar TikTok (simulasi)</title><style>${STYLE}</style></head>
<body><header><h1>Komentar di video pendek</h1><p>Simulasi. Semua nama dan tulisan di sini rekaan.</p></header>
<main>${body.join('\n') || '<p>Belum ada komentar.</p>'}</main></body></html>`;
}

function article(world: World, one: Comment): string {
  const caption = world.videos.get(one.video)?.caption ?? '';
  const below = world.below(one.id).map((reply) => `<section>${said(reply)}</section>`);
  return `<article id="${safe(one.id)}"><p class="video">${safe(caption)}</p>${said(one)}${below.join('')}</article>`;
}

function said({ author, at, text, status }: Comment): string {
  const who = `<p class="who"><b>@${safe(author.handle)}</b> · <time>${safe(clock.format(new Date(at * 1_000)))} WIB</time></p>`;
  const words = status === 'PUBLIC' ? `<p class="text">${safe(text)}</p>` : '<em>Tidak ditampilkan.</em>';
  return who + words;
}

const STYLE = `
body{font:16px/1.5 system-ui,sans-serif;margin:0;background:#f3f4f6;color:#1f2937}
header{background:#111827;color:#fff;padding:1rem}header h1{margin:0;font-size:1.3rem}header p{margin:0}
main{max-width:42rem;margin:0 auto;padding:.5rem}article{background:#fff;border-radius:.5rem;padding:.75rem 1rem;margin:.75rem 0}
section{background:#ecfeff;border-radius:.5rem;padding:.4rem .7rem;margin:.4rem 0 .4rem 1rem}p{margin:.25rem 0}
.video,.who{color:#4b5563;font-size:.85rem}.text{white-space:pre-wrap;overflow-wrap:anywhere}`;
