import { safe } from '../app/page.ts';
import type { Comment, World } from './world.ts';

const clock = new Intl.DateTimeFormat('id-ID', { dateStyle: 'short', timeStyle: 'short', timeZone: 'Asia/Jakarta' });
const NEWEST = 50;

/** What people see below the videos. Plain HTML without scripts. */
export function screen(world: World): string {
  const top = [...world.comments.values()].filter((one) => one.parent === undefined).slice(-NEWEST);
  const body =
    top
      .reverse()
      .map((one) => article(world, one))
      .join('\n') || '<p>Belum ada komentar.</p>';
  return `<!doctype html>
<html lang="id"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="5"><title>Komentar video (simulasi)</title><style>${STYLE}</style></head>
<body><header><h1>Komentar video</h1><p>Simulasi. Semua nama dan tulisan di sini rekaan.</p></header><main>${body}</main></body></html>`;
}

function article(world: World, one: Comment): string {
  const words = one.held ? '<em>Ditahan untuk ditinjau.</em>' : `<p class="text">${safe(one.text)}</p>`;
  const below = world
    .below(one.id)
    .map((reply) => `<section>${who(reply)}<p class="text">${safe(reply.text)}</p></section>`);
  return `<article id="${safe(one.id)}">${who(one)}${words}${below.join('')}</article>`;
}

const who = ({ author, published }: Comment): string =>
  `<p class="who"><b>${safe(author.handle)}</b> · <time>${safe(clock.format(new Date(published)))} WIB</time></p>`;

const STYLE = `
body{font:16px/1.5 system-ui,sans-serif;margin:0;background:#f3f4f6;color:#1f2937}
header{background:#991b1b;color:#fff;padding:1rem}header h1{margin:0;font-size:1.3rem}header p{margin:0}
main{max-width:42rem;margin:0 auto;padding:.5rem}article{background:#fff;border-radius:.5rem;padding:.75rem 1rem;margin:.75rem 0}
section{background:#fef2f2;border-radius:.5rem;padding:.4rem .7rem;margin:.4rem 0 .4rem 1rem}p{margin:.25rem 0}
.who{color:#4b5563;font-size:.85rem}.text{white-space:pre-wrap;overflow-wrap:anywhere}`;
