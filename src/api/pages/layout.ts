import { Html, html } from './html.ts';
import { styleText } from './style.ts';

export interface Frame {
  /** Of the district. */
  site: string;
  title: string;
  body: Html;
  /** Numbers to call, under every page. */
  hotlines?: readonly { label: string; number: string }[];
}

/** A whole page. Without a door, there is nowhere to go on to. */
export function layout({ site, title, body, hotlines }: Frame): string {
  const page = html`<!doctype html>
<html lang="id"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="format-detection" content="telephone=no"><title>${title} - ${site}</title><style>${new Html(styleText)}</style></head>
<body><a class="lewati" href="#isi">Langsung ke isi</a>
<header><div><strong>${site}</strong>${
    hotlines &&
    html`<nav aria-label="Halaman"><a href="/lapor">Lapor</a><a href="/lacak">Lacak</a><a href="/privasi">Privasi</a></nav>`
  }</div></header>
<main id="isi">
${body}
</main>
${hotlines && footer(hotlines)}
</body></html>`;
  return page.text;
}

const footer = (hotlines: NonNullable<Frame['hotlines']>): Html => html`<footer>
${
  hotlines.length > 0 &&
  html`<p>${hotlines.map(({ label, number }, at) => html`${at > 0 && ' · '}${label}: <a href="tel:${number.replace(/[^\d+]/g, '')}">${number}</a>`)}</p>`
}
<p>Layanan ini gratis. <a href="/privasi">Bagaimana data Anda kami jaga</a></p>
</footer>`;
