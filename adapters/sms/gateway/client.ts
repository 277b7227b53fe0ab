import { ChannelError, type HttpRequest, type HttpResponse, httpError, type Json, retryAfter } from '#contract';
import { parseJson } from '../../_meta/json.ts';
import { fill, textAt } from '../fields.ts';
import type { Gateway, GatewayContext } from '../settings.ts';

export interface Described {
  method: 'GET' | 'POST' | 'PUT';
  path: string;
  query: Record<string, string>;
  headers: Record<string, string>;
  body: 'json' | 'form';
  fields: Record<string, string | number | boolean>;
}
export type Values = Readonly<Record<string, string | undefined>>;

/** One request as the channel's file describes it. Any status is an answer. */
export async function ask(ctx: GatewayContext, described: Described, values: Values): Promise<HttpResponse> {
  const { baseUrl, timeout } = ctx.settings;
  const { header, fields: secrets } = await credentials(ctx);
  const query = filled(described.query, values);
  const headers = { accept: 'application/json', ...described.headers, ...header };
  const request = { method: described.method, url: baseUrl + described.path, query, headers, timeoutMs: timeout };
  return ctx.http({ ...request, ...contentOf(described, values, secrets) });
}

async function credentials(
  ctx: GatewayContext,
): Promise<{ header: Record<string, string>; fields: Record<string, string> }> {
  const { auth } = ctx.settings;
  switch (auth.kind) {
    case 'none':
      return { header: {}, fields: {} };
    case 'bearer':
      return { header: { authorization: `Bearer ${await ctx.secret(auth.token)}` }, fields: {} };
    case 'basic': {
      const pair = Buffer.from(`${auth.user}:${await ctx.secret(auth.password)}`).toString('base64');
      return { header: { authorization: `Basic ${pair}` }, fields: {} };
    }
    case 'headers':
      return { header: await revealed(ctx, auth.headers), fields: {} };
    case 'body':
      return { header: {}, fields: await revealed(ctx, auth.fields) };
  }
}

async function revealed(ctx: GatewayContext, refs: Record<string, Parameters<GatewayContext['secret']>[0]>) {
  const pairs = Object.entries(refs).map(async ([name, ref]) => [name, await ctx.secret(ref)] as const);
  return Object.fromEntries(await Promise.all(pairs));
}

function filled(templates: Readonly<Record<string, string>>, values: Values): Record<string, string> {
  const pairs = Object.entries(templates).map(([name, template]) => [name, fill(template, values)] as const);
  return Object.fromEntries(pairs.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

function contentOf(
  { method, body, fields }: Described,
  values: Values,
  secrets: Record<string, string>,
): Partial<HttpRequest> {
  if (method === 'GET') return {};
  const given = Object.entries(fields).flatMap(([name, value]) => {
    const one = typeof value === 'string' ? fill(value, values) : value;
    return one === undefined ? [] : [[name, one] as const];
  });
  const all = [...given, ...Object.entries(secrets)];
  if (body === 'form') return { form: Object.fromEntries(all.map(([name, value]) => [name, String(value)])) };
  return { json: nested(all) };
}

type Tree = { [name: string]: Json };

/** `messages.0.to` becomes `{"messages":[{"to":...}]}`. */
export function nested(pairs: readonly (readonly [string, string | number | boolean])[]): Json {
  const root: Tree = {};
  for (const [name, value] of pairs) {
    const steps = name.split('.');
    const last = steps.pop() ?? '';
    let inside = root;
    for (const step of steps) {
      inside[step] ??= {};
      inside = inside[step] as Tree;
    }
    inside[last] = value;
  }
  return listed(root);
}

function listed(value: Json): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).map(([name, one]) => [name, listed(one)] as const);
  const isList = entries.length > 0 && entries.every(([name], n) => name === String(n));
  return isList ? entries.map(([, one]) => one) : Object.fromEntries(entries);
}

/** What stands in an answer; `undefined` for what is not JSON: it proves nothing. */
export function contentAt(response: HttpResponse): Json | undefined {
  try {
    return parseJson(response.text());
  } catch {
    return undefined;
  }
}

/**
 * Why this answer is no success, by the channel's file first and then as everywhere. Never quotes the answer. What a 5xx
 * says is not believed: the message may have gone out all the same.
 */
export function failureOf(ctx: GatewayContext, response: HttpResponse, what: string): ChannelError | null {
  const { status, headers } = response;
  const found = status < 500 && meaningOf(ctx.settings, status, contentAt(response));
  if (!found) return httpError(response, ctx.now(), what);
  const message = `${what}: gateway menjawab ${found.shown}, yang menurut berkas kanal berarti "${found.means}"`;
  const details = { code: found.shown.slice(0, 100) };
  if (found.means === 'auth') return new ChannelError('auth', message, details);
  if (found.means === 'throttled')
    return new ChannelError('throttled', message, {
      ...details,
      retryAfterMs: retryAfter(headers['retry-after'], ctx.now()) ?? 60_000,
    });
  return new ChannelError('refused', message, { ...details, reason: found.means });
}

type Code = Gateway['send']['answer']['codes'][number];

function meaningOf(
  { send }: Gateway,
  status: number,
  body: Json | undefined,
): { means: Code['means']; shown: string } | undefined {
  const code = send.answer.codes.find(({ http, at, is }) => {
    if (http !== undefined && http !== status) return false;
    return at === undefined || (is ?? []).includes(textAt(body, at) ?? '');
  });
  if (!code) return undefined;
  // The word is one that the file names, so it holds nothing of anybody's.
  return { means: code.means, shown: code.at === undefined ? String(status) : `${status} ${textAt(body, code.at)}` };
}

/** A request that only reads: only a 2xx with JSON is an answer. */
export async function read(ctx: GatewayContext, what: string, described: Described, values: Values): Promise<Json> {
  const response = await ask(ctx, described, values);
  const failure = failureOf(ctx, response, what);
  if (failure) throw failure;
  const body = contentAt(response);
  if (body === undefined)
    throw new ChannelError('retry', `${what}: jawaban gateway (${response.status}) bukan JSON`, {
      code: String(response.status),
    });
  return body;
}
