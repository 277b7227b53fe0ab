import type { Alert, Json, Reply, StaffNotice } from '#contract';
import type { AlertTemplate, NoticeTemplate, Template } from './settings.ts';

/** A template's body has at most 1,024 characters with its parameters (Meta, "Message templates"). */
const ALERT_CHARS = 700;

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
export function templateOf(template: Template, { text, ticketNo = '-', agency = 'Pemerintah' }: Reply) {
  const fillings = { text: inOneLine(text), ticketNo, agency };
  return filled(
    template,
    template.parameters.map((name) => fillings[name]),
  );
}

/** The same for a member of staff. */
export function noticeOf(template: NoticeTemplate, { count, ticketNo, site }: StaffNotice) {
  const fillings = { count: String(count), ticketNo, site: inOneLine(site) };
  return filled(
    template,
    template.parameters.map((name) => fillings[name]),
  );
}

/** News about the hub in the template's one parameter. */
export const alertOf = (template: AlertTemplate, { subject, text }: Alert) =>
  filled(template, [[...inOneLine(`${subject}: ${text}`)].slice(0, ALERT_CHARS).join('')]);

function filled({ name, language }: Pick<Template, 'name' | 'language'>, texts: string[]): { [name: string]: Json } {
  const parameters = texts.map((text) => ({ type: 'text', text }));
  const components = parameters.length > 0 ? { components: [{ type: 'body', parameters }] } : {};
  return { type: 'template', template: { name, language: { code: language }, ...components } };
}
