import { isPublic } from '#contract';
import type { Entry, Landed, Store } from './store.ts';

const NEWEST = 100;
const STATES = { '/replies': 'Jawaban', '/statuses': 'Status', '/reports': 'Diteruskan' } as const;
const clock = new Intl.DateTimeFormat('id-ID', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'Asia/Jakarta' });

/** What the application's citizens see. Plain HTML without scripts; every text is escaped. */
export function page(store: Store): string {
  const entries = [...store.entries.values()].slice(-NEWEST).reverse();
  const forwarded = store.landed.filter((one) => one.route === '/reports').slice(-NEWEST);
  const body = entries.length > 0 ? entries.map(article).join('\n') : '<p>Belum ada laporan.</p>';
  const passed = forwarded.length > 0 ? `<h2>Diterima dari kanal lain</h2>${forwarded.map(answerBox).join('')}` : '';
  return `<!doctype html>
<html lang="id"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="5"><title>Lapor Daerah (simulasi)</title><style>${STYLE}</style></head>
<body><header><h1>Lapor Daerah</h1><p>Aplikasi contoh. Semua nama dan laporan di sini rekaan.</p></header>
<main>${body}${passed}</main></body></html>`;
}

function article({ message, edits, deleted, status, answers }: Entry): string {
  const open = isPublic(message.surface);
  const kind = { comment: 'Komentar publik', message: 'Pesan pribadi' }[message.surface as string] ?? 'Laporan pribadi';
  const name = message.anonymous ? 'Anonim' : (message.author?.name ?? 'Warga');
  const marks = [edits > 0 ? 'disunting' : '', message.secret ? 'rahasia' : ''].filter(Boolean).join(', ');
  const text = deleted ? '<em>Dihapus oleh penulisnya.</em>' : paragraphs(message.text);
  return `<article id="${safe(message.objectId)}" class="${open ? 'open' : 'closed'}">
<p class="who"><b>${safe(name)}</b> · ${safe(kind)} · ${when(message.at)}${marks && ` · ${marks}`}</p>
${message.title && !deleted ? `<h2>${safe(message.title)}</h2>` : ''}${text}${deleted ? '' : pictures(message)}
${status ? `<p class="status">${safe(status.label ?? status.code)}</p>` : ''}${answers.map(answerBox).join('')}</article>`;
}

function answerBox({ id, route, kind, text, files, at }: Landed): string {
  const label = kind === 'receipt' ? 'Tanda terima' : (STATES[route as keyof typeof STATES] ?? 'Jawaban');
  const attached = files.map((file) => `<li>${safe(file.name)} (${file.bytes} B)</li>`).join('');
  return `<section id="${safe(id)}"><p class="who"><b>Pemerintah Kabupaten</b> · ${label} · ${when(at)}</p>
${paragraphs(text)}${attached && `<ul>${attached}</ul>`}</section>`;
}

function pictures({ attachments = [] }: Entry['message']): string {
  const names = attachments.flatMap(({ ref }) => (typeof ref === 'string' ? [ref.split('/').at(-1) ?? ''] : []));
  return names.map((name) => `<img src="/foto/${encodeURIComponent(name)}" alt="Foto dari pelapor">`).join('');
}

const paragraphs = (text: string): string => `<p class="text">${safe(text)}</p>`;
const when = (at: string): string => `<time datetime="${safe(at)}">${safe(clock.format(new Date(at)))} WIB</time>`;

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
export const safe = (text: string): string => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);

const STYLE = `
body{font:16px/1.5 system-ui,sans-serif;margin:0;background:#f3f4f6;color:#1f2937}
header{background:#075985;color:#fff;padding:1rem}header h1{margin:0;font-size:1.3rem}header p{margin:0;opacity:.9}
main{max-width:42rem;margin:0 auto;padding:.5rem}article{background:#fff;border-radius:.5rem;padding:.75rem 1rem;margin:.75rem 0}
article.open{border-left:4px solid #0284c7}article.closed{border-left:4px solid #a16207}
h2{font-size:1.05rem;margin:.25rem 0}.who{color:#4b5563;font-size:.85rem;margin:0}.text{margin:.25rem 0;white-space:pre-wrap;overflow-wrap:anywhere}
.status{display:inline-block;background:#e0f2fe;color:#075985;border-radius:1rem;padding:.1rem .7rem;margin:.25rem 0;font-size:.85rem}
section{background:#f0fdf4;border-radius:.5rem;padding:.5rem .75rem;margin:.5rem 0}img{max-width:100%;border-radius:.25rem}`;
