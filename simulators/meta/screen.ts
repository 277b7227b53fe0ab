import { safe } from '../app/page.ts';
import type { Parts } from './parts.ts';
import type { Chat, ChatMessage, Comment, Post, World } from './world.ts';

const clock = new Intl.DateTimeFormat('id-ID', { dateStyle: 'short', timeStyle: 'short', timeZone: 'Asia/Jakarta' });
const PLATFORMS = { messenger: 'Messenger', instagram: 'Instagram Direct', whatsapp: 'WhatsApp' } as const;
const NEWEST = 30;

/** What citizens see: the page and the account with their comments, and the chats. Plain HTML without scripts. */
export function screen(parts: Parts): string {
  const { world } = parts;
  const posts = [...world.posts.values()].slice(-NEWEST).reverse();
  const chats = [...world.chats.values()].slice(-NEWEST).reverse();
  return `<!doctype html>
<html lang="id"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="5"><title>Media sosial (simulasi)</title><style>${STYLE}</style></head>
<body><header><h1>Media sosial</h1><p>Simulasi. Semua nama dan tulisan di sini rekaan.</p></header>
<main><h2>Kiriman dan komentar</h2>${posts.map((one) => article(world, one)).join('\n') || '<p>Belum ada.</p>'}
<h2>Percakapan</h2>${chats.map(phone).join('\n') || '<p>Belum ada.</p>'}</main></body></html>`;
}

function article(world: World, post: Post): string {
  const kind = post.from.username ? `@${post.from.username} · Instagram` : 'Facebook';
  const top = world.below(post.id).filter((one) => one.parent === undefined);
  return `<article id="${safe(post.id)}"><p class="who"><b>${safe(post.from.name)}</b> · ${safe(kind)} · ${when(post.at)}</p>
<p class="text">${safe(post.text)}</p>${picture(post.photo)}${top.map((one) => remark(world, one)).join('')}</article>`;
}

function remark(world: World, one: Comment): string {
  const own = world.posts.get(one.post)?.account === one.from.id;
  const words = one.hidden
    ? '<em>Disembunyikan dari umum.</em>'
    : `<p class="text">${safe(one.text)}</p>${picture(one.photo)}`;
  const below = world.below(one.id).map((answer) => remark(world, answer));
  const name = one.from.username ? `@${one.from.username}` : one.from.name;
  return `<section id="${safe(one.id)}" class="${own ? 'own' : ''}"><p class="who"><b>${safe(name)}</b> · ${when(one.at)}</p>
${words}${below.join('')}</section>`;
}

function phone(chat: Chat): string {
  return `<article id="${safe(chat.id)}"><p class="who"><b>${safe(chat.person.name)}</b> · ${PLATFORMS[chat.platform]}</p>
${chat.messages.map(bubble).join('')}</article>`;
}

function bubble(one: ChatMessage): string {
  const words = one.unsent
    ? '<em>Pesan ditarik.</em>'
    : `<p class="text">${safe(one.text)}</p>${(one.attachments ?? []).map(image).join('')}`;
  return `<section id="${safe(one.mid)}" class="${one.own ? 'own' : ''}"><p class="who">${when(one.at)}</p>${words}</section>`;
}

const image = ({ url }: { url: string }): string => `<img src="${safe(url)}" alt="Lampiran">`;
const picture = (name: string | undefined): string => (name ? `<img src="/cdn/${safe(name)}" alt="Foto">` : '');
const when = (at: number): string => `<time>${safe(clock.format(new Date(at)))} WIB</time>`;

const STYLE = `
body{font:16px/1.5 system-ui,sans-serif;margin:0;background:#f3f4f6;color:#1f2937}
header{background:#1e40af;color:#fff;padding:1rem}header h1{margin:0;font-size:1.3rem}header p{margin:0;opacity:.9}
main{max-width:42rem;margin:0 auto;padding:.5rem}h2{font-size:1.1rem}article{background:#fff;border-radius:.5rem;padding:.75rem 1rem;margin:.75rem 0}
section{background:#f9fafb;border-radius:.5rem;padding:.4rem .7rem;margin:.4rem 0 .4rem 1rem}section.own{background:#dbeafe}
.who{color:#4b5563;font-size:.85rem;margin:0}.text{margin:.25rem 0;white-space:pre-wrap;overflow-wrap:anywhere}img{max-width:12rem;border-radius:.25rem}`;
