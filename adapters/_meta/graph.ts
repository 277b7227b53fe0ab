import { createHmac } from 'node:crypto';
import { type ChannelContext, ChannelError, type HttpRequest, type HttpResponse, type Json } from '#contract';
import { bearerOf, renewalOf } from './bearer.ts';
import { type ErrorTable, graphError, PAGE_ERRORS } from './errors.ts';
import { type Fields, fieldsOf, idOf, parseJson } from './json.ts';
import type { MetaSettings } from './settings.ts';
import { type Noted, paceOf, usageOf } from './usage.ts';

export type Context = ChannelContext<MetaSettings>;

export interface Call extends Omit<HttpRequest, 'url'> {
  /** Begins the error that operators see, in Indonesian: `Membalas komentar`. */
  what: string;
  /** Below the version, such as `/221_330/comments`. Addresses that Meta gives for a next page are never followed. */
  path: string;
  /** Codes that mean something else here. */
  table?: ErrorTable;
  /** Another token than the channel's. */
  token?: string;
  /** Polling and checks step back first when the account comes near its limit. */
  background?: boolean;
}

/**
 * One call of Graph with the channel's token in a header and the proof of the app beside it. Gives the fields of a 2xx;
 * everything else is a ChannelError. A write is sent once.
 */
export async function graph(ctx: Context, call: Call): Promise<Fields> {
  const response = await ask(ctx, call);
  const body = bodyOf(response);
  const failure = failureOf(ctx, call, response);
  if (failure) throw failure;
  if (body === undefined) throw new ChannelError('retry', `${call.what}: jawaban Meta (${response.status}) bukan JSON`);
  return fieldsOf(body);
}

/** The error that an answer of Meta is; `null` when it is none. */
export function failureOf(ctx: Context, call: Pick<Call, 'what' | 'method' | 'table'>, response: HttpResponse) {
  return graphError(
    { status: response.status, headers: response.headers, body: bodyOf(response) },
    {
      what: call.what,
      writes: (call.method ?? 'GET') !== 'GET',
      now: ctx.now(),
      table: call.table ?? PAGE_ERRORS,
      renewal: renewalOf(ctx),
    },
  );
}

/** The same as `graph`, where any status is an answer. */
async function ask(ctx: Context, given: Call): Promise<HttpResponse> {
  const { what, path, table: _, token: other, background = false, query, headers, ...request } = given;
  const noted = (await ctx.store.get(NOTED)) as Noted | undefined;
  mindLimit(noted, what, ctx.now(), background);
  const token = other ?? (await bearerOf(ctx));
  const proof = createHmac('sha256', await ctx.secret(ctx.settings.appSecret))
    .update(token)
    .digest('hex');
  const response = await ctx.http({
    ...request,
    url: `${ctx.settings.graphUrl}/${ctx.settings.graphVersion}${path}`,
    query: { ...query, appsecret_proof: proof },
    headers: { ...headers, authorization: `Bearer ${token}` },
  });
  await noteUsage(ctx, noted, response);
  return response;
}

function bodyOf(response: HttpResponse): Json | undefined {
  try {
    return parseJson(response.text());
  } catch {
    return undefined;
  }
}

const NOTED = 'usage';
/** The code of an error that is only our own stepping back. */
export const USAGE = 'usage';
const WORTH_NOTING = 75;

function mindLimit(noted: Noted | undefined, what: string, now: Date, background: boolean): void {
  const pace = paceOf(noted, now, background);
  if (pace.go) return;
  throw new ChannelError('throttled', `${what}: menunggu batas pemakaian Meta turun`, {
    retryAfterMs: pace.waitMs,
    code: USAGE,
  });
}

/** Written only near the limit, and once more when it is past. */
async function noteUsage(ctx: Context, before: Noted | undefined, response: HttpResponse): Promise<void> {
  const { percent, regainMs } = usageOf(response.headers);
  if (percent < WORTH_NOTING && (before === undefined || before.percent < WORTH_NOTING)) return;
  if (percent >= WORTH_NOTING) ctx.log.warn({ channel: ctx.channel.id, percent }, 'meta: near the usage limit');
  await ctx.store.update(NOTED, async () => ({ percent, regainMs, at: ctx.now().toISOString() }));
}

/** How much a poll may do now. */
export const pollPace = async (ctx: Context) =>
  paceOf((await ctx.store.get(NOTED)) as Noted | undefined, ctx.now(), true);

/** The id that proves a write. Without it nothing is proven. */
export function provenId(answer: Fields, what: string, ...names: string[]): string {
  for (const name of names) {
    const id = idOf(answer[name]);
    if (id !== undefined) return id;
  }
  throw new ChannelError('retry', `${what}: Meta menjawab tanpa nomor yang membuktikannya`);
}

/** The list of an edge. An answer without one proves nothing, and is never an empty list. */
export function dataOf(answer: Fields, what: string): readonly Fields[] {
  if (!Array.isArray(answer.data)) throw new ChannelError('retry', `${what}: jawaban Meta tanpa daftar`);
  return answer.data.map(fieldsOf);
}

/** Where an edge goes on, if it does; an empty page may have a next one. */
export function afterOf(answer: Fields): string | undefined {
  const { next, cursors } = fieldsOf(answer.paging);
  if (typeof next !== 'string') return undefined;
  return idOf(fieldsOf(cursors).after) ?? URL.parse(next)?.searchParams.get('after') ?? undefined;
}
