import sanitize from 'sanitize-html';

/** So much is cleaned and kept; the raw original stays whole. */
const MAX_CHARS = 200_000;

/**
 * HTML that runs nothing and loads nothing: no script, style, form or frame; no picture, whose loading would tell the
 * sender who reads; links open apart and tell nobody where they were found.
 */
export function cleanHtml(html: string): string {
  return sanitize(html.slice(0, MAX_CHARS), {
    allowedTags: sanitize.defaults.allowedTags.filter((tag) => tag !== 'img'),
    allowedAttributes: {
      a: ['href', 'title', 'target', 'rel'],
      td: ['colspan', 'rowspan'],
      th: ['colspan', 'rowspan'],
    },
    allowedSchemes: ['http', 'https', 'mailto', 'tel'],
    allowProtocolRelative: false,
    nestingLimit: 100,
    transformTags: { a: sanitize.simpleTransform('a', { target: '_blank', rel: 'noopener noreferrer nofollow' }) },
  });
}

const ENTITIES: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&nbsp;': ' ' };

/** The words of a page, line by line, without anything that runs, hides or is only there for looks. */
export function textOfHtml(html: string): string {
  const broken = cleanHtml(html).replace(
    /<br\s*\/?>|<\/(?:p|div|li|tr|h[1-6]|blockquote|pre|section|article|table)>/gi,
    '\n',
  );
  return sanitize(broken, { allowedTags: [], allowedAttributes: {} })
    .replace(/&(?:amp|lt|gt|quot|nbsp);/g, (entity) => ENTITIES[entity]!)
    .split('\n')
    .map((line) => line.replace(/[ \t\u00a0]+/g, ' ').trim())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}
