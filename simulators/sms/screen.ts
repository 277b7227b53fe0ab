import { safe } from '../app/page.ts';
import type { SmsSettings } from './options.ts';
import type { World } from './world.ts';

const clock = new Intl.DateTimeFormat('id-ID', { dateStyle: 'short', timeStyle: 'short', timeZone: 'Asia/Jakarta' });
const NEWEST = 30;
const SHOWN = { SENT: 'terkirim', DELIVRD: 'sampai', UNDELIV: 'gagal' } as const;

/** The phones of citizens, each with its conversation. Plain HTML without scripts. */
export function screen({ number }: SmsSettings, world: World): string {
  const phones = [...new Set([...world.came.map((one) => one.from), ...world.went.map((one) => one.to)])];
  const body = phones
    .slice(-NEWEST)
    .toReversed()
    .map((phone) => article(world, phone));
  return `<!doctype html>
<html lang="id"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="5"><title>SMS (simulasi)</title><style>${STYLE}</style></head>
<body><header><h1>SMS ke ${safe(number)}</h1><p>Simulasi. Semua nomor dan tulisan di sini rekaan.</p></header>
<main>${body.join('\n') || '<p>Belum ada SMS.</p>'}</main></body></html>`;
}

function article({ came, went }: World, phone: string): string {
  const lines = [
    ...came.filter((one) => one.from === phone).map(({ at, text }) => ({ at, text, ours: false, note: '' })),
    ...went
      .filter((one) => one.to === phone)
      .map(({ at, text, status }) => ({ at, text, ours: true, note: SHOWN[status] })),
  ].sort((a, b) => (a.at < b.at ? -1 : 1));
  const said = lines.map(
    ({ at, text, ours, note }) =>
      `<p class="${ours ? 'ours' : 'theirs'}"><span>${safe(text)}</span><br><time>${safe(clock.format(new Date(at)))} WIB ${note}</time></p>`,
  );
  return `<article><h2>${safe(phone)}</h2>${said.join('')}</article>`;
}

const STYLE = `
body{font:16px/1.5 system-ui,sans-serif;margin:0;background:#f3f4f6;color:#1f2937}
header{background:#1e3a8a;color:#fff;padding:1rem}header h1{margin:0;font-size:1.3rem}header p{margin:0}
main{max-width:42rem;margin:0 auto;padding:.5rem}article{background:#fff;border-radius:.5rem;padding:.75rem 1rem;margin:.75rem 0}
h2{font-size:1rem;margin:0}p{margin:.4rem 0;padding:.4rem .7rem;border-radius:.5rem;max-width:85%}
.theirs{background:#e5e7eb}.ours{background:#dbeafe;margin-left:auto}time{color:#4b5563;font-size:.8rem}
span{white-space:pre-wrap;overflow-wrap:anywhere}`;
