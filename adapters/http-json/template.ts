import type { HttpRequest, Json } from '#contract';
import { writeDate } from './dates.ts';
import { isYes } from './path.ts';
import type { Request } from './requests.ts';

/** What `{{name}}` stands for; dots in names are part of them. */
export type Values = Readonly<Record<string, Json | Date | undefined>>;
export type Tables = Readonly<Record<string, Readonly<Record<string, Json>>>>;

const PLACE = /\{\{\s*([\w.]+)\s*(?:\|\s*([^{}]+?)\s*)?\}\}/g;
const ALONE = /^\{\{\s*([\w.]+)\s*(?:\|\s*([^{}]+?)\s*)?\}\}$/;

/** The names that a text asks for, with their filters. */
export const placesIn = (text: string): { name: string; filter: string | undefined }[] =>
  [...text.matchAll(PLACE)].map(([, name = '', filter]) => ({ name, filter }));

export const FILTERS = ['01', 'yesno', 'text', 'json', 'table:…', 'date:…'] as const;
export const isFilter = (filter: string): boolean => /^(01|yesno|text|json|table:\w+|date:.+)$/.test(filter);

function filtered(value: Json | Date | undefined, filter: string | undefined, tables: Tables): Json | undefined {
  if (filter === '01') return isYes(value) ? '1' : '0';
  if (filter === 'yesno') return isYes(value);
  if (filter?.startsWith('table:')) return tables[filter.slice(6)]?.[String(value)] ?? tables[filter.slice(6)]?.default;
  if (value === undefined) return undefined;
  if (filter?.startsWith('date:')) return value instanceof Date ? writeDate(value, filter.slice(5), 'WIB') : undefined;
  const plain = value instanceof Date ? value.toISOString() : value;
  if (filter === 'json') return JSON.stringify(plain);
  return filter === 'text' ? asText(plain) : plain;
}

const asText = (value: Json | undefined): string =>
  value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value);

/** A text that is one place keeps the value's kind; in other texts values become text. `undefined`: leave it out. */
export function fill(text: string, values: Values, tables: Tables): Json | undefined {
  const alone = ALONE.exec(text);
  if (alone) return filtered(values[alone[1] ?? ''], alone[2], tables);
  return text.replace(PLACE, (_, name: string, filter?: string) => asText(filtered(values[name], filter, tables)));
}

function fillDeep(template: Json, values: Values, tables: Tables): Json | undefined {
  if (typeof template === 'string') return fill(template, values, tables);
  if (Array.isArray(template)) return template.flatMap((one) => fillDeep(one, values, tables) ?? []);
  if (typeof template !== 'object' || template === null) return template;
  const members = Object.entries(template).map(([name, one]) => [name, fillDeep(one, values, tables)] as const);
  return Object.fromEntries(members.filter(([, one]) => one !== undefined)) as Json;
}

function fillTexts(record: Record<string, string> | undefined, values: Values, tables: Tables): [string, string][] {
  return Object.entries(record ?? {}).flatMap(([name, text]) => {
    const value = fill(text, values, tables);
    return value === undefined || value === null || value === '' ? [] : [[name, asText(value)] as [string, string]];
  });
}

/** In a path, no value can climb or begin a query. */
export const fillPath = (path: string, values: Values, tables: Tables): string =>
  path.replace(PLACE, (_, name: string, filter?: string) => {
    const text = asText(filtered(values[name], filter, tables));
    return text === '.' || text === '..' ? '%2E' : encodeURIComponent(text);
  });

/** The request as it goes out, without address and credentials. */
export function fillRequest(request: Request, values: Values, tables: Tables): HttpRequest & { path: string } {
  const { path, method, query, headers, json, form, multipart } = request;
  const body = json ?? form ?? multipart;
  return {
    ...{ url: '', path: fillPath(path, values, tables), method: method ?? (body === undefined ? 'GET' : 'POST') },
    ...(query && { query: Object.fromEntries(fillTexts(query, values, tables)) }),
    ...(headers && { headers: Object.fromEntries(fillTexts(headers, values, tables)) }),
    ...(json !== undefined && { json: fillDeep(json, values, tables) ?? null }),
    ...(form && { form: Object.fromEntries(fillTexts(form, values, tables)) }),
    ...(multipart && { parts: fillTexts(multipart, values, tables).map(([name, value]) => ({ name, value })) }),
  };
}
