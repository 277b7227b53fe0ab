const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };
const BLOCKS = /^\/?(p|div|li|ul|ol|tr|table|h[1-6]|blockquote|section|article)$/;

/** HTML to the text that a person would read: line breaks stay, tags, scripts and styles go. Pure, in one pass. */
export function htmlToText(html: string): string {
  const bare = html.replace(/<!--[\s\S]*?(-->|$)/g, '').replace(/<(script|style)\b[\s\S]*?(<\/\1\s*>|$)/gi, '');
  const spaced = bare.replace(/<(\/?[a-zA-Z][\w-]*)[^<>]*>/g, (_, name: string) => breakOf(name.toLowerCase()));
  return decoded(spaced)
    .replace(/[ \t\f\v]+/g, ' ')
    .replace(/ ?\r?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

function breakOf(name: string): string {
  if (name === 'br' || name === 'br/') return '\n';
  if (name === 'li') return '\n- ';
  return BLOCKS.test(name) ? '\n' : '';
}

const decoded = (text: string): string =>
  text.replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|[a-z]{2,6});/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return NAMED[name.toLowerCase()] ?? whole;
    const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
