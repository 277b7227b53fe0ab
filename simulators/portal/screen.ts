import { safe } from '../app/page.ts';
import type { PortalSettings } from './options.ts';
import type { Entry, Report, World } from './world.ts';

const clock = new Intl.DateTimeFormat('id-ID', { dateStyle: 'short', timeStyle: 'short', timeZone: 'Asia/Jakarta' });
const NEWEST = 50;

/** What citizens see at the portal. Plain HTML without scripts; secret reports are not shown. */
export function screen({ name, profile }: PortalSettings, world: World): string {
  const shown = world.changes().filter((one) => !one.rahasia && one.status !== 'dicabut');
  const body = shown.slice(-NEWEST).reverse().map(article).join('\n') || '<p>Belum ada laporan.</p>';
  return `<!doctype html>
<html lang="id"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="5"><title>${safe(name)} (simulasi)</title><style>${STYLE}</style></head>
<body><header><h1>${safe(name)}</h1><p>Simulasi, profil ${safe(profile)}. Semua nama dan tulisan di sini rekaan.</p></header>
<main>${body}</main></body></html>`;
}

const article = (one: Report): string => `<article id="${safe(one.id)}">
<p class="who"><b>${safe(one.anonim ? 'Anonim' : one.pelapor.nama)}</b> · ${safe(one.nomor)} · ${when(one.dibuat)}</p>
<h2>${safe(one.judul)}</h2><p class="text">${safe(one.isi)}</p>${pictures(one.lampiran)}
<p class="status">${safe(one.status)}</p>${one.riwayat
  .filter((entry) => entry.jenis !== 'status')
  .map(section)
  .join('')}</article>`;

const section = (one: Entry): string =>
  `<section id="${safe(one.id)}"><p class="who"><b>${safe(one.dari)}</b> · ${when(one.pada)}</p><p class="text">${safe(one.rahasia ? '(rahasia)' : one.isi)}</p>${pictures(one.lampiran)}</section>`;

const pictures = (files: readonly string[]): string =>
  files.length > 0 ? `<p class="who">${files.length} lampiran</p>` : '';
const when = (at: number): string => `<time>${safe(clock.format(new Date(at)))} WIB</time>`;

const STYLE = `
body{font:16px/1.5 system-ui,sans-serif;margin:0;background:#f3f4f6;color:#1f2937}
header{background:#166534;color:#fff;padding:1rem}header h1{margin:0;font-size:1.3rem}header p{margin:0}
main{max-width:42rem;margin:0 auto;padding:.5rem}article{background:#fff;border-radius:.5rem;padding:.75rem 1rem;margin:.75rem 0}
h2{font-size:1rem;margin:.25rem 0}section{background:#f0fdf4;border-radius:.5rem;padding:.4rem .7rem;margin:.4rem 0 .4rem 1rem}p{margin:.25rem 0}
.who{color:#4b5563;font-size:.85rem}.status{display:inline-block;background:#dcfce7;border-radius:1rem;padding:0 .6rem;font-size:.85rem}
.text{white-space:pre-wrap;overflow-wrap:anywhere}`;
