import type { Paper } from './index.ts';

const STYLE = `@page{size:A4;margin:20mm}body{font:12pt/1.45 Georgia,serif;color:#111;max-width:42rem;margin:2rem auto;padding:0 1rem}
header{border-bottom:2px solid #111;text-align:center;padding-bottom:.5rem;font-weight:bold}h1{font-size:15pt;text-align:center}
table{border-collapse:collapse;width:100%}th{text-align:left;vertical-align:top;font-weight:normal;width:11rem;padding:.15rem 0}
td{vertical-align:top;padding:.15rem 0;overflow-wrap:anywhere}p{white-space:pre-line;overflow-wrap:anywhere}.date{text-align:right}
.sign{margin:2rem 0 0 55%}footer{border-top:1px solid #111;margin-top:2rem;font-size:10pt}@media print{body{margin:0;padding:0}}`;

/** A page that prints as it looks. It loads and runs nothing. */
export function paperHtml(paper: Paper): string {
  const { head, date, title, rows, to, body, sign, foot } = paper;
  const lines = (all: readonly string[]) => all.map((line) => safe(line)).join('<br>');
  return `<!doctype html>
<html lang="id"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${safe(title ?? head[0] ?? '')}</title><style>${STYLE}</style></head><body>
<header>${lines(head)}</header>
${date ? `<p class="date">${safe(date)}</p>` : ''}${title ? `<h1>${safe(title)}</h1>` : ''}
<table>${rows.map(([label, value]) => `<tr><th scope="row">${safe(label)}</th><td>${safe(value)}</td></tr>`).join('')}</table>
${to ? `<p>${lines(to)}</p>` : ''}${body.map((one) => `<p>${safe(one)}</p>`).join('\n')}
${sign ? `<p class="sign">${lines(sign)}</p>` : ''}<footer>${foot.map((one) => `<p>${safe(one)}</p>`).join('')}</footer>
</body></html>
`;
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const safe = (text: string): string => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
