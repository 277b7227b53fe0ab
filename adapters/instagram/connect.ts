import {
  type ChannelContext,
  ChannelError,
  type Connect,
  type Connected,
  type ConsentCode,
  type Scope,
  type Setup,
} from '#contract';
import { bodyOf, consented, pageConnect, WHAT } from '../_meta/connect.ts';
import { type Fields, fieldsOf, idOf, listOf, textOf } from '../_meta/json.ts';
import { pairFrom } from '../_oauth/pair.ts';
import type { Settings } from './settings.ts';

type Context = ChannelContext<Settings>;

const WITH_PAGE: readonly Scope[] = [
  { name: 'instagram_basic', without: 'akun tidak dikenali' },
  { name: 'instagram_manage_comments', without: 'komentar tidak terbaca dan tidak dapat dibalas' },
  { name: 'instagram_manage_messages', without: 'pesan tidak terbaca dan tidak dapat dijawab' },
  { name: 'pages_show_list', without: 'Halaman yang terhubung tidak dikenali' },
  { name: 'pages_read_engagement', without: 'Halaman yang terhubung tidak terbaca' },
  { name: 'pages_manage_metadata', without: 'webhook tidak dapat dipasang, aduan tidak datang seketika' },
];
const ALONE: readonly Scope[] = [
  { name: 'instagram_business_basic', without: 'akun tidak dikenali' },
  { name: 'instagram_business_manage_comments', without: 'komentar tidak terbaca dan tidak dapat dibalas' },
  { name: 'instagram_business_manage_messages', without: 'pesan tidak terbaca dan tidak dapat dijawab' },
];

export const SCOPES: readonly string[] = WITH_PAGE.map(({ name }) => name);

const throughPage = pageConnect<Settings>({
  scopes: WITH_PAGE,
  pageOf: ({ settings }) => settings.pageId ?? '',
  check(page, { settings }) {
    const { id, username } = fieldsOf(page.instagram_business_account);
    const account = idOf(id);
    if (account) return { id: account, name: textOf(username) ?? '' };
    const message = `${WHAT}: Halaman ${settings.pageId} tidak terhubung dengan akun Instagram. Hubungkan di Setelan Halaman, lalu ulangi.`;
    throw new ChannelError('auth', message, { code: 'wrong_account' });
  },
});

/** With a page by Facebook's login, alone by Instagram's own (Meta, "Business login for Instagram"). */
export const connect: Connect<Settings> = {
  ...throughPage,
  scopes: ({ flavour }) => (flavour === 'facebook' ? WITH_PAGE : ALONE),
  authorize(settings, ask) {
    if (settings.flavour === 'facebook') return throughPage.authorize(settings, ask);
    const scope = ALONE.map(({ name }) => name).join(',');
    const about = { client_id: settings.appId, redirect_uri: ask.redirectUri, state: ask.state };
    return `${settings.loginUrl}/oauth/authorize?${new URLSearchParams({ ...about, response_type: 'code', scope })}`;
  },
  exchange: (code, ctx) => (ctx.settings.flavour === 'facebook' ? throughPage.exchange(code, ctx) : alone(code, ctx)),
};

async function alone({ code, redirectUri }: ConsentCode, ctx: Context): Promise<Connected> {
  const { appId, appSecret, exchangeUrl, graphUrl } = ctx.settings;
  const secret = await ctx.secret(appSecret);
  const form = { client_id: appId, client_secret: secret, grant_type: 'authorization_code', code };
  const short = await asked(ctx, {
    ...{ method: 'POST' as const, url: `${exchangeUrl}/oauth/access_token` },
    form: { ...form, redirect_uri: redirectUri },
  });
  // Once it was an object, and now it is one in a list.
  const first = fieldsOf(listOf(short.data)[0] ?? short);
  const query = { grant_type: 'ig_exchange_token', client_secret: secret, access_token: tokenIn(first) };
  const long = await asked(ctx, { url: `${graphUrl}/access_token`, query });
  const headers = { authorization: `Bearer ${tokenIn(long)}` };
  const me = await asked(ctx, { url: `${graphUrl}/me`, query: { fields: 'user_id,username' }, headers });
  const seconds = Number(long.expires_in) || 3_600;
  const scope = [first.permissions].flat().join(' ').replaceAll(',', ' ');
  const pair = pairFrom({ access: tokenIn(long), seconds, scope }, ctx.now());
  const id = idOf(me.user_id) ?? idOf(me.id);
  return {
    ...{ tokens: { ...pair }, scopes: scope.split(' ').filter(Boolean), expiresAt: new Date(pair.until) },
    ...(id && { account: { id, name: textOf(me.username) ?? '' } }),
  };
}

async function asked(ctx: Context, request: Parameters<Context['http']>[0]): Promise<Fields> {
  const response = await ctx.http(request);
  const body = bodyOf(response.text());
  // Instagram's own login words its errors flat, and its code is only the HTTP status.
  const flat = fieldsOf(body).error_message !== undefined && response.status < 500;
  const failed = flat ? { error: { code: '100' } } : body;
  return consented(ctx, { ...response, body: failed });
}

function tokenIn({ access_token: token }: Fields): string {
  const value = textOf(token);
  if (!value) throw new ChannelError('retry', `${WHAT}: jawaban Instagram tanpa token`, { nothingSent: true });
  return value;
}

const APP = [
  { key: 'appId', ask: 'Nomor aplikasi Meta', hint: 'developers.facebook.com, App ID', example: '900000000000001' },
  { key: 'appSecret', ask: 'Rahasia aplikasi (App Secret)', example: 'META_APP_SECRET', secret: true as const },
];
const ACCOUNT = {
  ask: 'Nomor akun Instagram',
  hint: 'Diawali 1784; terlihat di Meta Business Suite',
  example: '17841400000000001',
};
const NEXT = 'Hubungkan akunnya: kanal channel connect. Periksa juga `username` di berkas kanal.';

export const setup: readonly Setup[] = [
  {
    ...{ kind: 'instagram', label: 'Instagram yang terhubung dengan Halaman Facebook', account: ACCOUNT, next: NEXT },
    questions: [
      {
        key: 'pageId',
        ask: 'Nomor Halaman yang terhubung, lalu nama akun, dipisah koma',
        example: '112233445566778, pemkab',
      },
      ...APP,
    ],
    settings: ({ pageId = '', appId = '', appSecret = '' }) => {
      const [page = '', username = ''] = pageId.split(/[\s,]+/);
      return { appId, appSecret, pageId: page, username };
    },
  },
  {
    ...{ kind: 'instagram-login', label: 'Instagram yang berdiri sendiri', account: ACCOUNT, next: NEXT },
    questions: [{ key: 'username', ask: 'Nama akun Instagram', example: 'pemkab' }, ...APP],
    settings: (answers) => {
      const { username = '', appId = '', appSecret = '' } = answers;
      return { appId, appSecret, username, flavour: 'instagram' };
    },
  },
];
