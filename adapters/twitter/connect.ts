import type { Connect, Connected, ConsentCode, Scope, Setup } from '#contract';
import { fieldsOf, idOf, textOf } from '../_meta/json.ts';
import { pairFrom } from '../_oauth/pair.ts';
import { askForTokens } from './access.ts';
import { callAs } from './call.ts';
import type { Context, Settings } from './settings.ts';

const SCOPES: readonly Scope[] = [
  { name: 'tweet.read', without: 'sebutan tidak terbaca' },
  { name: 'users.read', without: 'akun tidak dikenali' },
  { name: 'tweet.write', without: 'kiriman tidak dapat dibalas' },
  { name: 'media.write', without: 'gambar tidak dapat dilampirkan' },
  { name: 'offline.access', without: 'akses berakhir setelah dua jam' },
];
const DIRECT: readonly Scope[] = [
  { name: 'dm.read', without: 'pesan langsung tidak terbaca' },
  { name: 'dm.write', without: 'pesan langsung tidak dapat dibalas' },
];

export const scopesOf = ({ directMessages }: Pick<Settings, 'directMessages'>): readonly Scope[] =>
  directMessages ? [...SCOPES, ...DIRECT] : SCOPES;

/** X, "OAuth 2.0 Authorization Code Flow with PKCE". A code lives for half a minute. */
export const connect: Connect<Settings> = {
  unable: ({ clientId }) =>
    clientId ? null : 'Kanal ini memakai OAuth 1.0a, yang tidak berakhir. Isi clientId bila ingin OAuth 2.0.',
  loopback: '127.0.0.1',
  pkce: true,
  scopes: scopesOf,
  authorize(settings, { redirectUri, state, challenge }) {
    const query = new URLSearchParams({
      ...{ response_type: 'code', client_id: settings.clientId ?? '', redirect_uri: redirectUri, state },
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
  const given = await askForTokens(ctx, {
    what: 'Menghubungkan akun X',
    form: { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier },
    cure: `Kode hanya berlaku setengah menit dan sekali. Ulangi: kanal channel connect ${ctx.channel.id}.`,
  });
  const pair = pairFrom(given, ctx.now());
  const account = await accountOf(ctx, pair.access);
  return { tokens: { ...pair }, scopes: pair.scope.split(' ').filter(Boolean), ...(account && { account }) };
}

/** Not known where X does not say. */
async function accountOf(ctx: Context, access: string): Promise<Connected['account']> {
  const me = callAs(ctx, { tokens: access }, { what: 'Memeriksa akun X', path: 'users/me' });
  const { id, username } = fieldsOf((await me.catch(() => ({ data: null }))).data);
  const [known, name] = [idOf(id), textOf(username)];
  return known ? { id: known, ...(name && { name: `@${name}` }) } : undefined;
}

export const setup: readonly Setup[] = [
  {
    kind: 'x',
    label: 'X (Twitter)',
    account: {
      ask: 'Nomor akun X',
      hint: 'Angka di awal Access Token di developer.x.com, sebelum tanda hubung',
      example: '1400000000000000001',
    },
    questions: [
      { key: 'username', ask: 'Nama akun, tanpa @', example: 'PemkabContoh' },
      {
        key: 'clientId',
        ask: 'Client ID',
        hint: 'developer.x.com, Keys and tokens, OAuth 2.0',
        example: 'ContohClientId',
      },
      { key: 'clientSecret', ask: 'Client Secret', example: 'X_CLIENT_SECRET', secret: true },
    ],
    next: 'Hubungkan akunnya: kanal channel connect. Izin aplikasi harus "Read and write and Direct message".',
  },
];
