import type { Published, ReplyPart } from '#contract';

/** An answer that goes out in parts. Kept as it was divided: settings may change before the last one is sent. */
export interface Parts {
  texts: string[];
  /** Those that stand, in order. */
  done: Published[];
  /** Attempts that were made before the part that is next. */
  from: number;
}

interface Divided {
  text: string;
  attempt: number;
  parts: Parts | null;
}

/** `null`: it is one message. */
export const plan = (texts: readonly string[], attemptsBefore: number): Parts | null =>
  texts.length > 1 ? { texts: [...texts], done: [], from: attemptsBefore } : null;

/** What is to be sent now. */
export function currentPart({ text, parts }: Divided): { text: string; part?: ReplyPart } {
  if (!parts) return { text };
  const { texts, done } = parts;
  return { text: texts[done.length] ?? '', part: { number: done.length + 1, of: texts.length, before: done } };
}

/** Attempts of what is sent now, this one included. */
export const triesOf = ({ attempt, parts }: Omit<Divided, 'text'>): number => attempt - (parts?.from ?? 0);

/** The part that was sent stands. */
export const advance = ({ texts, done }: Parts, published: Published, attempt: number): Parts => ({
  texts,
  done: [...done, published],
  from: attempt,
});

export const isWhole = ({ texts, done }: Parts): boolean => done.length >= texts.length;

/** What is left as one text: a person says it at once. */
export const restAsOne = ({ texts, done, from }: Parts): Parts => ({
  texts: [...texts.slice(0, done.length), texts.slice(done.length).join('\n\n')],
  ...{ done, from },
});

/** For people, in Indonesian: how much of it stands; empty where nothing does. */
export function standing(parts: Parts | null): string {
  if (!parts?.done.length) return '';
  const { done, texts } = parts;
  return `Bagian 1${done.length > 1 ? `-${done.length}` : ''} dari ${texts.length} sudah tayang. `;
}
