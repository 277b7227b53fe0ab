import { isPlainThanks } from './text.ts';

/** What a text may be and nothing else. */
export const SHAPES = ['empty', 'emoji', 'links', 'thanks'] as const;
export type Shape = (typeof SHAPES)[number];

const LINKS = /(?:https?:\/\/|www\.)\S+|(?<![\p{L}\p{N}])[@#][\p{L}\p{N}_.]+/giu;
const SAYS_SOMETHING = /[\p{L}\p{N}]/u;

/** Is the text nothing but this? A text of links also holds names and tags; none of the shapes holds a question. */
export function hasShape(text: string, shape: Shape): boolean {
  const trimmed = text.trim();
  switch (shape) {
    case 'empty':
      return trimmed === '';
    case 'emoji':
      return trimmed !== '' && !SAYS_SOMETHING.test(trimmed) && !trimmed.includes('?');
    case 'links': {
      const rest = trimmed.replace(LINKS, '');
      return rest.length < trimmed.length && !SAYS_SOMETHING.test(rest) && !rest.includes('?');
    }
    case 'thanks':
      return isPlainThanks(trimmed) && SAYS_SOMETHING.test(trimmed);
  }
}
