import type { Json, Reply } from '#contract';
import type { Template } from './settings.ts';

/**
 * A parameter may hold neither line breaks nor tabs, nor more than four blanks in a row (Meta, "Message templates:
 * parameters"): paragraphs are set apart by a dash.
 */
export const inOneLine = (text: string): string =>
  text
    .trim()
    .replace(/\s*\n\s*/g, ' – ')
    .replace(/[\t ]+/g, ' ');

/** The body of a template message for this answer. */
export function templateOf({ name, language, parameters }: Template, reply: Reply): { [name: string]: Json } {
  const fillings = {
    text: inOneLine(reply.text),
    ticketNo: reply.ticketNo ?? '-',
    agency: reply.agency ?? 'Pemerintah',
  };
  const filled = parameters.map((parameter) => ({ type: 'text', text: fillings[parameter] }));
  return {
    type: 'template',
    template: {
      name,
      language: { code: language },
      ...(filled.length > 0 && { components: [{ type: 'body', parameters: filled }] }),
    },
  };
}
