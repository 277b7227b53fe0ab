const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };
/** Further down nobody reads; the raw mail is kept. */
const MAX_CHARS = 500_000;

/**
 * The words of an HTML mail whose plain part is empty. Plain and in one pass: for reading, not for looks. Linear in the
 * size of the mail, whatever stands in it.
 */
export function wordsOf(html: string): string {
  const shown = withoutHidden(html.slice(0, MAX_CHARS));
  return shown
    .replace(/<(?:br|\/p|\/div|\/tr|\/li|\/h[1-6]|\/blockquote)\b[^<>]{0,1000}>/gi, '\n')
    .replace(/<[^<>]{0,10000}>/g, '')
    .replace(/&(#\d{1,7}|#x[\da-f]{1,6}|[a-z]{2,6});/gi, (whole, name: string) => entity(name) ?? whole)
    .replace(/[ \t]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** Without what a reader never sees. An element that is not closed hides all that follows. */
function withoutHidden(html: string): string {
  let shown = '';
  let at = 0;
  for (const match of html.matchAll(/<(style|script|head|title|template)\b|<!--/gi)) {
    if (match.index < at) continue;
    shown += html.slice(at, match.index);
    const end = match[1] ? closing(html, match[1], match.index) : html.indexOf('-->', match.index) + 3;
    if (end < match.index) return shown;
    at = end;
  }
  return shown + html.slice(at);
}

function closing(html: string, tag: string, from: number): number {
  const pattern = new RegExp(`</${tag}\\s*>`, 'gi');
  pattern.lastIndex = from;
  return pattern.exec(html) ? pattern.lastIndex : -1;
}

function entity(name: string): string | undefined {
  if (!name.startsWith('#')) return ENTITIES[name.toLowerCase()];
  const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}
