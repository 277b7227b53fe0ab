import type { Reply } from '#contract';
import { CUT_MARK } from '../cutMark.ts';
import type { SmtpSettings } from './settings.ts';

export interface Letter {
  text: string;
  html: string;
}

/** The letter as plain text and as HTML: the same words in both. Pure. */
export function letterOf(reply: Reply, { greeting, closing, signature, footer }: SmtpSettings['letter']): Letter {
  const filled = (template: string) => fill(template, valuesOf(reply));
  const before = filled(greeting);
  const after = [filled(closing), filled(signature)];
  const small = filled(footer);
  const text = [CUT_MARK, before, reply.text, ...after, small && `-- \n${small}`].filter(Boolean).join('\n\n');
  return { text: `${text}\n`, html: page([before, reply.text, ...after], small) };
}

/** Shown on one line: control characters, line ends and marks that turn the direction of writing are taken out. */
export function oneLine(text: string, max: number): string {
  const clean = text.replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu, ' ').replace(/ {2,}/g, ' ');
  return [...clean.trim()].slice(0, max).join('');
}

type Values = Readonly<Record<string, string>>;

const valuesOf = ({ target, ticketNo, agency }: Reply): Values => ({
  name: oneLine(target.author?.name ?? '', 80),
  ticketNo: ticketNo ?? '',
  agency: agency ?? '',
});

/** `{name}` may be missing, and goes together with the space before it; a line that misses anything else goes. */
function fill(template: string, values: Values): string {
  const lines = template.split('\n').filter((line) => !(placeholders(line) - known(line, values)));
  return lines
    .join('\n')
    .replace(/( ?)\{(\w+)\}/g, (whole, space: string, key: string) => {
      const value = values[key];
      return value === undefined ? whole : value && space + value;
    })
    .trim();
}

const named = (line: string): string[] => [...line.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
const placeholders = (line: string): number => named(line).filter((key) => key !== 'name').length;
const known = (line: string, values: Values): number =>
  named(line).filter((key) => key !== 'name' && values[key] !== '').length;

const ENTITIES: Values = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);

const lines = (text: string): string => escapeHtml(text).replaceAll('\n', '<br>\n');
const paragraphs = (text: string): string[] => text.split(/\n{2,}/).map((part) => `<p>${lines(part)}</p>`);

function page(parts: readonly string[], small: string): string {
  const body = parts.filter(Boolean).flatMap(paragraphs).join('\n');
  const grey = 'color:#666;font-size:12px';
  return `<!DOCTYPE html>
<html lang="id"><head><meta charset="utf-8"></head>
<body style="font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:1.5;color:#222">
<p style="${grey}">${escapeHtml(CUT_MARK)}</p>
${body}
${small && `<p style="${grey};border-top:1px solid #ccc;padding-top:8px">${lines(small)}</p>`}
</body></html>
`;
}
