import { createHmac } from 'node:crypto';
import {
  type ChannelContext,
  ChannelError,
  type Connect,
  type Connected,
  type ConsentCode,
  type Scope,
} from '#contract';
import { pairFrom } from '../_oauth/pair.ts';
import { graphError, PAGE_ERRORS } from './errors.ts';
import { type Fields, fieldsOf, idOf, listOf, parseJson, textOf } from './json.ts';
import type { MetaSettings } from './settings.ts';
import { readToken } from './token.ts';

type Context = ChannelContext<MetaSettings>;

export interface PageScreen<S> {
  scopes: readonly Scope[];
  /** The page whose token is wanted. */
  pageOf(ctx: ChannelContext<S>): string;
  /** Another account of that page that has to fit, such as its Instagram account. */
  check?(page: Fields, ctx: ChannelContext<S>): Connected['account'];
}

export const WHAT = 'Menghubungkan akun Meta';

/** A token of a page lives on while its owner has a role there; this long, for the record. */
const YEARS_10_S = 315_360_000;

/** Meta, "Facebook Login: manually build a login flow" and "Pages API: page access tokens". */
export function pageConnect<S extends MetaSettings>(screen: PageScreen<S>): Connect<S> {
  return {
    // Outside of an app's development Meta sends nobody back to a machine of one's own.
    loopback: false,
    pkce: false,
    scopes: () => screen.scopes,
    authorize({ dialogUrl, graphVersion, appId, loginConfig }, { redirectUri, state }) {
      const scope = screen.scopes.map(({ name }) => name).join(',');
      const query = new URLSearchParams({
        ...{ client_id: appId, redirect_uri: redirectUri, response_type: 'code', state, auth_type: 'rerequest' },
        ...(loginConfig === undefined ? { scope } : { config_id: loginConfig }),
      });
      return `${dialogUrl}/${graphVersion}/dialog/oauth?${query}`;
    },
    exchange: (code, ctx) => exchange(code, ctx, screen),
  };
}

async function exchange<S extends MetaSettings>(
  { code, redirectUri }: ConsentCode,
  ctx: ChannelContext<S>,
  screen: PageScreen<S>,
): Promise<Connected> {
  const { appId, appSecret } = ctx.settings;
  const app = { client_id: appId, client_secret: await ctx.secret(appSecret) };
  const path = '/oauth/access_token';
  const short = await oauth(ctx, path, { ...app, redirect_uri: redirectUri, code });
  const long = await oauth(ctx, path, { ...app, grant_type: 'fb_exchange_token', fb_exchange_token: tokenIn(short) });
  const page = await pageWith(ctx, tokenIn(long), screen.pageOf(ctx));
  const access = tokenIn(page);
  const state = await readToken(ctx, access);
  const account = screen.check?.(page, ctx) ?? { id: ctx.channel.account, name: textOf(page.name) ?? '' };
  const ends = [state.expiresAt, state.dataUntil].flatMap((date) => (date ? [date.getTime()] : []));
  const given = { access, seconds: YEARS_10_S, scope: state.scopes.join(' ') };
  return {
    ...{ tokens: { ...pairFrom(given, ctx.now()) }, scopes: state.scopes, account },
    ...(ends.length > 0 && { expiresAt: new Date(Math.min(...ends)) }),
  };
}

function tokenIn({ access_token: token }: Fields): string {
  const value = textOf(token);
  if (!value) throw new ChannelError('retry', `${WHAT}: jawaban Meta tanpa token`, { nothingSent: true });
  return value;
}

/** One call for tokens. What it refuses has to be mended by a person: a code is good once, and for minutes. */
async function oauth(ctx: Context, path: string, query: Record<string, string>, headers = {}): Promise<Fields> {
  const { graphUrl, graphVersion } = ctx.settings;
  const response = await ctx.http({ url: `${graphUrl}/${graphVersion}${path}`, query, headers });
  return consented(ctx, { ...response, body: bodyOf(response.text()) });
}

export function consented(
  ctx: Context,
  failed: { status: number; headers: Readonly<Record<string, string>>; body: unknown },
): Fields {
  const asked = { what: WHAT, writes: false, now: ctx.now(), table: PAGE_ERRORS };
  const failure = graphError(failed, { ...asked, renewal: 'Ulangi dari awal' });
  if (failure?.kind !== 'refused' && failure) throw failure;
  if (failure)
    throw new ChannelError(
      'auth',
      `${failure.message} Kode hanya berlaku sekali dan beberapa menit: ulangi dari awal. Periksa juga appId, appSecret dan alamat kembali.`,
      failure.code === undefined ? {} : { code: failure.code },
    );
  return fieldsOf(failed.body);
}

export function bodyOf(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

const FIELDS = 'id,name,access_token,instagram_business_account{id,username}';
const MOST_PAGES = 5;

/** The page with its own token, among those that were ticked. */
async function pageWith(ctx: Context, token: string, wanted: string): Promise<Fields> {
  const proof = createHmac('sha256', await ctx.secret(ctx.settings.appSecret))
    .update(token)
    .digest('hex');
  const seen: string[] = [];
  let after: string | undefined;
  for (let number = 0; number < MOST_PAGES; number++) {
    const query = { fields: FIELDS, limit: '100', appsecret_proof: proof, ...(after && { after }) };
    const answer = await oauth(ctx, '/me/accounts', query, { authorization: `Bearer ${token}` });
    const pages = listOf(answer.data).map(fieldsOf);
    const found = pages.find(({ id }) => idOf(id) === wanted);
    if (found) return found;
    seen.push(...pages.map(({ id, name }) => `${textOf(name) ?? ''} (${idOf(id) ?? '?'})`));
    const { cursors, next } = fieldsOf(answer.paging);
    after = next === undefined ? undefined : idOf(fieldsOf(cursors).after);
    if (!after) break;
  }
  const others = seen.length > 0 ? `Yang dipilih: ${seen.slice(0, 10).join(', ')}` : 'Tidak ada Halaman yang dipilih';
  throw new ChannelError(
    'auth',
    `${WHAT}: Halaman ${wanted} tidak ada di antara yang dipilih. ${others}. Ulangi dan centang Halaman itu; pemilik token harus berperan di sana.`,
    { code: 'wrong_account' },
  );
}
