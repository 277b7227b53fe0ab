import {
  type ChannelContext,
  ChannelError,
  type Connect,
  type Connected,
  type ConsentCode,
  type Scope,
  type Setup,
} from '#contract';
import { fieldsOf, idOf, textOf } from '../_meta/json.ts';
import { askForTokens, jsonOf, pairOf } from './access.ts';
import type { Settings } from './settings.ts';

type Context = ChannelContext<Settings>;

const WHAT = 'Menghubungkan akun X';
const POSTS: readonly Scope[] = [
  { name: 'tweet.read', without: 'sebutan tidak terbaca' },
  { name: 'users.read', without: 'akun tidak dikenali' },
  { name: 'tweet.write', without: 'jawaban tidak dapat diterbitkan' },
  { name: 'media.write', without: 'gambar tidak dapat dikirim' },
  { name: 'offline.access', without: 'akun harus dihubungkan lagi setiap dua jam' },
];
const MESSAGES: readonly Scope[] = [
  { name: 'dm.read', without: 'pesan tidak terbaca' },
  { name: 'dm.write', without: 'pesan tidak dapat dijawab' },
];

const scopesOf = ({ directMessages }: Pick<Settings, 'directMessages'>): readonly Scope[] =>
  directMessages ? [...POSTS, ...MESSAGES] : POSTS;

/** X, "OAuth 2.0 Authorization Code Flow with PKCE". A code lives half a minute. */
export const connect: Connect<Settings> = {
  unable({ clientId, consumerKey, consumerSecret, accessToken, accessSecret }) {
    if (consumerKey && consumerSecret && accessToken && accessSecret)
      return 'kanal ini memakai kunci OAuth 1.0a, yang tidak berakhir dan tidak perlu dihubungkan';
    return clientId ? null : 'isi dulu `clientId` di berkas kanal';
  },
  loopback: '127.0.0.1',
  pkce: true,
  scopes: scopesOf,
  authorize(settings, { redirectUri, state, challenge }) {
    const query = new URLSearchParams({
      ...{ client_id: settings.clientId ?? '', redirect_uri: redirectUri, response_type: 'code', state },
      scope: scopesOf(settings)
        .map(({ name }) => name)
        .join(' '),
      ...{ code_challenge: challenge, code_challenge_method: 'S256' },
    });
    return `${settings.authorizeUrl}?${query}`;
  },
  exchange,
};

async function exchange({ code, redirectUri, verifier }: ConsentCode, ctx: Context): Promise<Connected> {
  const form = { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier };
  const body = await askForTokens(ctx, form).catch((error: unknown) => {
    throw error instanceof ChannelError ? ofCode(error) : error;
  });
  const pair = pairOf(body, ctx.now());
  const account = await accountOf(ctx, pair.access);
  return { tokens: { ...pair }, scopes: pair.scope.split(' ').filter(Boolean), ...(account && { account }) };
}

/** In the words of connecting: no token of ours is over, only this code. */
function ofCode(error: ChannelError): ChannelError {
  const code = error.code === undefined ? {} : { code: error.code };
  if (error.kind !== 'auth' && error.kind !== 'refused') return error;
  const message = `${WHAT}: ditolak X${error.code ? ` (${error.code})` : ''}. Kode hanya berlaku setengah menit dan sekali: ulangi dari awal. Terulang? Periksa clientId, clientSecret dan alamat kembali.`;
  return new ChannelError('auth', message, code);
}

/** Whose account was picked. Not known where X does not say. */
async function accountOf({ http, settings }: Context, access: string): Promise<Connected['account']> {
  const headers = { authorization: `Bearer ${access}` };
  const answer = await http({ url: `${settings.apiBase}/2/users/me`, headers }).catch(() => undefined);
  const me = fieldsOf(fieldsOf(answer?.status === 200 ? jsonOf(answer.text()) : undefined).data);
  const [id, username] = [idOf(me.id), textOf(me.username)];
  return id ? { id, ...(username && { name: `@${username}` }) } : undefined;
}

export const setup: readonly Setup[] = [
  {
    kind: 'twitter',
    label: 'X (Twitter)',
    account: { ask: 'Nomor akun X', hint: 'Angka, bukan nama akun', example: '1400000000000000001' },
    questions: [
      { key: 'username', ask: 'Nama akun, tanpa @', example: 'PemkabContoh' },
      {
        key: 'clientId',
        ask: 'Client ID OAuth 2.0',
        hint: 'developer.x.com, Keys and tokens',
        example: 'Y29udG9oLWlk',
      },
      { key: 'clientSecret', ask: 'Client secret', example: 'X_CLIENT_SECRET', secret: true },
    ],
    next: 'Hubungkan akunnya: kanal channel connect. X menagih per pembacaan dan per kiriman: periksa `cost` di berkas kanal.',
  },
];
