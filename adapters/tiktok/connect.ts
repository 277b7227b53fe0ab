import type { Connect, Connected, ConsentCode, Scope, Setup } from '#contract';
import { pairFrom } from '../_oauth/pair.ts';
import { tokenCall } from './api.ts';
import type { Context, Settings } from './settings.ts';

export const SCOPES: readonly Scope[] = [
  { name: 'user.info.basic', without: 'akun tidak dikenali' },
  { name: 'video.list', without: 'video dan komentarnya tidak terbaca' },
  { name: 'comment.list', without: 'komentar tidak terbaca' },
  { name: 'comment.list.manage', without: 'komentar tidak dapat dibalas atau disembunyikan' },
];

/** TikTok, "TikTok account holder authorization": the browser comes back to an https address that ends with a slash. */
export const connect: Connect<Settings> = {
  loopback: false,
  pkce: false,
  scopes: () => SCOPES,
  authorize({ authorizeUrl, clientId }, { redirectUri, state }) {
    const query = new URLSearchParams({
      ...{ client_key: clientId, scope: SCOPES.map(({ name }) => name).join(','), response_type: 'code' },
      // Without the last one, somebody who has agreed before is sent back without a code.
      ...{ redirect_uri: redirectUri, state, disable_auto_auth: '1' },
    });
    return `${authorizeUrl}?${query}`;
  },
  exchange,
};

async function exchange({ code, redirectUri }: ConsentCode, ctx: Context): Promise<Connected> {
  const { given, account } = await tokenCall(ctx, {
    ...{ what: 'Menghubungkan akun TikTok', path: '/tt_user/oauth2/token/' },
    json: { grant_type: 'authorization_code', auth_code: code, redirect_uri: redirectUri },
  });
  const pair = pairFrom(given, ctx.now());
  return {
    ...{ tokens: { ...pair }, scopes: pair.scope.split(' ').filter(Boolean) },
    ...(pair.ends && { expiresAt: new Date(pair.ends) }),
    ...(account && { account: { id: account } }),
  };
}

export const setup: readonly Setup[] = [
  {
    kind: 'tiktok',
    label: 'TikTok (komentar di video sendiri)',
    account: {
      ask: 'Nomor akun TikTok (open_id)',
      hint: 'Belum tahu? Tulis nama akunnya dulu; kanal channel connect akan menyebut nomornya',
      example: '_000abcContoh',
    },
    questions: [
      { key: 'clientId', ask: 'App ID', hint: 'business-api.tiktok.com, My Apps', example: '7300000000000000001' },
      { key: 'clientSecret', ask: 'Secret aplikasi itu', example: 'TIKTOK_SECRET', secret: true },
    ],
    next: 'Hubungkan akunnya: kanal channel connect. Alamat kembali di portal TikTok harus https dan berakhir dengan garis miring.',
  },
];
