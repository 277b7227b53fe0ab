import { safe } from '../app/page.ts';
import type { Parts } from './shapes.ts';
import type { Direct, Post } from './world.ts';

const clock = new Intl.DateTimeFormat('id-ID', { dateStyle: 'short', timeStyle: 'short', timeZone: 'Asia/Jakarta' });
const NEWEST = 50;

/** What people see, and below it what only two see. Plain HTML without scripts. */
export function screen(parts: Parts): string {
  const { world, bill } = parts;
  const top = [...world.posts.values()].filter((one) => !one.replyTo && !one.removed && !one.replaced).slice(-NEWEST);
  const posts = top.reverse().map((one) => `<article id="${one.id}">${thread(parts, one)}</article>`);
  const talks = [...new Set(world.directs.map(({ person }) => person))].map((who) => talk(parts, who));
  return `<!doctype html>
<html lang="id"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="5"><title>X (simulasi)</title><style>${STYLE}</style></head>
<body><header><h1>X</h1><p>Simulasi. Semua nama dan tulisan di sini rekaan. Tagihan bulan ini US$${bill.spent.toFixed(2)}.</p></header>
<main>${posts.join('') || '<p>Belum ada kiriman.</p>'}${talks.length > 0 ? `<h2>Pesan langsung</h2>${talks.join('')}` : ''}</main></body></html>`;
}

function thread(parts: Parts, post: Post): string {
  const below = [...parts.world.posts.values()].filter(
    (one) => one.replyTo === post.id && !one.removed && !one.replaced,
  );
  return box(parts, post) + below.map((one) => `<section>${thread(parts, one)}</section>`).join('');
}

function box({ world }: Parts, { author, text, at, chain }: Post): string {
  const who = world.people.get(author);
  const edited = chain.length > 1 ? ' · disunting' : '';
  return `<p class="who"><b>${safe(who?.name ?? '')}</b> @${safe(who?.username ?? '')} · ${when(at)}${edited}</p><p class="text">${safe(text)}</p>`;
}

function talk({ world }: Parts, who: string): string {
  const lines = world.directs
    .filter(({ person }) => person === who)
    .map((one: Direct) => {
      const name = one.sender === who ? (world.people.get(who)?.name ?? '') : world.us.name;
      return `<p class="who"><b>${safe(name)}</b> · ${when(one.at)}</p><p class="text">${safe(one.text)}</p>`;
    });
  return `<article>${lines.join('')}</article>`;
}

const when = (at: number): string => `<time>${safe(clock.format(new Date(at)))} WIB</time>`;

const STYLE = `
body{font:16px/1.5 system-ui,sans-serif;margin:0;background:#f3f4f6;color:#1f2937}
header{background:#111827;color:#fff;padding:1rem}header h1{margin:0;font-size:1.3rem}header p{margin:0}
main{max-width:42rem;margin:0 auto;padding:.5rem}article{background:#fff;border-radius:.5rem;padding:.75rem 1rem;margin:.75rem 0}
section{border-left:3px solid #d1d5db;padding:.1rem .7rem;margin:.4rem 0}p{margin:.25rem 0}h2{font-size:1.05rem}
.who{color:#4b5563;font-size:.85rem}.text{white-space:pre-wrap;overflow-wrap:anywhere}`;
